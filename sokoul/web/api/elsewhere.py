"""Streams of others: of a search result, sealed so that only who asked may fetch them."""

from __future__ import annotations

import uuid

from aiohttp import web
from pydantic import BaseModel

from sokoul.domain.errors import Invalid, NotFound
from sokoul.domain.media import MediaType
from sokoul.features.playback.elsewhere import Stream, Streams
from sokoul.remote import Place
from sokoul.web import keys
from sokoul.web.auth import user
from sokoul.web.body import Body, path_id
from sokoul.web.lists import json_answer


class SourceAnswer(BaseModel):
    """Where the bytes are, through Sokoul; `type` is `hls` or `file`."""

    url: str
    quality: str | None
    type: str
    name: str


class SubtitleAnswer(BaseModel):
    """Text for the stream."""

    url: str
    language: str | None


class WorkQuery(Body):
    """Which episode, for a series."""

    season: int | None = None
    episode: int | None = None


class StreamsAnswer(BaseModel):
    """What may be played, the best first; `service` where a debrid service hands it out."""

    kind: str
    service: str | None
    sources: list[SourceAnswer]
    subtitles: list[SubtitleAnswer]


async def of_result(request: web.Request) -> web.Response:
    """Play a search result where it is: a stream, or a torrent that is ready at a debrid service."""
    who = user(request).id
    found = await request.app[keys.ELSEWHERE].streams(path_id(request), user_id=who)
    return json_answer(shown(request, found, who))


async def of_work(request: web.Request) -> web.Response:
    """Streams of a film or an episode by its TMDB id, from the configured source of streams."""
    media_type, tmdb_id = request.match_info["type"], request.match_info["tmdb_id"]
    if media_type not in {"movie", "tv"} or not _is_number(tmdb_id):
        raise NotFound("There is no such title")
    season, episode = (_number(request, name) for name in ("season", "episode"))
    if media_type == "tv" and (season is None or episode is None):
        raise Invalid("episode", "season and episode say which one is meant")
    who = user(request).id
    found = await request.app[keys.ELSEWHERE].of_work(
        MediaType(media_type), int(tmdb_id), season, episode, user_id=who
    )
    return json_answer(shown(request, found, who))


def _number(request: web.Request, name: str) -> int | None:
    text = request.query.get(name)
    if text is None:
        return None
    if not _is_number(text):
        raise Invalid(name, "should be a number")
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def shown(request: web.Request, found: Streams, user_id: uuid.UUID) -> StreamsAnswer:
    """Every address sealed for this user; a stream's headers go to its own server only."""
    tickets = request.app[keys.TICKETS]
    main = Place(found.sources[0].url, found.sources[0].headers) if found.sources else Place("")

    def source(stream: Stream) -> SourceAnswer:
        address = tickets.address(user_id, Place(stream.url, stream.headers), name=stream.name)
        kind = "hls" if stream.playlist else "file"
        return SourceAnswer(url=address, quality=stream.quality, type=kind, name=stream.name)

    return StreamsAnswer(
        kind=found.kind,
        service=found.service.value if found.service else None,
        sources=[source(stream) for stream in found.sources],
        subtitles=[
            SubtitleAnswer(url=tickets.address(user_id, main.elsewhere(one.url)), language=one.language)
            for one in found.subtitles
        ],
    )
