"""A Consumet-compatible server, where there is one."""

from __future__ import annotations

from sokoul.app.sources.materials import Materials
from sokoul.config import providers
from sokoul.features.search.ports import Indexer
from sokoul.providers.consumet.client import NAME, Consumet, ConsumetConfig


def build(settings: providers.Consumet, using: Materials) -> list[Indexer]:
    """One, or none without an address."""
    if settings.url is None:
        return []
    using.allow(settings.url)
    config = ConsumetConfig(settings.url, settings.provider)
    return [Consumet(config, using.http, using.breaker(NAME, settings))]
