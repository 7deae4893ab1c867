"""A second version of an anime episode by another group than the first."""

from __future__ import annotations

import re

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.proper import corrected
from sokoul.domain.rules.words import beyond_title

_CORRECTION = re.compile(r"\b(?:proper|repack|rerip|real)\d?\b", re.IGNORECASE)


def anime_version(context: Context) -> Refusal | None:
    """Refuse "v2" of another group, or where a group is unknown: it corrects its own work only."""
    if not context.release.absolute or _CORRECTION.search(beyond_title(context)):
        return None
    before = corrected(context)
    if before is None:
        return None
    own, other = context.release.group, before.release.group
    if own is None or other is None:
        return refuse("anime_version.unknown", name=before.name)
    if own.lower() != other.lower():
        return refuse("anime_version.other", group=own, other=other)
    return None
