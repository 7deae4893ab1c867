"""Prowlarr, Jackett and plain Torznab addresses."""

from __future__ import annotations

from collections.abc import Sequence

from sokoul.app.sources.materials import Materials
from sokoul.config import providers
from sokoul.features.search.ports import Indexer
from sokoul.providers.registry import build_indexer


def build(settings: Sequence[providers.Indexer], using: Materials) -> list[Indexer]:
    """One for each entry; one that is to be asked through a VPN is not asked at all while there is none."""
    asked = [each for each in settings if each.via == "direct"]
    using.allow(*(each.url for each in asked))
    return [build_indexer(each, using.http, using.breaker(each.name, each)) for each in asked]
