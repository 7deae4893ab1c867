"""Below the floor of the profile."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context


def quality(context: Context) -> Refusal | None:
    """Refuse fewer lines than the profile's minimum; a name that states none may hide anything."""
    minimum = context.profile.minimum
    lines = context.release.resolution
    if not minimum or context.offer.protocol is Protocol.LIBRARY:
        return None
    if lines is None:
        return refuse("quality.silent", least=minimum)
    if lines < minimum:
        return refuse("quality.below", found=lines, least=minimum)
    return None
