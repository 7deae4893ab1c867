"""Bytes of library files, how to play a title, and playback sessions with their HLS."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import quote

from aiohttp import web
from pydantic import BaseModel, Field

from sokoul.domain.errors import NotFound
from sokoul.domain.media import MediaType
from sokoul.domain.mediafacts import AudioFacts, content_type
from sokoul.features.playback.decision import BROWSER, Client
from sokoul.features.playback.service import Direct, Started, Wish
from sokoul.web import keys
from sokoul.web.auth import user_id
from sokoul.web.body import Body, parse, path_id
from sokoul.web.files import send_file
from sokoul.web.lists import created, json_answer, nothing

PLAYLIST = "application/vnd.apple.mpegurl"
SHORTLY = {"Cache-Control": "private, max-age=3600"}
NEVER = {"Cache-Control": "no-store"}

Name = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[a-z0-9_-]+$")]
Names = Annotated[list[Name], Field(max_length=32)]
# What players and people say for what FFmpeg calls otherwise.
_ALSO: Final = {
    "avc": "h264",
    "avc1": "h264",
    "x264": "h264",
    "h265": "hevc",
    "hvc1": "hevc",
    "hev1": "hevc",
    "x265": "hevc",
    "av01": "av1",
    "mp4a": "aac",
    "ac-3": "ac3",
    "ec-3": "eac3",
    "mkv": "matroska",
    "m4v": "mp4",
    "mov": "mp4",
    "ts": "mpegts",
}
Number = Annotated[int, Field(ge=0, le=100_000)]


class Capabilities(Body):
    """What the player can do; what is left out is that of a browser like Chromium."""

    containers: Names | None = None
    video: Names | None = None
    audio: Names | None = None

    def as_client(self) -> Client:
        """For the decision how to play."""
        return Client(
            containers=_known(self.containers, BROWSER.containers),
            video=_known(self.video, BROWSER.video),
            audio=_known(self.audio, BROWSER.audio),
        )


class StartBody(Body):
    """What to play and how; `audio` and `subtitle` are stream numbers, `start_at` is in seconds.

    `quality` like "720p" is the most lines that are wanted; anything else leaves the picture as it is.
    """

    file_index: Number | None = None
    client: Capabilities | None = None
    start_at: Annotated[float, Field(ge=0, le=1_000_000)] = 0.0
    audio: Number | None = None
    subtitle: Number | None = None
    quality: Annotated[str, Field(max_length=32)] | None = None

    def height(self) -> int | None:
        """The number of lines in `quality`."""
        found = re.fullmatch(r"([1-9][0-9]{2,3})p", self.quality or "")
        return int(found.group(1)) if found else None


class DirectAnswer(BaseModel):
    """Where the bytes are, and what this client would need to have done to them."""

    url: str
    container: str
    mode: str
    reasons: list[str]
    expires_at: datetime


class ProviderAnswer(BaseModel):
    """One place a title can be played from; `id` and `file_index` are what `start` takes."""

    kind: str
    quality: str | None
    url: str
    id: uuid.UUID
    file_index: int | None
    size_bytes: int


class SubtitleAnswer(BaseModel):
    """A text subtitle, as WebVTT at `url`."""

    index: int
    language: str | None
    title: str | None
    forced: bool
    url: str


class AudioTrackAnswer(BaseModel):
    """A sound track of the film."""

    index: int
    codec: str
    channels: int
    language: str | None
    title: str | None
    selected: bool


class ChapterAnswer(BaseModel):
    """A named stretch of the film, in seconds."""

    start: float
    end: float
    title: str | None


class StartedAnswer(BaseModel):
    """A playback session."""

    session_id: uuid.UUID
    mode: str
    reasons: list[str]
    url: str
    subtitles: list[SubtitleAnswer]
    audio_tracks: list[AudioTrackAnswer]
    chapters: list[ChapterAnswer]
    duration: float


async def file(request: web.Request) -> web.StreamResponse:
    """A library file, by ranges."""
    stored = await request.app[keys.PLAYBACK].file(path_id(request))
    return await send_file(
        request,
        stored.path,
        content_type=content_type(stored.facts.container if stored.facts else None, stored.path.name),
        filename=stored.path.name,
        headers={"Cache-Control": "private, no-cache"},
    )


async def direct(request: web.Request) -> web.Response:
    """The best file of a title for a browser."""
    found = await request.app[keys.PLAYBACK].direct(path_id(request), user_id=user_id(request))
    return json_answer(_direct(found))


async def direct_by_tmdb(request: web.Request) -> web.Response:
    """The same, by TMDB id."""
    media_type, tmdb_id = request.match_info["type"], request.match_info["tmdb_id"]
    if media_type not in {"movie", "tv"} or not (
        tmdb_id.isascii() and tmdb_id.isdecimal() and len(tmdb_id) < 10
    ):
        raise NotFound("There is no such title")
    found = await request.app[keys.PLAYBACK].direct_by_tmdb(
        MediaType(media_type), int(tmdb_id), user_id=user_id(request)
    )
    return json_answer(_direct(found))


async def providers(request: web.Request) -> web.Response:
    """Everywhere a title can be played from."""
    found = await request.app[keys.PLAYBACK].providers(path_id(request), user_id=user_id(request))
    return json_answer(
        [
            ProviderAnswer(
                kind=place.kind,
                quality=place.quality,
                url=place.url,
                id=place.item_id,
                file_index=place.file_index,
                size_bytes=place.size_bytes,
            )
            for place in found
        ]
    )


async def start(request: web.Request) -> web.Response:
    """Begin to play a library file or a file of a download."""
    body = await parse(request, StartBody) if request.can_read_body else StartBody()
    wish = Wish(
        path_id(request),
        file_index=body.file_index,
        client=body.client.as_client() if body.client else BROWSER,
        audio=body.audio,
        height=body.height(),
        start_at=body.start_at,
    )
    return created(_started(await request.app[keys.PLAYBACK].start(wish, user_id=user_id(request))))


async def stop(request: web.Request) -> web.Response:
    """End a session."""
    await request.app[keys.PLAYBACK].stop(path_id(request), user_id=user_id(request))
    return nothing()


async def playlist(request: web.Request) -> web.Response:
    """The session's HLS playlist, complete from the beginning."""
    token = quote(request.query.get("token", ""), safe="")
    text = request.app[keys.PLAYBACK].playlist(path_id(request), token, user_id=user_id(request))
    return web.Response(text=text, content_type=PLAYLIST, headers=NEVER)


async def init(request: web.Request) -> web.Response:
    """The initialisation segment of the session's HLS."""
    made = await request.app[keys.PLAYBACK].init(path_id(request), user_id=user_id(request))
    return web.Response(body=made, content_type="video/mp4", headers=SHORTLY)


async def segment(request: web.Request) -> web.Response:
    """One media segment of the session's HLS, made now unless it was made before."""
    number = _number(request, "number")
    made = await request.app[keys.PLAYBACK].segment(path_id(request), number, user_id=user_id(request))
    return web.Response(body=made, content_type="video/iso.segment", headers=SHORTLY)


async def subtitle(request: web.Request) -> web.Response:
    """One subtitle of the session as WebVTT."""
    index = _number(request, "index")
    made = await request.app[keys.PLAYBACK].subtitle(path_id(request), index, user_id=user_id(request))
    return web.Response(body=made, content_type="text/vtt", charset="utf-8", headers=SHORTLY)


def _known(given: list[str] | None, usual: frozenset[str]) -> frozenset[str]:
    return usual if given is None else frozenset(_ALSO.get(name, name) for name in given)


def _number(request: web.Request, name: str) -> int:
    text = request.match_info[name]
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise NotFound("There is no such thing")
    return int(text)


def _direct(found: Direct) -> DirectAnswer:
    return DirectAnswer(
        url=found.url,
        container=found.container,
        mode=found.mode,
        reasons=list(found.reasons),
        expires_at=found.expires_at,
    )


def _started(started: Started) -> StartedAnswer:
    session = started.session
    return StartedAnswer(
        session_id=session.id,
        mode=session.mode,
        reasons=list(session.reasons),
        url=started.url,
        subtitles=[
            SubtitleAnswer(
                index=track.index, language=track.language, title=track.title, forced=track.forced, url=url
            )
            for track, url in started.subtitles
        ],
        audio_tracks=[_track(track, started.audio) for track in session.facts.audio],
        chapters=[ChapterAnswer(start=c.start, end=c.end, title=c.title) for c in session.facts.chapters],
        duration=session.facts.duration,
    )


def _track(track: AudioFacts, selected: AudioFacts | None) -> AudioTrackAnswer:
    return AudioTrackAnswer(
        index=track.index,
        codec=track.codec,
        channels=track.channels,
        language=track.language,
        title=track.title,
        selected=track == selected,
    )
