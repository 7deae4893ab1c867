"""Thrown out of the library by hand."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, for_now
from sokoul.domain.rules.context import Context


def removed(context: Context) -> Refusal | None:
    """Refuse while it lies in the bin: nobody wants it back unasked."""
    removed, offer = context.facts.removed, context.offer
    if not removed or offer.protocol is Protocol.LIBRARY:
        return None
    if (offer.info_hash or "").lower() in removed or offer.title.lower() in removed:
        return for_now("removed.by_hand")
    return None
