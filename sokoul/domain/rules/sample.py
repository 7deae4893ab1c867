"""A sample of a release."""

from __future__ import annotations

import re

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.words import beyond_title

_WORD = re.compile(r"(?:^|[^a-z0-9])(?:sample|proof)(?:[^a-z0-9]|$)", re.IGNORECASE)
_BELOW = 70_000_000


def sample(context: Context) -> Refusal | None:
    """Refuse when the name says "sample" and the size does not say otherwise (70 MB)."""
    size = context.offer.size_bytes
    if (size is None or size < _BELOW) and _WORD.search(beyond_title(context)):
        return refuse("sample.unknown") if size is None else refuse("sample.small", size=size)
    return None
