"""More than this person may have."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.release import Release
from sokoul.domain.rules.context import Context


def ceiling(context: Context) -> Refusal | None:
    """Refuse more lines than the person who asks may have; what is in the house already is no question."""
    if context.offer.protocol is Protocol.LIBRARY:
        return None
    return above_ceiling(context.release, context.profile.ceiling)


def above_ceiling(release: Release, most: int | None) -> Refusal | None:
    """The same for a name that was never searched for."""
    lines = release.resolution
    if most is None or lines is None or lines <= most:
        return None
    return refuse("ceiling.above", found=lines, most=most)
