"""A model's share is bounded, shown and adds up."""

from __future__ import annotations

import pytest

from sokoul.domain.offer import Judged, Offer, reason, refuse
from sokoul.domain.opinion import MOST_GAINED, MOST_LOST, Opinion, weigh
from sokoul.domain.release import parse

_NAME = "Dune.2021.1080p.BluRay.x264-GRP"


def _judged(score: int, confidence: float = 1.0) -> Judged:
    reasons = (reason(score, "sound.plain"),)
    return Judged(Offer("g", _NAME, "p"), parse(_NAME), score, reasons, confidence=confidence)


@pytest.mark.parametrize("score", [0, 3, 50, 97, 100, 130])
@pytest.mark.parametrize("match", [True, False])
@pytest.mark.parametrize("percent", range(0, 101, 5))
def test_the_share(score: int, match: bool, percent: int) -> None:
    before = _judged(score)
    after = weigh(before, Opinion(match, percent, "because"))
    assert not after.rejected
    assert after.score == sum(reason.points for reason in after.reasons)
    assert 0 <= after.score <= max(100, score)
    assert -MOST_LOST <= after.score - score <= MOST_GAINED
    assert after.reasons[:-1] == before.reasons
    assert (after.reasons[-1].code, "because" in after.reasons[-1].reason) == ("model", True)


def test_a_no_turns_down_only_what_the_rules_are_unsure_of() -> None:
    no = Opinion(match=False, confidence=90, reason="another film")
    assert not weigh(_judged(60, 0.9), no).rejected
    down = weigh(_judged(60, 0.89), no)
    assert (down.score, down.reasons, [r.code for r in down.refusals]) == (0, (), ["model"])
    assert "another film" in down.refusals[0].message
    assert not weigh(_judged(60, 0.5), Opinion(match=False, confidence=79, reason="?")).rejected


def test_what_the_rules_turned_down_stays_so() -> None:
    refused = Judged(Offer("g", _NAME, "p"), parse(_NAME), refusals=(refuse("cam.filmed"),))
    assert weigh(refused, Opinion(match=True, confidence=100, reason="yes")) is refused
