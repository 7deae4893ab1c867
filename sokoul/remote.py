"""Bytes of strangers' servers: every hop guarded, headers kept to their origin, cuts gone on with."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from sokoul.domain.errors import NotFound, ProviderUnavailable, Refused
from sokoul.outbound import REDIRECTS, OutboundGuard, web_address

Headers = tuple[tuple[str, str], ...]

LONGEST_URL: Final = 4_000
# What a source may want to be asked with; nothing of who asks Sokoul ever goes out.
PASSED: Final = frozenset(
    {"accept", "accept-language", "authorization", "cookie", "origin", "referer", "user-agent"}
)
_LONGEST_VALUE: Final = 2_000
_ONWARD: Final = frozenset({301, 302, 303, 307, 308})
_PATIENCE: Final = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=30)
_BUFFER: Final = 256 * 1024
_TRIES: Final = 4


@dataclass(frozen=True, slots=True)
class Place:
    """An address with the headers that its own server, and no other, is to be asked with."""

    url: str
    headers: Headers = ()

    def elsewhere(self, url: str) -> Place:
        """Another address: the headers come along only to the same origin."""
        return Place(url, self.headers if same_origin(self.url, url) else ())


@dataclass(frozen=True, slots=True)
class Stretch:
    """An answer carries bytes from `start` up to `end` of `total`; `tag` tells this version from others."""

    start: int
    end: int
    total: int
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, from where the redirects led."""

    reply: aiohttp.ClientResponse
    place: Place

    @property
    def status(self) -> int:
        """Of HTTP."""
        return self.reply.status

    @property
    def kind(self) -> str:
        """The media type, in lower case; nothing where none is told."""
        told = self.reply.headers.get("Content-Type", "")
        return told.partition(";")[0].strip().lower()

    def stretch(self) -> Stretch | None:
        """What it carries, where that is told and makes sense."""
        length = self.reply.content_length
        tag = self._tag()
        if self.status == 206:
            found = re.fullmatch(
                r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", self.reply.headers.get("Content-Range", "").strip()
            )
            if found is None:
                return None
            start, last, total = (int(part) for part in found.groups())
            sane = start <= last < total and length in {None, last + 1 - start}
            return Stretch(start, last + 1, total, tag) if sane else None
        if self.status == 200 and length is not None:
            return Stretch(0, length, length, tag)
        return None

    def _tag(self) -> str | None:
        etag = self.reply.headers.get("ETag", "")
        if etag and not etag.startswith("W/"):
            return etag[:200]
        return self.reply.headers.get("Last-Modified", "")[:200] or None


class Remote:
    """Asks strangers' servers through the guard that made `http`."""

    def __init__(self, guard: OutboundGuard, http: aiohttp.ClientSession) -> None:
        self._guard, self._http = guard, http

    @asynccontextmanager
    async def open(
        self, place: Place, *, method: str = "GET", extra: Mapping[str, str] | None = None
    ) -> AsyncIterator[Answer]:
        """The answer after at most five redirects, each checked; raises Refused and ProviderUnavailable."""
        here = Place(_exact(place.url), place.headers)
        for _ in range(REDIRECTS + 1):
            reply = await self._ask(method, here, extra or {})
            async with reply:
                onward = reply.headers.get("Location") if reply.status in _ONWARD else None
                if onward is None:
                    yield Answer(reply, here)
                    return
            here = here.elsewhere(_exact(_joined(here.url, onward)))
        raise ProviderUnavailable("the address redirects too often")

    async def _ask(self, method: str, place: Place, extra: Mapping[str, str]) -> aiohttp.ClientResponse:
        # Encoded bodies have neither ranges nor a length that says anything.
        headers = {"Accept-Encoding": "identity", **dict(place.headers), **extra}
        url = URL(place.url, encoded=True)
        if not self._guard.may_name(url.host or "", url.port or 0):
            raise _unreachable()
        try:
            return await self._http.request(
                method,
                url,
                headers=headers,
                allow_redirects=False,
                timeout=_PATIENCE,
                read_bufsize=_BUFFER,
                auto_decompress=False,
            )
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as err:
            raise _unreachable() from err

    async def body(self, answer: Answer) -> AsyncGenerator[bytes, None]:
        """The bytes of an answer; one that breaks off is asked for the rest, where that can be done exactly.

        Raises ProviderUnavailable when not every byte came that was told.
        """
        carried = answer.stretch()
        at = carried.start if carried else 0
        try:
            async for chunk in answer.reply.content.iter_any():
                at += len(chunk)
                yield chunk
            if carried is None or at == carried.end:
                return
        except (aiohttp.ClientError, OSError, TimeoutError) as err:
            if carried is None or carried.tag is None:
                raise _cut() from err
        assert carried is not None
        async for chunk in self._rest(answer.place, carried, at):
            yield chunk

    async def _rest(self, place: Place, carried: Stretch, at: int) -> AsyncGenerator[bytes, None]:
        tries = 0
        while at < carried.end:
            if tries == _TRIES or carried.tag is None:
                raise _cut()
            tries += 1
            await asyncio.sleep(0.2 * 2**tries)
            extra = {"Range": f"bytes={at}-{carried.end - 1}", "If-Range": carried.tag}
            try:
                async with self.open(place, extra=extra) as answer:
                    told = answer.stretch()
                    if answer.status != 206 or told is None or told.start != at:
                        raise _cut()
                    if (told.total, told.tag) != (carried.total, carried.tag):
                        raise _cut()
                    async for chunk in answer.reply.content.iter_any():
                        at, tries = at + len(chunk), 0
                        yield chunk
            except (aiohttp.ClientError, OSError, TimeoutError):
                continue


async def bounded(answer: Answer, limit: int) -> bytes:
    """The whole body, at most `limit` bytes; raises Refused (`too_big`, `encoded`), ProviderUnavailable."""
    if answer.reply.headers.get("Content-Encoding", "identity").lower() not in {"", "identity"}:
        raise Refused("encoded", "the answer is packed, though it was asked for as it is")
    body = bytearray()
    try:
        async for chunk in answer.reply.content.iter_any():
            body += chunk
            if len(body) > limit:
                raise Refused("too_big", f"the answer is larger than {limit} bytes")
    except (aiohttp.ClientError, OSError, TimeoutError) as err:
        raise _cut() from err
    return bytes(body)


def passed(headers: Iterable[tuple[str, str]]) -> Headers:
    """Those that may go along; raises Refused for a value that would break out of its line."""
    kept: dict[str, tuple[str, str]] = {}
    for name, value in headers:
        if name.lower() not in PASSED:
            continue
        if len(value) > _LONGEST_VALUE or not value.isprintable() or not value.isascii():
            raise Refused("bad_header", f"the header {name} holds what no header may hold")
        kept[name.lower()] = (name.title(), value.strip())
    return tuple(kept.values())


def same_origin(one: str, other: str) -> bool:
    """Scheme, host and port are the same."""
    try:
        return URL(one, encoded=True).origin() == URL(other, encoded=True).origin()
    except ValueError:
        return False


def refused_by_status(status: int) -> NotFound | ProviderUnavailable | None:
    """What a status that brings no bytes means."""
    if status < 400 or status == 416:
        return None
    if status in {404, 410}:
        return NotFound("The other server does not have this any more")
    if status in {401, 403}:
        return ProviderUnavailable("the other server does not permit this", cure="Search again.")
    return ProviderUnavailable(f"the other server failed (HTTP {status})", cure="Try again later.")


def _exact(url: str) -> str:
    """A plain web address as it was given: servers that sign their addresses know them to the letter."""
    parsed = web_address(url)
    return url if re.fullmatch(r"[!-~]+", url) else str(parsed)


def _joined(here: str, onward: str) -> str:
    try:
        return urljoin(here, onward)
    except ValueError as err:
        raise ProviderUnavailable("the address redirects to something that is no address") from err


def _unreachable() -> ProviderUnavailable:
    return ProviderUnavailable("the other server could not be reached", cure="Try again later.")


def _cut() -> ProviderUnavailable:
    return ProviderUnavailable("the other server broke off in the middle", cure="Try again later.")
