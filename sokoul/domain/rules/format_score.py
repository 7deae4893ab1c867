"""Too few points from custom formats."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.formats import fitting


def format_score(context: Context) -> Refusal | None:
    """Refuse below the profile's least sum of points."""
    least = context.profile.least_format_score
    if least is None or context.offer.protocol is Protocol.LIBRARY:
        return None
    total, found = fitting(context)
    if total >= least:
        return None
    worst = tuple(name for name, points in found if points < 0)
    if worst:
        return refuse("format_score.because", formats=worst, score=total, least=least)
    return refuse("format_score.below", score=total, least=least)
