"""Which integrations can be tried: a table one can read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sokoul.providers.trials import clearance, consumet, debrid, indexers, metadata, subtitles
from sokoul.providers.trials.trial import Trial

TRIALS: Final[Mapping[str, Trial]] = {
    "indexer": indexers.indexer,
    "tmdb": metadata.tmdb,
    "omdb": metadata.omdb,
    "tvmaze": metadata.tvmaze,
    "consumet": consumet.consumet,
    "wikidata": metadata.wikidata,
    "flaresolverr": clearance.flaresolverr,
    "real_debrid": debrid.real_debrid,
    "all_debrid": debrid.all_debrid,
    "opensubtitles": subtitles.opensubtitles,
}
