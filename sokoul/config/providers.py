"""The keys under `providers`: every outside source that Sokoul may ask."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import SecretStr, model_validator

from sokoul.config.types import (
    Loose,
    NameOrFile,
    Positive,
    Program,
    Seconds,
    Section,
    Text,
    Texts,
    WebAddress,
)


class Tmdb(Section):
    """The Movie Database: names, posters, descriptions."""

    api_key: SecretStr | None = None
    base_url: WebAddress = "https://api.themoviedb.org/3"
    language: Text = "fr-FR"
    image_base_url: WebAddress = "https://image.tmdb.org/t/p/"


class Omdb(Section):
    """The Open Movie Database: ratings."""

    api_key: SecretStr | None = None
    base_url: WebAddress = "https://www.omdbapi.com"


class Tvmaze(Section):
    """TVmaze: series and episodes, no key needed."""

    enabled: bool = True
    base_url: WebAddress = "https://api.tvmaze.com"


class Wikidata(Section):
    """Wikidata: titles and identifiers, no key needed."""

    enabled: bool = True
    base_url: WebAddress = "https://query.wikidata.org/sparql"


class Indexer(Section):
    """One source of releases; `timeout` in seconds, None takes `search.timeout`."""

    name: Text
    type: Literal["prowlarr", "jackett", "torznab"]
    url: WebAddress
    api_key: SecretStr | None = None
    timeout: Seconds | None = None
    via: Literal["direct", "vpn"] = "direct"


class Consumet(Section):
    """A Consumet-compatible server of streams."""

    url: WebAddress | None = None
    provider: Text | None = None


class RealDebrid(Section):
    """Real-Debrid account."""

    api_key: SecretStr | None = None
    base_url: WebAddress = "https://api.real-debrid.com/rest/1.0"


class AllDebrid(Section):
    """AllDebrid account."""

    api_key: SecretStr | None = None
    base_url: WebAddress = "https://api.alldebrid.com"


class Debrid(Section):
    """Services that hold torrents ready for download by HTTP."""

    real_debrid: RealDebrid = RealDebrid()
    all_debrid: AllDebrid = AllDebrid()


class OpenSubtitles(Section):
    """OpenSubtitles account."""

    api_key: SecretStr | None = None
    base_url: WebAddress = "https://api.opensubtitles.com/api/v1"


class FlareSolverr(Section):
    """A FlareSolverr server for pages behind a browser check."""

    url: WebAddress | None = None


class Pages(Section):
    """Films from web pages; `definitions` are files, folders, or names of those that ship.

    `contexts` are pages open at once in Chromium, three at most.
    """

    enabled: bool = True
    definitions: Annotated[tuple[Text, ...], Loose, NameOrFile()] = ()
    contexts: Positive = 2
    chromium: Annotated[Text | None, Program()] = None


class Providers(Section):
    """The outside sources that Sokoul may ask."""

    tmdb: Tmdb = Tmdb()
    omdb: Omdb = Omdb()
    tvmaze: Tvmaze = Tvmaze()
    wikidata: Wikidata = Wikidata()
    indexers: Annotated[tuple[Indexer, ...], Loose] = ()
    consumet: Consumet = Consumet()
    debrid: Debrid = Debrid()
    opensubtitles: OpenSubtitles = OpenSubtitles()
    flaresolverr: FlareSolverr = FlareSolverr()
    iptv: Texts = ()
    pages: Pages = Pages()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [indexer.name for indexer in self.indexers]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"indexers: the name {twice[0]!r} is used twice")
        return self
