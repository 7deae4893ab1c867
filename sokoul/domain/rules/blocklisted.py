"""Tried before and found bad."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context


def blocklisted(context: Context) -> Refusal | None:
    """Refuse what the blocklist names by info hash or release name."""
    if not context.facts.blocklist:
        return None
    offer = context.offer
    if (
        offer.info_hash or ""
    ).lower() in context.facts.blocklist or offer.title.lower() in context.facts.blocklist:
        return refuse("blocklisted.listed")
    return None
