"""A whole season of which a part is still to be shown."""

from __future__ import annotations

from datetime import timedelta

from sokoul.domain.offer import Refusal, for_now
from sokoul.domain.rules.context import Context

_AHEAD = timedelta(hours=24)


def not_all_aired(context: Context) -> Refusal | None:
    """Refuse while an episode of it airs later than tomorrow."""
    facts = context.facts
    if facts.now is None or not context.release.full_season:
        return None
    limit = (facts.now + _AHEAD).date()
    for (season, _), day in facts.calendar.episodes.items():
        if season in context.release.seasons and day > limit:
            return for_now("not_all_aired.season", season=season, day=day.isoformat())
    return None
