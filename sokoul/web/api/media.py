"""Titles of the library: lists, one title, its files and episodes, corrections and removal."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import BaseModel, Field

from sokoul.domain.errors import Invalid
from sokoul.domain.media import MediaType
from sokoul.features.library.model import LibraryFile, Title, TitleFilter
from sokoul.features.recommend.semantic import Scope
from sokoul.web.api import meaning
from sokoul.web.auth import user
from sokoul.web.body import Body, parse, parse_query, path_id
from sokoul.web.keys import LIBRARY, SIGNER
from sokoul.web.lists import accepted, created, json_answer, listing, listing_of, nothing, page

Kind = Literal["movie", "tv", "episode"]
Text = Annotated[str, Field(min_length=1, max_length=500)]
Year = Annotated[int, Field(ge=1870, le=2200)]
Identifier = Annotated[int, Field(ge=1, le=2**31 - 1)]
Number = Annotated[int, Field(ge=0, le=100_000)]
PictureAddress = Annotated[str, Field(max_length=2000, pattern=r"^(https?://|/)\S+$")]
_WEEK = {
    "Cache-Control": "private, max-age=604800",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


class MediaQuery(Body):
    """Which titles; without `type` everything but episodes."""

    type: Literal["movie", "tv", "episode", "unknown"] | None = None
    q: Annotated[str, Field(max_length=200)] | None = None
    genre: Annotated[str, Field(max_length=100)] | None = None
    year: Year | None = None
    sort: Literal["title", "added", "year", "rating", ""] | None = None
    owned: bool = False
    semantic: Annotated[str, Field(min_length=1, max_length=300)] | None = None


class MediaFields(Body):
    """What a person may set of a title."""

    original_title: Text | None = None
    year: Year | None = None
    tmdb_id: Identifier | None = None
    imdb_id: Annotated[str, Field(pattern=r"^tt\d{5,10}$")] | None = None
    overview: Annotated[str, Field(max_length=10_000)] | None = None
    poster_url: PictureAddress | None = None
    backdrop_url: PictureAddress | None = None
    genres: (
        Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=30)] | None
    ) = None
    rating: Annotated[float, Field(ge=0, le=10)] | None = None
    runtime_minutes: Annotated[int, Field(ge=0, le=10_000)] | None = None
    parent_id: uuid.UUID | None = None
    season_number: Number | None = None
    episode_number: Number | None = None


class NewMediaBody(MediaFields):
    """A title to be added by hand."""

    media_type: Kind
    title: Text


class MediaBody(MediaFields):
    """What is to change; what is left out stays."""

    media_type: Kind | None = None
    title: Text | None = None


class MediaAnswer(BaseModel):
    """A film, a series, an episode or something unidentified; `resolution` in lines, of its best file."""

    id: uuid.UUID
    media_type: Literal["movie", "tv", "episode", "unknown"]
    title: str
    original_title: str | None
    year: int | None
    tmdb_id: int | None
    imdb_id: str | None
    overview: str | None
    poster_url: str | None
    backdrop_url: str | None
    genres: Sequence[str]
    rating: float | None
    runtime_minutes: int | None
    parent_id: uuid.UUID | None
    season_number: int | None
    episode_number: int | None
    air_date: date | None
    file_count: int
    resolution: int | None
    created_at: datetime | None


class FileAnswer(BaseModel):
    """A file with its measured facts; sizes in bytes, duration in seconds."""

    file_id: uuid.UUID
    path: str
    size_bytes: int
    container: str | None
    duration: float | None
    bit_rate: int | None
    resolution: int | None
    video: Mapping[str, Any] | None
    audio: Sequence[Mapping[str, Any]]
    subtitles: Sequence[Mapping[str, Any]]
    chapters: Sequence[Mapping[str, Any]]
    release_name: str | None
    state: Literal["present", "offline", "broken"]
    problem: str | None
    added_at: datetime
    stream_url: str | None


class TaskMade(BaseModel):
    """The work has begun; /tasks/{id} tells how it goes."""

    task_id: uuid.UUID


async def media(request: web.Request) -> web.Response:
    """A page of titles; `q` forgives typing errors, `semantic` describes what they are about."""
    where, asked = page(request), parse_query(request, MediaQuery)
    if asked.semantic is not None:
        scope = Scope(MediaType(asked.type) if asked.type else None, owned=asked.owned)
        return await meaning.by_meaning(request, asked.semantic, scope, where)
    wanted = TitleFilter(
        MediaType(asked.type) if asked.type else None,
        asked.q or None,
        asked.genre or None,
        asked.year,
        asked.sort or None,
        owned=asked.owned,
    )
    items, total = await request.app[LIBRARY].titles.titles(wanted, limit=where.limit, offset=where.offset)
    return listing([shown(title) for title in items], total, where)


async def one(request: web.Request) -> web.Response:
    """One title."""
    return json_answer(shown(await request.app[LIBRARY].titles.title(path_id(request))))


async def add(request: web.Request) -> web.Response:
    """Add a title by hand."""
    body = await parse(request, NewMediaBody)
    title = await request.app[LIBRARY].titles.add(body.model_dump(exclude_unset=True))
    return created(shown(title))


async def change(request: web.Request) -> web.Response:
    """Correct a title."""
    body = await parse(request, MediaBody)
    for name in ("media_type", "title"):
        if name in body.model_fields_set and getattr(body, name) is None:
            raise Invalid(name, "cannot be empty")
    fields = body.model_dump(exclude_unset=True)
    if "genres" in fields and fields["genres"] is None:
        fields["genres"] = []
    return json_answer(shown(await request.app[LIBRARY].titles.change(path_id(request), fields)))


async def remove(request: web.Request) -> web.Response:
    """Take a title out; its files wait in the bin, from where `restore` brings them back."""
    await request.app[LIBRARY].remover.remove(path_id(request), user(request).id)
    return nothing()


async def restore(request: web.Request) -> web.Response:
    """Undo a removal."""
    title_id = path_id(request)
    await request.app[LIBRARY].remover.restore(title_id)
    return json_answer(shown(await request.app[LIBRARY].titles.title(title_id)))


async def files(request: web.Request) -> web.Response:
    """The files of a title, the best one first; of a series those of all its episodes."""
    title_id, who = path_id(request), user(request)
    found = await request.app[LIBRARY].titles.files(title_id, below=True)
    return listing_of(request, [_file(request, file, who.id) for file in found])


async def episodes(request: web.Request) -> web.Response:
    """The episodes of a series that are listed, in order."""
    found = await request.app[LIBRARY].titles.episodes(path_id(request))
    return listing_of(request, [shown(title) for title in found])


async def enrich(request: web.Request) -> web.Response:
    """Fetch a title's metadata again."""
    task_id = await request.app[LIBRARY].ask_enrich(path_id(request), user(request).id)
    return accepted({"task_id": task_id})


async def poster(request: web.Request) -> web.Response:
    """The poster, from our own disk; of an episode its series'."""
    body, kind = await request.app[LIBRARY].posters.get(path_id(request), "poster")
    return web.Response(body=body, content_type=kind, headers=_WEEK)


async def backdrop(request: web.Request) -> web.Response:
    """The backdrop, from our own disk."""
    body, kind = await request.app[LIBRARY].posters.get(path_id(request), "backdrop")
    return web.Response(body=body, content_type=kind, headers=_WEEK)


def shown(title: Title) -> MediaAnswer:
    """A title as answers show it; its pictures have addresses of our own."""
    return MediaAnswer(
        id=title.id,
        media_type=title.media_type.value,
        title=title.title,
        original_title=title.original_title,
        year=title.year,
        tmdb_id=title.tmdb_id,
        imdb_id=title.imdb_id,
        overview=title.overview,
        poster_url=_picture(title, title.poster_url, "poster"),
        backdrop_url=_picture(title, title.backdrop_url, "backdrop"),
        genres=title.genres,
        rating=title.rating,
        runtime_minutes=title.runtime_minutes,
        parent_id=title.parent_id,
        season_number=title.season_number,
        episode_number=title.episode_number,
        air_date=title.air_date,
        file_count=title.file_count,
        resolution=title.resolution,
        created_at=title.created_at,
    )


def _picture(title: Title, address: str | None, kind: str) -> str | None:
    if address is None or address.startswith("/api/"):
        return address
    return f"/api/v1/media/{title.id}/{kind}"


def _file(request: web.Request, file: LibraryFile, user_id: uuid.UUID) -> FileAnswer:
    address = f"/api/v1/files/{file.id}/stream"
    playable = file.state == "present"
    return FileAnswer(
        file_id=file.id,
        path=file.path,
        size_bytes=file.size_bytes,
        container=file.container,
        duration=file.duration,
        bit_rate=file.bit_rate,
        resolution=file.resolution,
        video=file.video,
        audio=file.audio,
        subtitles=[*file.subtitles, *({**one, "external": True} for one in file.sidecars)],
        chapters=file.chapters,
        release_name=file.release_name,
        state=file.state.value,
        problem=file.problem,
        added_at=file.added_at,
        stream_url=request.app[SIGNER].address(address, user_id=user_id) if playable else None,
    )
