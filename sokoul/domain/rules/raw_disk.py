"""A disc image instead of a file to play."""

from __future__ import annotations

from sokoul.domain.ladder import quality_of
from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context

_RAW = frozenset({"brdisk", "dvdr", "rawhd"})


def raw_disk(context: Context) -> Refusal | None:
    """Refuse discs and raw recordings, unless the profile's ladder takes them by name."""
    if context.profile.steps and context.profile.allows(quality_of(context.release).name):
        return None
    modifier = context.release.modifier
    return refuse(f"raw_disk.{modifier}") if modifier in _RAW else None
