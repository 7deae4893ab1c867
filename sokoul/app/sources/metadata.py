"""TMDB, OMDb, TVmaze and Wikidata."""

from __future__ import annotations

from sokoul.app.sources.materials import Materials
from sokoul.config import providers
from sokoul.providers.metadata import omdb as open_movie_database
from sokoul.providers.metadata import tmdb as the_movie_database
from sokoul.providers.metadata import tvmaze as tv_maze
from sokoul.providers.metadata import wikidata as wiki_data
from sokoul.providers.metadata.sources import Source


def tmdb(settings: tuple[providers.Tmdb, int], using: Materials) -> list[Source]:
    """TMDB, where there is a key."""
    given, kept = settings
    if given.api_key is None:
        return []
    using.allow(given.base_url, given.image_base_url)
    config = the_movie_database.TmdbConfig(
        given.api_key.get_secret_value(), given.base_url, given.language, float(kept)
    )
    breaker = using.breaker(the_movie_database.NAME, given)
    return [the_movie_database.Tmdb(config, using.http, using.cache, breaker)]


def tvmaze(settings: tuple[providers.Tvmaze, int], using: Materials) -> list[Source]:
    """TVmaze, unless it is switched off."""
    given, kept = settings
    if not given.enabled:
        return []
    using.allow(given.base_url)
    config = tv_maze.TvmazeConfig(given.base_url, float(kept))
    return [tv_maze.Tvmaze(config, using.http, using.cache, using.breaker(tv_maze.NAME, given))]


def omdb(settings: tuple[providers.Omdb, int], using: Materials) -> list[Source]:
    """OMDb, where there is a key."""
    given, kept = settings
    if given.api_key is None:
        return []
    using.allow(given.base_url)
    config = open_movie_database.OmdbConfig(given.api_key.get_secret_value(), given.base_url, float(kept))
    breaker = using.breaker(open_movie_database.NAME, given)
    return [open_movie_database.Omdb(config, using.http, using.cache, breaker)]


def wikidata(settings: tuple[providers.Wikidata, str, int], using: Materials) -> list[Source]:
    """Wikidata in the household's language, unless it is switched off."""
    given, language, kept = settings
    if not given.enabled:
        return []
    using.allow(given.base_url)
    config = wiki_data.WikidataConfig(given.base_url, language, float(kept))
    return [wiki_data.Wikidata(config, using.http, using.cache, using.breaker(wiki_data.NAME, given))]
