"""Jackett: all its trackers at once, through the Torznab feed of its `all` indexer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import aiohttp
from yarl import URL

from sokoul.providers.clearance import FlareSolverr
from sokoul.providers.indexers.torznab import Torznab
from sokoul.providers.plugin import IndexerConfig

_ALL: Final = "api/v2.0/indexers/all/results/torznab/api"


class Jackett(Torznab):
    """Torznab at the address Jackett gives it; an address that names a feed already is kept."""

    def __init__(
        self, config: IndexerConfig, http: aiohttp.ClientSession, solver: FlareSolverr | None = None
    ) -> None:
        super().__init__(replace(config, url=feed_address(config.url)), http, solver)


def feed_address(url: str) -> str:
    """The feed under Jackett's own address (`http://host:9117`, with or without a base path)."""
    base = URL(url)
    if "/results/torznab" in base.path:
        return url
    root = base.path.rstrip("/").removesuffix("/UI/Dashboard").removesuffix("/UI/Login")
    return str(base.with_path(f"{root}/{_ALL}").with_query(None).with_fragment(None))
