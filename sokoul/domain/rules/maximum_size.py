"""Bigger than anything the household takes."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context


def maximum_size(context: Context) -> Refusal | None:
    """Refuse above the limit of the house, whatever the runtime."""
    size, most = context.offer.size_bytes, context.facts.policy.maximum_bytes
    if not most or not size or size <= most:
        return None
    return refuse("maximum_size.above", size=size, most=most)
