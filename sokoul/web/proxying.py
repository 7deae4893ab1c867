"""Remote streams through Sokoul: playlists rewritten, bytes passed on as they come, only media."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote, unquote, urlsplit

import structlog
from aiohttp import ClientError, web

from sokoul.domain import hls
from sokoul.domain.errors import ProviderUnavailable, Refused, TooMany
from sokoul.domain.mediafacts import content_type
from sokoul.remote import Answer, Place, Remote, bounded, refused_by_status
from sokoul.web import keys
from sokoul.web.tickets import Ticket, Tickets

log = structlog.get_logger(__name__)

PLAYLIST: Final = "application/vnd.apple.mpegurl"
MOST_AT_ONCE: Final = 16
_PLAYLISTS: Final = frozenset({PLAYLIST, "application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl"})
# What says nothing of what it is, and what storage servers call everything.
_ANYTHING: Final = frozenset(
    {
        "", "application/octet-stream", "binary/octet-stream", "application/force-download", "text/plain",
        "application/x-download", "application/download", "application/x-matroska", "application/mxf",
    }
)  # fmt: skip
_MEDIA: Final = re.compile(
    r"(?:video|audio)/[\w.+-]{1,60}|image/(?:jpeg|png|webp|gif)|application/mp4|text/vtt"
)
_KEPT: Final = ("Content-Range", "Accept-Ranges", "ETag", "Last-Modified")
_ASKED: Final = ("Range", "If-Range")
_HEAD: Final = 16
_ABSENT: Final = frozenset({"", "text/plain"})
SAFE: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


class StreamProxy:
    """Answers tickets."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self._running: Counter[uuid.UUID] = Counter()

    async def answer(self, request: web.Request, ticket: Ticket) -> web.StreamResponse:
        """What the address gives; raises Refused for what is no media, TooMany, ProviderUnavailable."""
        async with self._turn(ticket.user_id):
            extra = {name: told for name in _ASKED if 0 < len(told := request.headers.get(name, "")) < 300}
            method = "HEAD" if request.method == "HEAD" else "GET"
            async with self._remote.open(ticket.place, method=method, extra=extra) as answer:
                if (refusal := refused_by_status(answer.status)) is not None:
                    raise refusal
                return await self._pass_on(request, ticket, answer)

    @asynccontextmanager
    async def _turn(self, user_id: uuid.UUID) -> AsyncIterator[None]:
        if self._running[user_id] >= MOST_AT_ONCE:
            raise TooMany("Too many streams at once", retry_after=2.0)
        self._running[user_id] += 1
        try:
            yield
        finally:
            self._running[user_id] -= 1
            if not self._running[user_id]:
                del self._running[user_id]

    async def _pass_on(self, request: web.Request, ticket: Ticket, answer: Answer) -> web.StreamResponse:
        if request.method == "HEAD" or answer.status == 416:
            kind = PLAYLIST if _named_playlist(answer) else media_type(answer)
            return await self._headers_only(request, ticket, answer, kind)
        async with aclosing(self._remote.body(answer)) as body:
            first = await _first(body)
            if answer.status == 200 and (_named_playlist(answer) or hls.is_playlist(first)):
                return await self._playlist(request.app[keys.TICKETS], ticket, answer, first)
            kind = media_type(answer, first)
            response = _response(ticket, answer, kind)
            response.content_length = answer.reply.content_length
            return await _send(request, response, first, body)

    async def _playlist(self, tickets: Tickets, ticket: Ticket, answer: Answer, first: bytes) -> web.Response:
        if ticket.depth > hls.DEEPEST:
            raise Refused("playlist_too_deep", f"playlists lead to playlists more than {hls.DEEPEST} times")
        text = first + await bounded(answer, hls.LARGEST + 1 - len(first))
        # Sealing thousands of addresses takes a while: not on the loop.
        new = await asyncio.to_thread(_rewritten, tickets, ticket, answer.place, text)
        response = web.Response(text=new, content_type=PLAYLIST, headers=SAFE)
        response.headers["Content-Disposition"] = 'inline; filename="stream.m3u8"'
        return response

    async def _headers_only(
        self, request: web.Request, ticket: Ticket, answer: Answer, kind: str
    ) -> web.StreamResponse:
        response = _response(ticket, answer, kind)
        if kind != PLAYLIST:  # the rewritten one has another length
            response.content_length = 0 if answer.status == 416 else answer.reply.content_length
        await response.prepare(request)
        return response


def _rewritten(tickets: Tickets, ticket: Ticket, place: Place, text: bytes) -> str:
    def address(url: str) -> str | None:
        try:
            return tickets.of(ticket.below(place.elsewhere(url)))
        except Refused:
            return None

    return hls.rewritten(text, place.url, address)


def media_type(answer: Answer, head: bytes = b"") -> str:
    """The type to be told; raises Refused for anything but media."""
    told = answer.kind
    if told == "text/plain" and head.removeprefix(b"\xef\xbb\xbf")[:6] == b"WEBVTT":
        return "text/vtt"
    if told in _ANYTHING:
        if head.lstrip()[:1] == b"<":
            raise _no_media()
        return content_type(None, PurePosixPath(unquote(urlsplit(answer.place.url).path)).name)
    if told == "image/svg+xml" or not _MEDIA.fullmatch(told):
        raise _no_media()
    return told


def _no_media() -> Refused:
    return Refused("no_media", "the other server answered with something that is no media")


def _named_playlist(answer: Answer) -> bool:
    path = urlsplit(answer.place.url).path.lower()
    return answer.kind in _PLAYLISTS or (answer.kind in _ABSENT and path.endswith((".m3u8", ".m3u")))


def _response(ticket: Ticket, answer: Answer, kind: str) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=SAFE)
    response.content_type = kind
    for name in _KEPT:
        told = answer.reply.headers.get(name, "")
        if told and told.isprintable() and len(told) < 300:
            response.headers[name] = told
    name = ticket.name or PurePosixPath(unquote(urlsplit(answer.place.url).path)).name or "stream"
    clean = "".join(letter for letter in name if letter.isprintable())[:200]
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(clean, safe='')}"
    return response


async def _first(body: AsyncGenerator[bytes, None]) -> bytes:
    """Enough of the beginning to see what it is."""
    head = b""
    async for chunk in body:
        head = head + chunk if head else chunk
        if len(head) >= _HEAD:
            break
    return head


async def _send(
    request: web.Request, response: web.StreamResponse, first: bytes, body: AsyncGenerator[bytes, None]
) -> web.StreamResponse:
    """Chunk by chunk, no faster than the viewer takes them; the viewer's leaving ends the fetching."""
    await response.prepare(request)
    try:
        if first:
            await response.write(first)
        async for chunk in body:
            await response.write(chunk)
        await response.write_eof()
    except (ProviderUnavailable, ClientError) as error:
        # What was promised cannot be kept: cut the connection, the player asks again for the rest.
        log.info("a remote stream broke off", error=str(error))
        if request.transport is not None:
            request.transport.abort()
    except ConnectionError:
        return response
    return response
