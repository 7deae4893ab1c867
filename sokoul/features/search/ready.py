"""Marks offers of torrents that are ready at a debrid service: they are there without a swarm."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sokoul.domain.debrid import ReadyAt, Service
from sokoul.domain.offer import Offer
from sokoul.features.search.ports import Ready


class NothingReady:
    """No debrid service at all."""

    async def services(self, user_id: uuid.UUID | None) -> frozenset[Service]:
        """None."""
        del user_id
        return frozenset()

    async def ready(
        self, hashes: Collection[str], services: Collection[Service]
    ) -> Mapping[str, tuple[ReadyAt, ...]]:
        """Nothing."""
        del hashes, services
        return {}


async def marked(offers: Sequence[Offer], ready: Ready, services: Collection[Service]) -> list[Offer]:
    """The same offers, each with where it was seen ready; asked in one question for all of them."""
    hashes = {offer.info_hash.lower() for offer in offers if offer.info_hash}
    known = await ready.ready(hashes, services) if hashes and services else {}
    return [
        offer
        if (seen := known.get((offer.info_hash or "").lower(), ())) == offer.debrid
        else replace(offer, debrid=seen)
        for offer in offers
    ]
