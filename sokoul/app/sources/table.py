"""Which sources there are, in the order in which they count: a table one can read."""

from __future__ import annotations

from typing import Any, Final

from sokoul.app.sources import consumet, indexers, metadata, pages
from sokoul.app.sources.materials import Row
from sokoul.features.search.ports import Indexer
from sokoul.providers.metadata.sources import Source

# Who is asked for releases.
SEARCHERS: Final[tuple[Row[Any, Indexer], ...]] = (
    Row(
        "indexers", lambda config: (config.providers.indexers, config.providers.flaresolverr), indexers.build
    ),
    Row("pages", pages.settings, pages.build),
    Row("consumet", lambda config: config.providers.consumet, consumet.build),
)

# Who is asked what a work is, the best first.
KNOWLEDGE: Final[tuple[Row[Any, Source], ...]] = (
    Row("tmdb", lambda config: (config.providers.tmdb, config.cache.metadata_ttl), metadata.tmdb),
    Row("omdb", lambda config: (config.providers.omdb, config.cache.metadata_ttl), metadata.omdb),
    Row("tvmaze", lambda config: (config.providers.tvmaze, config.cache.metadata_ttl), metadata.tvmaze),
    Row(
        "wikidata",
        lambda config: (
            config.providers.wikidata,
            config.providers.tmdb.language,
            config.cache.metadata_ttl,
        ),
        metadata.wikidata,
    ),
)
