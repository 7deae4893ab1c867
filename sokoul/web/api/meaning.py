"""Works found by what they are about, and works somebody may like, each with its reasons."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import BaseModel, Field

from sokoul.domain.meaning import Story, Wish
from sokoul.domain.media import MediaType
from sokoul.domain.words import Phrase, say
from sokoul.features.recommend.ports import Reach
from sokoul.features.recommend.semantic import Hit, Scope
from sokoul.web.auth import user
from sokoul.web.body import Body, parse_query, path_id
from sokoul.web.keys import SEMANTIC, SUGGESTIONS, SUMMARIES
from sokoul.web.lists import Page, json_answer, listing

State = Literal["at_once", "coming", "found", "search"]


class RecommendationsQuery(Body):
    """How many at most."""

    limit: Annotated[int, Field(ge=1, le=60)] = 20


class SummaryQuery(Body):
    """The reader's language."""

    language: Literal["en", "fr"] = "en"


class SummaryAnswer(BaseModel):
    """Two or three sentences, empty where nothing is told; `coming`: a better one is being made."""

    summary: str
    by: Literal["model", "rules"]
    coming: bool


class ReasonAnswer(BaseModel):
    """A true sentence about a work, in both languages."""

    code: str
    reason: str
    reason_fr: str


class TimeToPlay(BaseModel):
    """How soon it can be watched; `releases` and `best` (of 100) are those that earlier searches found."""

    state: State
    message: str
    message_fr: str
    releases: int
    best: int | None


class StoryAnswer(BaseModel):
    """A film or series; `id` is None where the library does not list it."""

    id: uuid.UUID | None
    media_type: Literal["movie", "tv", "unknown"]
    title: str
    original_title: str | None
    year: int | None
    tmdb_id: int | None
    overview: str | None
    poster_url: str | None
    backdrop_url: str | None
    genres: Sequence[str]
    rating: float | None
    runtime_minutes: int | None
    owned: bool
    time_to_play: TimeToPlay


class FoundAnswer(StoryAnswer):
    """A work that answers what was described, with points (0 to 100) and why."""

    score: int
    reasons: list[ReasonAnswer]


class SuggestedAnswer(StoryAnswer):
    """A work that may be liked, and why."""

    reason: ReasonAnswer


class UnderstoodAnswer(BaseModel):
    """What a description was taken to ask for; `plot` is what was compared by meaning."""

    plot: str
    media_type: MediaType | None
    genres: list[str]
    without: list[str]
    years: tuple[int, int] | None
    people: Sequence[str]
    like: Sequence[str]
    cast_of: Sequence[str]
    language: str | None


class NoteAnswer(BaseModel):
    """What one should know about how it was found."""

    code: str
    message: str
    message_fr: str


async def by_meaning(request: web.Request, text: str, scope: Scope, where: Page) -> web.Response:
    """A page of what answers a description; `by_meaning` tells whether a model read along."""
    answer = await request.app[SEMANTIC].ask(text, scope)
    shown = answer.hits[where.offset : where.offset + where.limit]
    return json_answer(
        {
            "items": _found(shown),
            "total": len(answer.hits),
            "page": where.number,
            "page_size": where.size,
            "understood": _understood(answer.wish),
            "by_meaning": answer.by_meaning,
            "notes": [NoteAnswer(**_worded(note, "message")) for note in answer.notes],
        }
    )


async def recommendations(request: web.Request) -> web.Response:
    """What the caller may like, the best first, each with its reason."""
    asked = parse_query(request, RecommendationsQuery)
    found = await request.app[SUGGESTIONS].of(user(request).id, asked.limit)
    items = [
        SuggestedAnswer(**_story(one.story, one.reach), reason=ReasonAnswer(**_worded(one.reason, "reason")))
        for one in found
    ]
    return listing(items, len(items), Page(1, asked.limit))


async def summary(request: web.Request) -> web.Response:
    """What a title is about, in short."""
    language = parse_query(request, SummaryQuery).language
    found = await request.app[SUMMARIES].of(path_id(request), language)
    return json_answer(SummaryAnswer(summary=found.text, by=found.by, coming=found.coming))


def _found(hits: Sequence[Hit]) -> list[FoundAnswer]:
    return [
        FoundAnswer(
            **_story(hit.match.story, hit.reach),
            score=hit.match.score,
            reasons=[ReasonAnswer(**_worded(reason, "reason")) for reason in hit.match.reasons],
        )
        for hit in hits
    ]


def _story(story: Story, reach: Reach) -> dict[str, Any]:
    return {
        "id": story.id if story.listed else None,
        "media_type": story.media_type.value,
        "title": story.title,
        "original_title": story.original_title,
        "year": story.year,
        "tmdb_id": story.tmdb_id,
        "overview": story.overview or story.english,
        "poster_url": _picture(story, story.poster_url, "poster"),
        "backdrop_url": _picture(story, story.backdrop_url, "backdrop"),
        "genres": story.genres,
        "rating": round(story.rating, 1) if story.rating is not None else None,
        "runtime_minutes": story.runtime_minutes,
        "owned": story.owned,
        "time_to_play": TimeToPlay(
            state=_state(story, reach),
            **_messages(reach.told(story), "message"),
            releases=reach.releases,
            best=reach.best,
        ),
    }


def _state(story: Story, reach: Reach) -> State:
    if story.owned:
        return "at_once"
    if reach.coming is not None:
        return "coming"
    return "found" if reach.releases else "search"


def _picture(story: Story, address: str | None, kind: str) -> str | None:
    """Of listed titles from our own disk; of others only what we serve ourselves."""
    if address is None or address.startswith("/api/"):
        return address
    return f"/api/v1/media/{story.id}/{kind}" if story.listed else None


def _understood(wish: Wish) -> UnderstoodAnswer:
    return UnderstoodAnswer(
        plot=wish.plot,
        media_type=wish.media_type,
        genres=sorted(wish.genres),
        without=sorted(wish.without),
        years=wish.years,
        people=wish.people,
        like=wish.like,
        cast_of=wish.seen_in,
        language=wish.language,
    )


def _worded(said: Phrase, name: str) -> dict[str, str]:
    return {"code": said.kind, **_messages(said, name)}


def _messages(said: Phrase, name: str) -> dict[str, str]:
    return {name: say("en", said), f"{name}_fr": say("fr", said)}
