"""TVmaze: series and their episodes, no key needed."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import aiohttp

from sokoul.domain.errors import NotFound
from sokoul.domain.media import MediaType, Work
from sokoul.features.search.ports import Cache
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.metadata.documents import Documents, Place
from sokoul.providers.text import clean

NAME: Final = "TVmaze"
_TAGS: Final = re.compile(r"<[^>]{0,200}>")
_IMDB: Final = re.compile(r"tt\d{5,10}")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_LANGUAGES: Final = {"English": "en", "French": "fr", "German": "de", "Spanish": "es", "Japanese": "ja"}


@dataclass(frozen=True, slots=True)
class TvmazeConfig:
    """Where TVmaze is, and seconds that answers are kept."""

    base_url: str = "https://api.tvmaze.com"
    kept: float = 86_400
    timeout: float = 10.0


class Tvmaze:
    """Ask TVmaze for series; it knows no films."""

    knows_films = False

    def __init__(
        self,
        config: TvmazeConfig,
        http: aiohttp.ClientSession,
        cache: Cache | None = None,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        place = Place(NAME, config.base_url, config.kept, config.timeout)
        self._documents = Documents(place, http, cache, breaker=breaker)

    @property
    def breaker(self) -> CircuitBreaker:
        return self._documents.breaker

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        """Series for a title, best first; nothing for a film."""
        del year
        if media_type is MediaType.MOVIE:
            return []
        found = await self._list("search/shows", [("q", text)])
        shows = [entry.get("show") for entry in found[:20] if isinstance(entry, dict)]
        works = (_work(show) for show in shows if isinstance(show, dict))
        return [work for work in works if work is not None]

    def knows_by(self, work: Work) -> bool:
        """By its own id."""
        return work.tvmaze_id is not None

    async def describe(self, work: Work) -> Work:
        """The same series with its other names."""
        if work.tvmaze_id is None:
            return work
        told = await self._list(f"shows/{work.tvmaze_id}/akas")
        names = [entry.get("name") for entry in told[:100] if isinstance(entry, dict)]
        aliases = dict.fromkeys(clean(name, 255) for name in names if isinstance(name, str))
        return replace(work, aliases=tuple(name for name in aliases if name and name != work.title))

    async def episodes(self, work: Work, season: int) -> list[Work]:
        """The episodes of one season with number, name and air date."""
        if work.tvmaze_id is None:
            return []
        told = await self._list(f"shows/{work.tvmaze_id}/episodes")
        found = (_episode(item, season) for item in told[:5000] if isinstance(item, dict))
        return [episode for episode in found if episode is not None]

    async def check(self) -> str:
        """Ask for something small; a sentence on success."""
        await self._documents.ask("search/shows", [("q", "test")])
        return "TVmaze answers."

    async def _list(self, path: str, parameters: Sequence[tuple[str, str]] = ()) -> list[Any]:
        answer = await self._documents.get(path, parameters)
        if answer is None:
            raise NotFound("TVmaze knows no such series")
        return answer if isinstance(answer, list) else []


def _work(show: Mapping[str, Any]) -> Work | None:
    name, number = show.get("name"), show.get("id")
    if not isinstance(name, str) or not name.strip() or not isinstance(number, int):
        return None
    outside = show.get("externals")
    ids: Mapping[str, Any] = outside if isinstance(outside, dict) else {}
    imdb, tvdb = ids.get("imdb"), ids.get("thetvdb")
    told = show.get("rating")
    rating = told.get("average") if isinstance(told, dict) else None
    weight = show.get("weight")
    return Work(
        MediaType.TV,
        clean(name, 255) or "Untitled",
        year=_year(show.get("premiered")),
        imdb_id=imdb if isinstance(imdb, str) and _IMDB.fullmatch(imdb) else None,
        tvdb_id=tvdb if isinstance(tvdb, int) else None,
        tvmaze_id=number,
        overview=_plain(show.get("summary")),
        genres=_genres(show.get("genres")),
        rating=float(rating) if isinstance(rating, int | float) and 0 < rating <= 10 else None,
        runtime_minutes=_minutes(show.get("averageRuntime")) or _minutes(show.get("runtime")),
        popularity=float(weight) if isinstance(weight, int | float) else 0.0,
        original_language=_LANGUAGES.get(str(show.get("language"))),
    )


def _episode(item: Mapping[str, Any], season: int) -> Work | None:
    number = item.get("number")
    if item.get("season") != season or not isinstance(number, int) or number < 0:
        return None
    name, day = item.get("name"), item.get("airdate")
    return Work(
        MediaType.EPISODE,
        (clean(name, 255) if isinstance(name, str) else "") or f"Episode {number}",
        year=_year(day),
        overview=_plain(item.get("summary")),
        runtime_minutes=_minutes(item.get("runtime")),
        season_number=season,
        episode_number=number,
        air_date=day if isinstance(day, str) and _DAY.fullmatch(day) else None,
    )


def _plain(text: object) -> str | None:
    if not isinstance(text, str):
        return None
    return clean(html.unescape(_TAGS.sub(" ", text[:10_000])), 5000) or None


def _genres(value: object) -> tuple[str, ...]:
    return tuple(clean(g, 60) for g in value[:20] if isinstance(g, str)) if isinstance(value, list) else ()


def _minutes(value: object) -> int | None:
    return value if isinstance(value, int) and 0 < value <= 10_000 else None


def _year(value: object) -> int | None:
    return int(value[:4]) if isinstance(value, str) and _DAY.fullmatch(value) else None
