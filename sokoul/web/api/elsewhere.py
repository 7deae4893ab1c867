"""Streams of others: of a search result, sealed so that only who asked may fetch them."""

from __future__ import annotations

import uuid

from aiohttp import web
from pydantic import BaseModel

from sokoul.features.playback.elsewhere import Stream, Streams
from sokoul.remote import Place
from sokoul.web import keys
from sokoul.web.auth import user
from sokoul.web.body import path_id
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


def shown(request: web.Request, found: Streams, user_id: uuid.UUID) -> StreamsAnswer:
    """Every address sealed for this user; subtitles are asked for without the stream's headers."""
    tickets = request.app[keys.TICKETS]

    def source(stream: Stream) -> SourceAnswer:
        address = tickets.address(user_id, Place(stream.url, stream.headers), name=stream.name)
        kind = "hls" if stream.playlist else "file"
        return SourceAnswer(url=address, quality=stream.quality, type=kind, name=stream.name)

    return StreamsAnswer(
        kind=found.kind,
        service=found.service.value if found.service else None,
        sources=[source(stream) for stream in found.sources],
        subtitles=[
            SubtitleAnswer(url=tickets.address(user_id, Place(one.url)), language=one.language)
            for one in found.subtitles
        ],
    )
