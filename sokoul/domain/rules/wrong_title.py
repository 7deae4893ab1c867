"""Another work than the one asked for."""

from __future__ import annotations

from sokoul.domain.identity import title_refusal
from sokoul.domain.offer import Refusal
from sokoul.domain.rules.context import Context


def wrong_title(context: Context) -> Refusal | None:
    """Refuse another title."""
    return title_refusal(context.wanted, context.release, context.offer)
