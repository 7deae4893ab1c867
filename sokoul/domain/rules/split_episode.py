"""A part of an episode."""

from __future__ import annotations

import re

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.words import beyond_title

_PART = re.compile(r"\b(S\d{1,2}E\d{1,3}[a-d])(?=[ ._-])", re.IGNORECASE)


def split_episode(context: Context) -> Refusal | None:
    """Refuse "S01E01b": what is missing of it never comes together."""
    if found := _PART.search(beyond_title(context)):
        return refuse("split_episode.part", part=found.group(1))
    return None
