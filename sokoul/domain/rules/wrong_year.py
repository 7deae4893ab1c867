"""Another year than the one asked for."""

from __future__ import annotations

from sokoul.domain.identity import year_refusal
from sokoul.domain.offer import Refusal
from sokoul.domain.rules.context import Context


def wrong_year(context: Context) -> Refusal | None:
    """Refuse another year."""
    return year_refusal(context.wanted, context.release, context.offer)
