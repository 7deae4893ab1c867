"""The Movie Database (v3): films and series, in the household's language, in English where that is silent."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import aiohttp

from sokoul.domain.errors import NotFound, ProviderUnavailable, SokoulError
from sokoul.domain.meaning import Wish
from sokoul.domain.media import MediaType, Work
from sokoul.features.search.ports import Cache, Fit
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.fetch import MIB, fetch
from sokoul.providers.metadata import tmdb_answers as answers
from sokoul.providers.metadata.tmdb_discovery import Discovery
from sokoul.providers.refusals import KeyRefused

NAME: Final = "TMDB"
FALLBACK: Final = "en-US"
_APPENDED: Final = "alternative_titles,external_ids,translations,credits,keywords"
_KINDS: Final = {MediaType.MOVIE: "movie", MediaType.TV: "tv", MediaType.EPISODE: "tv"}


@dataclass(frozen=True, slots=True)
class TmdbConfig:
    """Where TMDB is, the key (v3, or a v4 read token), the language, and seconds that answers are kept."""

    api_key: str
    base_url: str = "https://api.themoviedb.org/3"
    language: str = "fr-FR"
    kept: float = 86_400
    timeout: float = 10.0


class Tmdb:
    """Ask TMDB; answers are kept in the cache, a failing TMDB is left in peace for a while."""

    knows_films = True

    def __init__(
        self,
        config: TmdbConfig,
        http: aiohttp.ClientSession,
        cache: Cache | None = None,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self._config, self._http, self._cache = config, http, cache
        self.breaker = breaker or CircuitBreaker(NAME)

    async def raw(self, path: str, parameters: Mapping[str, str]) -> bytes:
        """The JSON document at `path`, in the configured language unless `language` is given."""
        asked = {"language": self._config.language, **parameters}
        key = "tmdb:" + hashlib.sha256(json.dumps([path, sorted(asked.items())]).encode()).hexdigest()
        if self._cache is not None and (kept := await self._cache.get(key, kind="metadata")) is not None:
            return kept
        body = await self.breaker.call(lambda: self._ask(path, asked))
        if body is None:
            raise NotFound("TMDB knows no such title")
        if self._cache is not None:
            await self._cache.put(key, body, seconds=self._config.kept)
        return body

    async def document(self, path: str, **parameters: str) -> dict[str, Any]:
        """As `raw`, read."""
        answer = json.loads(await self.raw(path, parameters))
        return answer if isinstance(answer, dict) else {}

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        """Works for a title, in TMDB's order; asked in both languages, and with the year if given."""
        kinds = ["movie", "tv"] if media_type is MediaType.UNKNOWN else [_KINDS[media_type]]
        questions = [(kind, language) for kind in kinds for language in self._languages()]
        pages = await asyncio.gather(
            *(self._page(text, kind, language, year) for kind, language in questions), return_exceptions=True
        )
        works: dict[tuple[MediaType, int | None], Work] = {}
        for work in _answered(pages):
            key = (work.media_type, work.tmdb_id)
            works[key] = answers.with_titles_of(works[key], work) if key in works else work
        return list(works.values())

    def knows_by(self, work: Work) -> bool:
        """By its own id."""
        return work.tmdb_id is not None

    async def describe(self, work: Work) -> Work:
        """Aliases, ids, running time; what the work knew already stays where TMDB is silent."""
        if work.tmdb_id is None or work.media_type not in _KINDS:
            return work
        found = await self.by_tmdb(work.tmdb_id, work.media_type)
        return replace(found, popularity=max(found.popularity, work.popularity))

    async def by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Work:
        """The work of that id; a title or overview missing in the language is taken from the English one."""
        kind = _KINDS[media_type]
        path = f"{kind}/{tmdb_id}"
        told = await self.document(path, append_to_response=_APPENDED)
        work = answers.details(told, kind)
        if work is None:
            raise NotFound("TMDB knows no such title")
        if self._config.language.startswith("en") or not answers.needs_english(told, work):
            return work
        english = answers.details(await self.document(path, language=FALLBACK), kind)
        return work if english is None else answers.filled_from(work, english)

    async def episodes(self, work: Work, season: int) -> list[Work]:
        """The episodes of one season with number, name and air date."""
        if work.tmdb_id is None:
            return []
        told = await self.document(f"tv/{work.tmdb_id}/season/{season}")
        return answers.episodes(told, work, season)

    async def discover(self, told: Wish) -> list[Fit]:
        """Works that a description may mean, best first."""
        return await Discovery(self.document, self.find, told).fits()

    async def trending(self) -> list[Work]:
        """The films and series of the week."""
        kinds = ("movie", "tv")
        pages = await asyncio.gather(*(self.document(f"trending/{kind}/week") for kind in kinds))
        language = self._config.language
        return [
            w for kind, page in zip(kinds, pages, strict=True) for w in answers.works(page, kind, language)
        ]

    async def akin(self, tmdb_id: int, media_type: MediaType) -> list[Work]:
        """What is recommended to those who liked it."""
        kind = _KINDS[media_type]
        page = await self.document(f"{kind}/{tmdb_id}/recommendations")
        return answers.works(page, kind, self._config.language)

    async def check(self) -> str:
        """Ask with the key for something small; a sentence on success."""
        await self._ask("configuration", {})
        return "TMDB accepts the key."

    def _languages(self) -> list[str]:
        own = self._config.language
        return [own] if own.startswith("en") else [own, FALLBACK]

    async def _page(self, text: str, kind: str, language: str, year: int | None) -> list[Work]:
        asked = {"query": text, "language": language, "include_adult": "false", "page": "1"}
        works = answers.works(await self.document(f"search/{kind}", **asked), kind, language)
        if year is not None and all(abs((work.year or 0) - year) > 1 for work in works):
            name = "primary_release_year" if kind == "movie" else "first_air_date_year"
            more = await self.document(f"search/{kind}", **asked, **{name: str(year)})
            works += answers.works(more, kind, language)
        return works

    async def _ask(self, path: str, parameters: Mapping[str, str]) -> bytes | None:
        """The body, or None for a title that does not exist (which is no failure of TMDB's)."""
        key = self._config.api_key
        bearer = key.count(".") == 2
        reply = await fetch(
            self._http,
            NAME,
            f"{self._config.base_url.rstrip('/')}/{path}",
            parameters=[*parameters.items(), *([] if bearer else [("api_key", key)])],
            headers={"Authorization": f"Bearer {key}"} if bearer else None,
            timeout=self._config.timeout,
            limit=4 * MIB,
        )
        if reply.status == 404:
            return None
        if reply.status in {401, 403}:
            raise KeyRefused(NAME)
        if reply.status >= 400:
            raise ProviderUnavailable(f"TMDB failed (HTTP {reply.status})", cure="Try again later.")
        if not answers.is_document(reply.body):
            raise ProviderUnavailable("TMDB did not answer with JSON", cure="Check its `base_url`.")
        return reply.body


def _answered(pages: Sequence[list[Work] | BaseException]) -> Iterator[Work]:
    """The works of all pages that came; raises the first failure where none did."""
    failures = [page for page in pages if isinstance(page, BaseException)]
    for failure in failures:
        if not isinstance(failure, SokoulError) or len(failures) == len(pages):
            raise failure
    for page in pages:
        if not isinstance(page, BaseException):
            yield from page
