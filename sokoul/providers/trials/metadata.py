"""Try TMDB, OMDb, TVmaze and Wikidata."""

from __future__ import annotations

from sokoul.config import providers as settings
from sokoul.providers.metadata.omdb import Omdb, OmdbConfig
from sokoul.providers.metadata.tmdb import Tmdb, TmdbConfig
from sokoul.providers.metadata.tvmaze import Tvmaze, TvmazeConfig
from sokoul.providers.metadata.wikidata import Wikidata, WikidataConfig
from sokoul.providers.trials.trial import PATIENCE, Values, Verdict, completed, way_out


async def tmdb(configured: settings.Providers, values: Values) -> Verdict:
    """Ask with the key."""
    given = completed(configured.tmdb, values)
    if given.api_key is None:
        return Verdict(
            ok=False,
            message="There is no key yet.",
            cure="Get a free one at themoviedb.org: Settings, API.",
        )
    config = TmdbConfig(given.api_key.get_secret_value(), given.base_url, given.language, timeout=PATIENCE)
    async with way_out(given.base_url) as http:
        return Verdict(ok=True, message=await Tmdb(config, http).check())


async def tvmaze(configured: settings.Providers, values: Values) -> Verdict:
    """Ask for something small."""
    given = completed(configured.tvmaze, values)
    async with way_out(given.base_url) as http:
        return Verdict(
            ok=True, message=await Tvmaze(TvmazeConfig(given.base_url, timeout=PATIENCE), http).check()
        )


async def omdb(configured: settings.Providers, values: Values) -> Verdict:
    """Ask with the key."""
    given = completed(configured.omdb, values)
    if given.api_key is None:
        return Verdict(
            ok=False, message="There is no key yet.", cure="Get a free one at omdbapi.com/apikey.aspx."
        )
    config = OmdbConfig(given.api_key.get_secret_value(), given.base_url, timeout=PATIENCE)
    async with way_out(given.base_url) as http:
        return Verdict(ok=True, message=await Omdb(config, http).check())


async def wikidata(configured: settings.Providers, values: Values) -> Verdict:
    """Ask for something small."""
    given = completed(configured.wikidata, values)
    async with way_out(given.base_url) as http:
        wikidata = Wikidata(WikidataConfig(given.base_url, timeout=PATIENCE), http)
        return Verdict(ok=True, message=await wikidata.check())
