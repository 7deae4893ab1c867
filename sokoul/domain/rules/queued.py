"""On its way already, as good or better."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.standing import standing


def queued(context: Context) -> Refusal | None:
    """Refuse what a running download will bring, unless this is better."""
    if context.offer.protocol is Protocol.LIBRARY:
        return None
    new = (standing(context.release, context.profile), context.release.version)
    for fetch in context.facts.fetches_of(context.wanted, context.release):
        if not fetch.running:
            continue
        if fetch.info_hash and fetch.info_hash == (context.offer.info_hash or "").lower():
            return refuse("queued.this")
        if new <= (standing(fetch.release, context.profile), fetch.release.version):
            return refuse("queued.other", name=fetch.name)
    return None
