"""An episode offered before it was shown: what is inside is something else."""

from __future__ import annotations

from sokoul.domain.identity import is_series
from sokoul.domain.offer import Refusal, for_now
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.facts import numbers_of


def before_air_date(context: Context) -> Refusal | None:
    """Refuse until the day that the calendar names, less the days of grace."""
    facts = context.facts
    if facts.now is None or not is_series(context.wanted.work):
        return None
    today = (facts.now + facts.calendar.grace).date()
    for numbers in numbers_of(context.release):
        day = facts.calendar.episodes.get(numbers)
        if day is not None and day > today:
            return for_now("before_air_date.episode", day=day.isoformat())
    return None
