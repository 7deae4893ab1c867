"""From offers to a ranked list: parse, refuse, score, merge. `judge_one` and `merge` help chunked callers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from sokoul.domain.identity import confidence
from sokoul.domain.media import Wanted
from sokoul.domain.merge import merge, ranked
from sokoul.domain.offer import Judged, Offer, Refusal
from sokoul.domain.quality import QualityProfile
from sokoul.domain.release import parse
from sokoul.domain.rules import IDENTITY_CODES, Context, Facts, refusals
from sokoul.domain.rules.formats import fitting
from sokoul.domain.scoring import score

__all__ = ["judge", "judge_again", "judge_chunks", "judge_one", "merge", "ranked"]

CHUNK = 10
NOTHING_KNOWN = Facts()
EVEN = 0.5


def judge_one(offer: Offer, wanted: Wanted, profile: QualityProfile, facts: Facts = NOTHING_KNOWN) -> Judged:
    """One offer judged; about 1 ms. Rejected means score 0, no points, at least one refusal."""
    return judge_again(Judged(offer, parse(offer.title)), wanted, profile, facts)


def judge_again(
    known: Judged, wanted: Wanted, profile: QualityProfile, facts: Facts = NOTHING_KNOWN
) -> Judged:
    """An offer whose name was read before, judged on what its offer says now."""
    held = facts.copies_of(wanted, known.release)
    context = Context(wanted, known.offer, known.release, profile, facts, held)
    refused, notes = refusals(context)
    points, reasons = (0, ()) if refused else score(context)
    providers = known.providers or (known.offer.provider,)
    if not refused:
        believed = facts.trust.reasons(points, known.release.group, providers)
        points, reasons = points + sum(each.points for each in believed), reasons + believed
    return replace(
        known,
        score=points,
        reasons=reasons,
        refusals=refused,
        notes=notes,
        providers=providers,
        confidence=_confidence(context, refused + notes),
        format_score=0 if refused else fitting(context)[0],
    )


def _confidence(context: Context, told: tuple[Refusal, ...]) -> float:
    """How sure it is that this is the work; of two works that fit equally well, no surer than a guess."""
    codes = {each.code for each in told}
    if not codes.isdisjoint(IDENTITY_CODES):
        return 0.0
    sure = confidence(context.wanted, context.release, context.offer)
    return min(sure, EVEN) if "ambiguous" in codes else sure


def judge_chunks(
    offers: Iterable[Offer], wanted: Wanted, profile: QualityProfile, facts: Facts = NOTHING_KNOWN
) -> Iterator[list[Judged]]:
    """The same in chunks of about 10 ms, so that an async caller can yield in between; merge at the end."""
    stream = iter(offers)
    while chunk := list(islice(stream, CHUNK)):
        yield [judge_one(offer, wanted, profile, facts) for offer in chunk]


def judge(
    offers: Iterable[Offer], wanted: Wanted, profile: QualityProfile, facts: Facts = NOTHING_KNOWN
) -> list[Judged]:
    """All offers judged and merged: accepted ones best first, then the rejected ones."""
    judged = (judge_one(offer, wanted, profile, facts) for offer in offers)
    return ranked(merge(judged, lambda known: judge_again(known, wanted, profile, facts)))
