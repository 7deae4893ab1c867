"""Searching: ask, read, group by source, score again."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from aiohttp import web
from pydantic import AfterValidator, BaseModel, Field

from sokoul.domain.media import MediaType
from sokoul.features.search.model import SearchWish
from sokoul.web import keys
from sokoul.web.auth import user
from sokoul.web.body import Body, parse, path_id
from sokoul.web.lists import accepted, json_answer, json_bytes

_CONTROL: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)


def _plain(text: str) -> str:
    cleaned = " ".join(_CONTROL.sub(" ", text).split())
    if not 1 <= len(cleaned) <= 200:
        raise ValueError("should have 1 to 200 characters")
    return cleaned


Words = Annotated[str, Field(max_length=2000), AfterValidator(_plain)]
Number = Annotated[int, Field(ge=0, le=100_000)]


class SearchBody(Body):
    """What to look for; all but the words may be left out."""

    query: Words
    media_type: Literal["movie", "tv"] | None = None
    year: Annotated[int, Field(ge=1870, le=2200)] | None = None
    tmdb_id: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    season: Number | None = None
    episode: Number | None = None
    profile: Annotated[str, Field(min_length=1, max_length=64)] | None = None

    def as_wish(self) -> SearchWish:
        """For the service."""
        return SearchWish(
            self.query,
            MediaType(self.media_type) if self.media_type else None,
            self.year,
            self.tmdb_id,
            self.season,
            self.episode,
            self.profile,
        )


class ScoreBody(Body):
    """The profile to judge by; without it, the search's own."""

    profile: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class Identified(BaseModel):
    """What the query was taken to mean."""

    title: str
    year: int | None
    media_type: str
    tmdb_id: int | None = None
    imdb_id: str | None = None


class UnderstoodAnswer(BaseModel):
    """A description instead of a title, in its parts; `seen_in` are works whose people are meant."""

    by: Literal["model", "rules"]
    title: str | None
    people: list[str]
    seen_in: list[str]
    genres: list[str]
    year_from: int | None
    year_to: int | None
    media_type: Literal["movie", "tv"] | None
    language: str | None
    words: list[str]


class ProviderAnswer(BaseModel):
    """How one source fared."""

    name: str
    status: Literal["running", "ok", "failed", "timeout", "skipped"]
    count: int
    duration_ms: int
    error: str | None = None


class ReasonAnswer(BaseModel):
    """Some of the score."""

    points: int
    code: str
    reason: str
    reason_fr: str


class RefusalAnswer(BaseModel):
    """What is wrong with a release, in every language; `weight` tells whether time may lift it."""

    code: str
    weight: Literal["permanent", "temporary", "informs"]
    message: str
    message_fr: str


class ReleaseAnswer(BaseModel):
    """What the release's name states."""

    title: str | None
    year: int | None
    season: int | None
    episodes: list[int]
    resolution: str | None
    source: str | None
    video_codec: str | None
    audio: str | None
    hdr: list[str]
    languages: list[str]
    group: str | None
    proper: bool
    edition: str | None
    cam: bool


class ReadyAnswer(BaseModel):
    """A torrent was seen ready at a debrid service, then."""

    service: str
    ready: bool
    learnt_at: str


class ResultAnswer(BaseModel):
    """One release and its verdict."""

    result_id: str
    title: str
    provider: str
    providers: list[str]
    protocol: Literal["torrent", "http", "hls", "debrid", "library"]
    size_bytes: int | None
    seeders: int | None
    leechers: int | None
    info_hash: str | None = None
    magnet_link: str | None = None
    url: str | None = None
    published_at: str | None = None
    debrid: list[ReadyAnswer] = []
    score: int
    score_reasons: list[ReasonAnswer]
    confidence: float
    rejected: bool
    rejections: list[str]
    rejection_codes: list[str]
    refusals: list[RefusalAnswer]
    notes: list[RefusalAnswer]
    ai_validated: bool
    release: ReleaseAnswer


class SearchAnswer(BaseModel):
    """A search: what it means, how each source fares, the results, best first."""

    search_id: str
    query: str
    profile: str
    status: Literal["pending", "running", "completed", "failed"]
    identified: Identified | None = None
    candidates: list[Identified] = []
    understood: UnderstoodAnswer | None = None
    providers: list[ProviderAnswer]
    stages: list[dict[str, Any]] = []
    results: list[ResultAnswer]
    cached: bool
    duration_ms: int


class StartedAnswer(BaseModel):
    """Where to look; a kept answer comes whole, as `GET` gives it."""

    search_id: str
    status: Literal["pending", "completed"]


class ScoredAnswer(BaseModel):
    """The search whose results are judged again."""

    search_id: str
    status: Literal["pending", "completed"]


class GroupedAnswer(BaseModel):
    """The results by source."""

    search_id: str
    status: str
    items: list[dict[str, Any]]


async def start(request: web.Request) -> web.Response:
    """202 with the id, or 200 with the whole answer from the cache."""
    wish = (await parse(request, SearchBody)).as_wish()
    asked = await request.app[keys.SEARCH].request(wish, user(request).id)
    if asked.answer is not None:
        return json_bytes(asked.answer)
    return accepted({"search_id": asked.search_id, "status": asked.status})


async def read(request: web.Request) -> web.Response:
    """The search as it stands."""
    return json_bytes(await request.app[keys.SEARCH].answer(path_id(request), user(request).id))


async def by_provider(request: web.Request) -> web.Response:
    """The results grouped by source."""
    return json_answer(await request.app[keys.SEARCH].by_provider(path_id(request), user(request).id))


async def score(request: web.Request) -> web.Response:
    """Judge again; by another profile it is another search, whose id the answer tells."""
    search_id = path_id(request)
    given = await parse(request, ScoreBody) if request.can_read_body else ScoreBody()
    if given.profile is not None:
        asked = await request.app[keys.SEARCH].under(search_id, given.profile, user(request).id)
        return accepted({"search_id": asked.search_id, "status": asked.status})
    await request.app[keys.SEARCH].score_again(search_id, user(request).id)
    return accepted({"search_id": search_id, "status": "pending"})
