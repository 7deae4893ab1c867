"""What a query means: a work with its other names, or several to choose from, or just the words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from sokoul.domain.errors import NotFound, ProviderUnavailable, SokoulError
from sokoul.domain.identity import choose, namesakes, read_query
from sokoul.domain.meaning import Wish
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.titles import normalise
from sokoul.features.search.model import SearchWish
from sokoul.features.search.ports import Metadata, Oracle, Query
from sokoul.features.search.recalling import look_up, understand

log = structlog.get_logger(__name__)

_MOST_DESCRIBED = 5
_MOST_CANDIDATES = 10
_LAST_NUMBER = re.compile(r"^(.+?)\s+(?:\d{1,2}|[ivx]{1,4})$", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What to look for; `candidates` where it may be another work; `problem` where metadata failed.

    `understood` where the query was no title but a description.
    """

    wanted: Wanted
    candidates: tuple[Work, ...] = ()
    problem: str | None = None
    known: bool = True
    understood: Wish | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A query in its parts."""

    title: str
    year: int | None
    media_type: MediaType | None
    season: int | None
    episode: int | None

    @classmethod
    def of(cls, wish: SearchWish) -> Read:
        """What was said apart from the words wins over what stands in them."""
        title, year, season, episode = read_query(wish.query)
        season = wish.season if wish.season is not None else season
        episode = wish.episode if wish.episode is not None else episode
        numbered = season is not None or episode is not None
        kind = wish.media_type or (MediaType.TV if numbered else None)
        return cls(title or wish.query, wish.year or year, kind, season, episode)

    def alone(self) -> Work:
        """The work as the words alone tell it."""
        return Work(self.media_type or MediaType.UNKNOWN, self.title, year=self.year)

    def wanted(self, work: Work) -> Wanted:
        """With the numbers, where the work can have any."""
        if work.media_type is MediaType.MOVIE:
            return Wanted(work)
        return Wanted(work, self.season, self.episode)


async def identify(
    wish: SearchWish, metadata: Metadata, *, timeout: float, oracle: Oracle | None = None
) -> Meaning:
    """Never fails: without metadata, or when it takes longer than `timeout` seconds, the words must do."""
    read = Read.of(wish)
    try:
        async with asyncio.timeout(timeout):
            meaning = await _ask(wish, read, metadata)
            if meaning.known or not metadata.knows_films:
                return meaning
            # A model that does not answer leaves half of the time to look up what rules understand.
            return await _recalled(wish, read, metadata, oracle, meaning, timeout=timeout / 2)
    except TimeoutError:
        problem = f"The metadata sources did not answer within {timeout:.0f} s"
    except ProviderUnavailable as err:
        problem = f"{err}. {err.cure}" if err.cure else str(err)
    except SokoulError as err:
        problem = str(err)
    log.warning("query was not identified", reason=problem)
    return Meaning(read.wanted(read.alone()), problem=problem, known=False)


async def _ask(wish: SearchWish, read: Read, metadata: Metadata) -> Meaning:
    if wish.tmdb_id is not None:
        return Meaning(read.wanted(await _by_id(wish.tmdb_id, read, metadata)))
    found = await _find(read, metadata)
    work, rivals = choose(read.title, read.year, read.media_type, found)
    if work is None and not rivals and found:
        # The name asked for may be one that only the full description tells.
        found = await _described(found[:_MOST_DESCRIBED], metadata)
        work, rivals = choose(read.title, read.year, read.media_type, found)
    if read.media_type is None and not metadata.knows_films:
        # Series alone were asked: the words may just as well mean a film.
        likely = [work] if work is not None else rivals
        return Meaning(read.wanted(read.alone()), tuple(likely[:_MOST_CANDIDATES]), known=False)
    if work is None and not rivals:
        return Meaning(read.wanted(read.alone()), tuple(found[:_MOST_CANDIDATES]), known=False)
    best = work or rivals[0]
    if not rivals and (same := namesakes(best, found, within=1)):
        # However well known one of them is: no release name tells these apart.
        rivals = [best, *same]
    try:
        best = await metadata.describe(best)
    except (ProviderUnavailable, NotFound) as err:
        return Meaning(read.wanted(best), tuple(rivals[:_MOST_CANDIDATES]), problem=str(err))
    return Meaning(read.wanted(best), tuple(rivals[:_MOST_CANDIDATES]))


async def _recalled(
    wish: SearchWish,
    read: Read,
    metadata: Metadata,
    oracle: Oracle | None,
    unknown: Meaning,
    *,
    timeout: float,
) -> Meaning:
    """No title that anybody knows may be a description."""
    understood, problem = await understand(wish.query, read.media_type, oracle, timeout=timeout)
    if understood is None:
        return replace(unknown, problem=unknown.problem or problem)
    work, candidates = await look_up(understood, metadata)
    found = replace(unknown, understood=understood, problem=problem)
    if work is None:
        return replace(found, candidates=tuple(candidates) or unknown.candidates)
    try:
        work = await metadata.describe(work)
    except (ProviderUnavailable, NotFound) as err:
        found = replace(found, problem=str(err))
    return replace(found, wanted=read.wanted(work), candidates=tuple(candidates), known=True)


async def _find(read: Read, metadata: Metadata) -> list[Work]:
    """Works for the title; a sequel's number is left out when nothing is called so."""
    kind = read.media_type or MediaType.UNKNOWN
    found = await metadata.find(read.title, kind, read.year)
    work, rivals = choose(read.title, read.year, read.media_type, found)
    shorter = _LAST_NUMBER.match(read.title)
    if work is None and not rivals and shorter is not None:
        known = {(w.media_type, w.tmdb_id, w.tvmaze_id) for w in found}
        more = await metadata.find(shorter[1], kind, read.year)
        found += [w for w in more if (w.media_type, w.tmdb_id, w.tvmaze_id) not in known]
    return found


async def _described(works: Sequence[Work], metadata: Metadata) -> list[Work]:
    answers = await asyncio.gather(*(metadata.describe(work) for work in works), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, SokoulError):
            raise answer
    return [
        work if isinstance(answer, BaseException) else answer
        for work, answer in zip(works, answers, strict=True)
    ]


async def _by_id(tmdb_id: int, read: Read, metadata: Metadata) -> Work:
    """The work of an id; where film or series was not said, the one that is called so."""
    if read.media_type is not None:
        return await metadata.by_tmdb(tmdb_id, read.media_type)
    answers = await asyncio.gather(
        metadata.by_tmdb(tmdb_id, MediaType.MOVIE),
        metadata.by_tmdb(tmdb_id, MediaType.TV),
        return_exceptions=True,
    )
    works = [answer for answer in answers if isinstance(answer, Work)]
    if not works:
        failure = next(answer for answer in answers if isinstance(answer, BaseException))
        raise failure
    work, rivals = choose(read.title, read.year, None, works)
    return work or (rivals or works)[0]


def question(wanted: Wanted) -> Query:
    """How indexers are asked for it: in the words that release names use."""
    work = wanted.work
    return Query(
        texts=texts(work),
        media_type=work.media_type,
        year=work.year,
        season=wanted.season,
        episode=wanted.episode,
        imdb_id=work.imdb_id,
        tmdb_id=work.tmdb_id,
        tvdb_id=work.tvdb_id,
    )


def texts(work: Work) -> tuple[str, ...]:
    """The original title, the English one and the household's, where they are in Latin letters."""
    english = work.aliases[:1] if work.original_language not in {None, "en"} else ()
    year = f" {work.year}" if work.year and work.media_type is not MediaType.TV else ""
    spoken: dict[str, str] = {}
    for name in (work.original_title, *english, work.title):
        if name and _LATIN.search(name):
            spoken.setdefault(normalise(name), f"{_words(name)}{year}")
    return tuple(spoken.values()) or (f"{work.title}{year}",)


def _words(title: str) -> str:
    """Without punctuation, which indexers take for part of a word."""
    plain = re.sub(r"['’`]", "", title.replace("&", " and "))
    return " ".join(re.sub(r"[^\w]+|_", " ", plain).split()) or title
