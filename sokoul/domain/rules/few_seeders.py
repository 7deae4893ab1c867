"""Nobody there to give it."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context


def few_seeders(context: Context) -> Refusal | None:
    """Refuse a torrent with too few seeders; an unknown number passes, and what needs none."""
    seeders = context.offer.seeders
    if context.offer.protocol is not Protocol.TORRENT or seeders is None or context.offer.debrid:
        return None
    if seeders >= context.profile.min_seeders:
        return None
    return refuse("few_seeders.below", seeders=seeders, least=context.profile.min_seeders)
