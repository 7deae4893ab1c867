"""Prowlarr, Jackett and plain Torznab addresses."""

from __future__ import annotations

from collections.abc import Sequence

from sokoul.app.sources.materials import Materials
from sokoul.config import providers
from sokoul.features.search.ports import Indexer
from sokoul.providers.clearance import FlareSolverr
from sokoul.providers.registry import build_indexer


def build(
    settings: tuple[Sequence[providers.Indexer], providers.FlareSolverr], using: Materials
) -> list[Indexer]:
    """One for each entry; one that is to be asked through a VPN is not asked at all while there is none."""
    entries, given = settings
    asked = [each for each in entries if each.via == "direct"]
    using.allow(given.url, *(each.url for each in asked))
    solver = None
    if given.url is not None:
        solver = FlareSolverr(given.url, using.http)
        using.closing.push_async_callback(solver.close)
    return [build_indexer(each, using.http, using.breaker(each.name, each), solver) for each in asked]
