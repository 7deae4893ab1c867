"""The very torrent or release that was imported before."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context


def imported(context: Context) -> Refusal | None:
    """Refuse by info hash, and by name."""
    offer = context.offer
    if offer.protocol is Protocol.LIBRARY:
        return None
    for fetch in context.facts.fetches:
        if not fetch.imported:
            continue
        if fetch.info_hash and fetch.info_hash == (offer.info_hash or "").lower():
            return refuse("imported.hash")
        if fetch.name.lower() == offer.title.lower():
            return refuse("imported.name")
    return None
