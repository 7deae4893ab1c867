"""Wikidata: films and series with their ids elsewhere, no key needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.domain.media import MediaType, Work
from sokoul.features.search.ports import Cache
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.metadata import sparql
from sokoul.providers.metadata.documents import Documents, Place
from sokoul.providers.text import clean

NAME: Final = "Wikidata"
_JSON: Final = "application/sparql-results+json"
_IMDB: Final = re.compile(r"tt\d{5,10}")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_BETWEEN: Final = "\x1f"
_MOST_ALIASES: Final = 100
_FILMS: Final = "Q11424"


@dataclass(frozen=True, slots=True)
class WikidataConfig:
    """Where its query service is, the household's language, and seconds that answers are kept."""

    base_url: str = "https://query.wikidata.org/sparql"
    language: str = "en"
    kept: float = 86_400
    timeout: float = 12.0


class Wikidata:
    """Ask Wikidata for films and series by name or by TMDB's id."""

    knows_films = True

    def __init__(
        self,
        config: WikidataConfig,
        http: aiohttp.ClientSession,
        cache: Cache | None = None,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self._config = config
        place = Place(NAME, config.base_url, config.kept, config.timeout)
        self._documents = Documents(place, http, cache, breaker=breaker, headers={"Accept": _JSON})

    @property
    def breaker(self) -> CircuitBreaker:
        return self._documents.breaker

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        """Works that go by `text`, the best known first."""
        del year  # the chooser weighs years; a wrong one must not hide the work
        asked = sparql.named(text, media_type, self._config.language)
        works = [work for row in await self._rows(asked) if (work := _work(row)) is not None]
        return sorted(works, key=lambda work: -work.popularity)

    async def by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Work:
        """The work of that id; raises NotFound."""
        rows = await self._rows(sparql.with_tmdb_id(tmdb_id, media_type, self._config.language))
        work = next((work for row in rows if (work := _work(row)) is not None), None)
        if work is None:
            raise NotFound(f"Wikidata knows no {media_type} with TMDB's id {tmdb_id}")
        return work

    async def check(self) -> str:
        """Ask for something small; a sentence on success."""
        body = await self._documents.ask("", _parameters("ASK { }"))
        if body is None:
            raise ProviderUnavailable("Wikidata has no query service there", cure="Check its `base_url`.")
        return "Wikidata answers."

    async def _rows(self, query: str) -> list[Mapping[str, Any]]:
        told = await self._documents.get("", _parameters(query))
        results = told.get("results") if isinstance(told, dict) else None
        rows = results.get("bindings") if isinstance(results, dict) else None
        if not isinstance(rows, list):
            raise ProviderUnavailable(
                "Wikidata did not answer like a query service", cure="Check its `base_url`."
            )
        return [row for row in rows[:100] if isinstance(row, dict)]


def _parameters(query: str) -> list[tuple[str, str]]:
    return [("query", query), ("format", "json")]


def _work(row: Mapping[str, Any]) -> Work | None:
    names = [clean(name, 255) for name in _text(row, "aliases", 50_000).split(_BETWEEN)[:_MOST_ALIASES]]
    original = clean(_text(row, "original"), 255)
    title = clean(_text(row, "title"), 255) or next((name for name in names if name), "") or original
    if not title:
        return None
    film = _text(row, "kind").rpartition("/")[2] == _FILMS
    imdb, language = _text(row, "imdb_id"), _text(row, "language").lower()
    aliases = dict.fromkeys(name for name in (*names, original) if name and name != title)
    return Work(
        MediaType.MOVIE if film else MediaType.TV,
        title,
        year=_number(row, "year", 1870, 2200),
        original_title=original or None,
        aliases=tuple(aliases),
        tmdb_id=_number(row, "tmdb_film" if film else "tmdb_series", 1, 2**31 - 1),
        imdb_id=imdb if _IMDB.fullmatch(imdb) else None,
        tvdb_id=_number(row, "tvdb_id", 1, 2**31 - 1),
        overview=clean(_text(row, "description"), 1000) or None,
        runtime_minutes=_number(row, "minutes", 1, 10_000),
        popularity=float(_number(row, "fame", 0, 10_000) or 0),
        original_language=language if _LANGUAGE.fullmatch(language) else None,
    )


def _text(row: Mapping[str, Any], name: str, longest: int = 4000) -> str:
    told = row.get(name)
    value = told.get("value") if isinstance(told, dict) else None
    return value[:longest] if isinstance(value, str) else ""


def _number(row: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    text = _text(row, name).removeprefix("+").partition(".")[0]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
    return number if number is not None and least <= number <= most else None
