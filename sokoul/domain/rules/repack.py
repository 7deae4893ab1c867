"""A repack: a group's correction of its own release, and of nobody else's."""

from __future__ import annotations

import re

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.proper import corrected
from sokoul.domain.rules.words import beyond_title

_REPACK = re.compile(r"\b(?:repack|rerip)\d?\b", re.IGNORECASE)


def repack(context: Context) -> Refusal | None:
    """Refuse one whose group is unknown, or is not that of the file."""
    before = corrected(context)
    if before is None or not _REPACK.search(beyond_title(context)):
        return None
    own, other = context.release.group, before.release.group
    if own is None or other is None:
        return refuse("repack.unknown", name=before.name)
    if own.lower() != other.lower():
        return refuse("repack.other", group=own, other=other)
    return None
