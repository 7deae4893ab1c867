"""From a description to works: TMDB's people, key words and discovery, asked at once and weighed together."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final

from sokoul.domain.errors import SokoulError
from sokoul.domain.meaning import Wish
from sokoul.domain.media import MediaType, Work
from sokoul.features.search.ports import Fit
from sokoul.providers.metadata import tmdb_answers as answers

_FILM_GENRES: Final[Mapping[str, int]] = {
    "action": 28, "adventure": 12, "animation": 16, "comedy": 35, "crime": 80, "documentary": 99, "drama": 18,
    "family": 10751, "fantasy": 14, "history": 36, "horror": 27, "music": 10402, "mystery": 9648,
    "romance": 10749, "science_fiction": 878, "thriller": 53, "war": 10752, "western": 37,
}  # fmt: skip
_SERIES_GENRES: Final[Mapping[str, int]] = {
    "action": 10759, "adventure": 10759, "animation": 16, "comedy": 35, "crime": 80, "documentary": 99,
    "drama": 18, "family": 10751, "fantasy": 10765, "mystery": 9648, "science_fiction": 10765, "war": 10768,
    "western": 37,
}  # fmt: skip
_STARS: Final = 3
_MOST: Final = 20
_KEYWORD, _GENRE, _PERSON, _TOLD = 3, 2, 1, 1
Document = Mapping[str, Any]
Ask = Callable[..., Awaitable[dict[str, Any]]]
Find = Callable[[str, MediaType, int | None], Awaitable[list[Work]]]


class Discovery:
    """One description being looked up."""

    def __init__(self, document: Ask, find: Find, told: Wish) -> None:
        self._document, self._find, self._told = document, find, told

    async def fits(self) -> list[Fit]:
        """Works by how much of the description they meet, then by fame."""
        told = self._told
        known, people, keywords = await asyncio.gather(self._known(), self._people(), self._keywords())
        if (told.people or told.seen_in) and not people:
            return []  # without the one who is meant, everything would fit
        kinds = [told.media_type] if told.media_type else [MediaType.MOVIE, MediaType.TV]
        pages = [page for kind in kinds for page in self._pages(kind, people, keywords)]
        answered = await asyncio.gather(*(self._page(kind, more) for kind, more, _ in pages))
        points: dict[tuple[MediaType, int | None], int] = {}
        works: dict[tuple[MediaType, int | None], Work] = {}
        for (_, _, worth), found in zip(pages, answered, strict=True):
            for work in found:
                key = (work.media_type, work.tmdb_id)
                points[key] = points.get(key, _told_in(work, told)) + worth
                works.setdefault(key, work)
        fits = [Fit(work, points[key]) for key, work in works.items() if key not in known]
        return sorted(fits, key=lambda fit: (-fit.points, -fit.work.popularity))[:_MOST]

    def _pages(
        self, kind: MediaType, people: frozenset[int], keywords: frozenset[int]
    ) -> Iterable[tuple[MediaType, dict[str, str], int]]:
        """What is asked, and what it is worth to be among the answers."""
        if kind is not MediaType.MOVIE and people:
            return  # TMDB does not discover series by their people
        who = {"with_people": _any(people)} if people else {}
        genres = _FILM_GENRES if kind is MediaType.MOVIE else _SERIES_GENRES
        wanted = {genres[name] for name in self._told.likely_genres if name in genres}
        if keywords:
            yield kind, who | {"with_keywords": _any(keywords)}, _KEYWORD
        if wanted:
            yield kind, who | {"with_genres": ",".join(map(str, sorted(wanted)))}, _GENRE
        if people or not (keywords or wanted):
            yield kind, who, _PERSON

    async def _page(self, kind: MediaType, more: Mapping[str, str]) -> list[Work]:
        told, film = self._told, kind is MediaType.MOVIE
        asked = {"sort_by": "popularity.desc", "include_adult": "false", "page": "1", **more}
        date = "primary_release_date" if film else "first_air_date"
        if told.year_from:
            asked[f"{date}.gte"] = f"{told.year_from}-01-01"
        if told.year_to:
            asked[f"{date}.lte"] = f"{told.year_to}-12-31"
        if told.language:
            asked["with_original_language"] = told.language
        name = "movie" if film else "tv"
        return answers.works(await self._document(f"discover/{name}", **asked), name)

    async def _known(self) -> set[tuple[MediaType, int | None]]:
        """The works that somebody was seen in: another one is meant."""
        found = await asyncio.gather(*(self._first(title) for title in self._told.seen_in))
        return {(work.media_type, work.tmdb_id) for work in found if work}

    async def _people(self) -> frozenset[int]:
        named = await asyncio.gather(*(self._person(name) for name in self._told.people))
        starred = await asyncio.gather(*(self._stars(title) for title in self._told.seen_in))
        return frozenset(number for one in (*named, *starred) for number in one)

    async def _person(self, name: str) -> list[int]:
        told = await self._document("search/person", query=name, include_adult="false", page="1")
        return _numbers(told.get("results"))[:1]

    async def _stars(self, title: str) -> list[int]:
        work = await self._first(title)
        if work is None:
            return []
        kind = "movie" if work.media_type is MediaType.MOVIE else "tv"
        try:
            told = await self._document(f"{kind}/{work.tmdb_id}/credits")
        except SokoulError:
            return []
        return _numbers(told.get("cast"))[:_STARS]

    async def _first(self, title: str) -> Work | None:
        """The work of exactly that name, the most famous one."""
        found = await self._find(title, MediaType.UNKNOWN, None)
        exact = [work for work in found if title.casefold() in {work.title.casefold(), *_names(work)}]
        return max(exact, key=lambda work: work.popularity, default=None)

    async def _keywords(self) -> frozenset[int]:
        found = await asyncio.gather(*(self._keyword(word) for word in self._told.words))
        return frozenset(number for one in found for number in one)

    async def _keyword(self, word: str) -> list[int]:
        told = await self._document("search/keyword", query=word, page="1")
        listed = told.get("results")
        exact = [
            each
            for each in (listed if isinstance(listed, list) else [])
            if isinstance(each, dict) and str(each.get("name")).casefold() == word.casefold()
        ]
        return _numbers(exact)[:1]


def _names(work: Work) -> set[str]:
    return {name.casefold() for name in (work.original_title, *work.aliases) if name}


def _told_in(work: Work, told: Wish) -> int:
    """A point for each word that stands in the overview."""
    words = set(re.findall(r"\w+", f"{work.title} {work.overview or ''}".casefold()))
    return sum(_TOLD for word in told.words if word.casefold() in words)


def _any(numbers: Iterable[int]) -> str:
    return "|".join(map(str, sorted(numbers)))


def _numbers(listed: object) -> list[int]:
    """The ids of a list."""
    found = (each.get("id") for each in listed if isinstance(each, dict)) if isinstance(listed, list) else ()
    return [number for number in found if type(number) is int and number > 0]
