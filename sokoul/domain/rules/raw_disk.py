"""A disc image instead of a file to play."""

from __future__ import annotations

from sokoul.domain.offer import Refusal
from sokoul.domain.rules.context import Context

_NAMES = {"brdisk": "a raw Blu-ray disc", "dvdr": "a raw DVD", "rawhd": "an unprocessed recording"}


def raw_disk(context: Context) -> Refusal | None:
    """Refuse discs and raw recordings."""
    name = _NAMES.get(context.release.modifier or "")
    return Refusal("raw_disk", f"It is {name}, not a file to play") if name else None
