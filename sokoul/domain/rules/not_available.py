"""A film before the day from which it can be had."""

from __future__ import annotations

from sokoul.domain.identity import is_series
from sokoul.domain.offer import Refusal, for_now
from sokoul.domain.rules.context import Context


def not_available(context: Context) -> Refusal | None:
    """Refuse until then, less the days of grace."""
    now, day = context.facts.now, context.facts.calendar.available
    if now is None or day is None or is_series(context.wanted.work):
        return None
    if (now + context.facts.calendar.grace).date() >= day:
        return None
    return for_now("not_available.film", day=day.isoformat())
