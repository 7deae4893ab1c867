"""Fewer episodes than the file that it would replace."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.facts import numbers_of


def more_episodes(context: Context) -> Refusal | None:
    """Refuse when a file of the library holds these episodes and others."""
    own = set(numbers_of(context.release))
    if not own or context.release.full_season or context.offer.protocol is Protocol.LIBRARY:
        return None
    for copy in context.held:
        if len(copy.numbers) > len(own) and own < set(copy.numbers):
            return refuse("more_episodes.file", name=copy.name, count=len(copy.numbers))
    return None
