"""Whether a release is the work that was asked for, and fit to watch, over many kinds of likeness."""

from __future__ import annotations

import pytest

from sokoul.domain.judge import judge_one
from sokoul.domain.offer import Offer
from sokoul.domain.quality import QualityProfile
from sokoul.domain.rules import IDENTITY_CODES
from tests.unit.domain.match_pairs import Pair, pairs

PAIRS = pairs()


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.wanted.work.title} <- {pair.release}"[:100])
def test_a_pair(pair: Pair) -> None:
    judged = judge_one(Offer("pair", pair.release, "pairs"), pair.wanted, QualityProfile())
    told = [refusal.message for refusal in judged.refusals]

    assert any(refusal.code in IDENTITY_CODES for refusal in judged.refusals) != pair.match, told
    assert (not judged.rejected) == pair.fit, told


def test_there_are_enough_pairs_of_both_kinds() -> None:
    assert len(PAIRS) > 180
    assert 80 < sum(pair.match for pair in PAIRS) < len(PAIRS) - 80
