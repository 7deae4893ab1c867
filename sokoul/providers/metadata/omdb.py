"""OMDb: films and series by IMDb's ids, with a key."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import aiohttp

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.domain.media import MediaType, Work
from sokoul.features.search.ports import Cache
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.fetch import Reply
from sokoul.providers.metadata.documents import Documents, Place
from sokoul.providers.refusals import KeyRefused
from sokoul.providers.text import clean, quoted

NAME: Final = "OMDb"
_IMDB: Final = re.compile(r"tt\d{5,10}")
_KINDS: Final = {"movie": MediaType.MOVIE, "series": MediaType.TV}
_ABSENT: Final = frozenset({"", "N/A"})
# What it answers where there is nothing to find.
_NOTHING: Final = ("not found", "incorrect imdb id", "too many results", "error getting data")
_LANGUAGES: Final = {
    "English": "en", "French": "fr", "German": "de", "Spanish": "es", "Italian": "it", "Japanese": "ja",
    "Korean": "ko", "Mandarin": "zh", "Cantonese": "zh", "Chinese": "zh", "Portuguese": "pt", "Russian": "ru",
    "Hindi": "hi", "Swedish": "sv", "Danish": "da", "Norwegian": "no", "Finnish": "fi", "Dutch": "nl",
    "Polish": "pl", "Turkish": "tr", "Arabic": "ar", "Persian": "fa", "Hebrew": "he", "Czech": "cs",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OmdbConfig:
    """The key, where OMDb is, and seconds that answers are kept."""

    api_key: str
    base_url: str = "https://www.omdbapi.com"
    kept: float = 86_400
    timeout: float = 10.0


class Omdb:
    """Ask OMDb for films and series; it knows them by IMDb's ids."""

    knows_films = True

    def __init__(
        self,
        config: OmdbConfig,
        http: aiohttp.ClientSession,
        cache: Cache | None = None,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self._secret = [("apikey", config.api_key)]
        place = Place(NAME, f"{config.base_url.rstrip('/')}/", config.kept, config.timeout)
        self._documents = Documents(place, http, cache, breaker=breaker, refusal=_refusal)

    @property
    def breaker(self) -> CircuitBreaker:
        return self._documents.breaker

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        """Works of that name, ten at most; without `year` where none came out in it."""
        kind = next((name for name, known in _KINDS.items() if known is media_type), None)
        asked = [("s", text[:200]), *([("type", kind)] if kind else [])]
        found = await self._search([*asked, ("y", str(year))]) if year else []
        return found or await self._search(asked)

    def knows_by(self, work: Work) -> bool:
        """By IMDb's id."""
        return work.imdb_id is not None

    async def describe(self, work: Work) -> Work:
        """The same with running time, rating and original language."""
        if work.imdb_id is None:
            return work
        told = await self._documents.get("", [("i", work.imdb_id), ("plot", "full")], secret=self._secret)
        if not isinstance(told, dict) or told.get("Response") != "True":
            raise NotFound(f"OMDb does not know {work.imdb_id}")
        return _described(work, told)

    async def check(self) -> str:
        """Ask for something small with the key; a sentence on success."""
        await self._documents.ask("", [("i", "tt0000012"), *self._secret])
        return "OMDb accepts the key."

    async def _search(self, asked: list[tuple[str, str]]) -> list[Work]:
        told = await self._documents.get("", asked, secret=self._secret)
        entries = told.get("Search") if isinstance(told, dict) else None
        works = (_work(entry) for entry in (entries if isinstance(entries, list) else [])[:50])
        return [work for work in works if work is not None]


def _refusal(reply: Reply) -> ProviderUnavailable | None:
    """OMDb says what is wrong inside its document, with 200 or with 401."""
    try:
        told = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or told.get("Response") != "False":
        return None
    words = str(told.get("Error") or "")
    if "limit" in words.lower():
        return ProviderUnavailable(
            "OMDb allows no more requests for today", cure="Wait until tomorrow, or get a larger key."
        )
    if reply.status in {401, 403} or "api key" in words.lower():
        return KeyRefused(NAME)
    if any(known in words.lower() for known in _NOTHING):
        return None
    return ProviderUnavailable(f"OMDb answered: {quoted(words)}", cure="Try again later.")


def _work(entry: object) -> Work | None:
    if not isinstance(entry, dict) or entry.get("Type") not in _KINDS:
        return None
    title, imdb = clean(_text(entry, "Title"), 255), _text(entry, "imdbID")
    if not title:
        return None
    return Work(
        _KINDS[entry["Type"]],
        title,
        year=_year(_text(entry, "Year")),
        imdb_id=imdb if _IMDB.fullmatch(imdb) else None,
    )


def _described(work: Work, told: Mapping[str, Any]) -> Work:
    language = _text(told, "Language").split(",")[0].strip()
    minutes = re.match(r"(\d{1,4}) min", _text(told, "Runtime"))
    rating = re.fullmatch(r"(?:10|\d)(?:\.\d)?", _text(told, "imdbRating"))
    genres = tuple(clean(genre, 60) for genre in _text(told, "Genre").split(",")[:20] if genre.strip())
    return replace(
        work,
        year=work.year or _year(_text(told, "Year")),
        overview=work.overview or clean(_text(told, "Plot"), 5000) or None,
        genres=work.genres or genres,
        rating=work.rating or (float(rating[0]) if rating else None),
        runtime_minutes=work.runtime_minutes or (int(minutes[1]) if minutes and int(minutes[1]) else None),
        original_language=work.original_language or _LANGUAGES.get(language),
    )


def _text(source: Mapping[str, Any], name: str) -> str:
    value = source.get(name)
    return "" if not isinstance(value, str) or value in _ABSENT else value


def _year(text: str) -> int | None:
    """The first of `2011`, `2011–2019`, `2011–`."""
    found = re.match(r"(?:18|19|20|21)\d\d", text)
    return int(found[0]) if found else None
