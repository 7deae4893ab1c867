"""The one way from a browser context to the network: a proxy that dials only what the guard allows.

Names are resolved here, once, and the address that was checked is the one that is dialled; the browser itself
knows no name service. So neither rebinding, nor odd spellings, nor a redirect leads inside.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sokoul.domain.pages import host_matches
from sokoul.lifecycle import Tasks
from sokoul.outbound import OutboundGuard

_HEAD: Final = 64 * 1024
_HEAD_WITHIN: Final = 15.0
_DIAL_WITHIN: Final = 8.0
_SILENT: Final = 60.0
_CHUNK: Final = 64 * 1024
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_CONNECTIONS: Final = 128
_MOST_NAMED: Final = 200
_REQUEST: Final = re.compile(rb"([A-Z]{3,10}) ([!-~]{1,32768}) HTTP/1\.[01]\r\n")
_HOP: Final = (b"proxy-", b"connection:", b"keep-alive:", b"upgrade:", b"te:")
_CLOSED_BY_THEM: Final = (
    OSError,
    asyncio.IncompleteReadError,
    asyncio.LimitOverrunError,
    TimeoutError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may be reached in one visit: `hosts` are the definition's own, `advertising` says no to a host."""

    hosts: tuple[str, ...]
    advertising: re.Pattern[str]


class Door:
    """Listens on loopback for one browser context; shut between visits.

    A visit has `most_bytes`, a request `head_within` seconds to be told.
    """

    def __init__(
        self, guard: OutboundGuard, *, most_bytes: int = MOST_BYTES, head_within: float = _HEAD_WITHIN
    ) -> None:
        self._guard, self._most_bytes, self._head_within = guard, most_bytes, head_within
        self._tasks = Tasks("browser.door")
        self._server: asyncio.Server | None = None
        self._rules: Rules | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._bytes = 0
        self._refused: Counter[tuple[str, str]] = Counter()

    @property
    def url(self) -> str:
        """What the browser is pointed at."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def listen(self) -> None:
        """Take a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD)

    def begin(self, rules: Rules) -> None:
        """Let through what this visit may reach."""
        self._rules, self._bytes = rules, 0
        self._refused.clear()

    def end(self) -> None:
        """Shut it and hang up."""
        self._rules = None
        for writer in list(self._open):
            writer.transport.abort()

    def refused(self) -> tuple[tuple[str, str, int], ...]:
        """Who was refused in this visit, why, and how often."""
        return tuple((host, why, count) for (host, why), count in self._refused.most_common())

    def why_refused(self, host: str) -> str | None:
        """Why a host was not let through in this visit, where it was not."""
        return next((why for named, why in self._refused if named == host), None)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            self.end()
            await self._tasks.close()

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._rules is None or len(self._open) >= MOST_CONNECTIONS * 2:
            writer.transport.abort()
            return
        # The server's own task has no owner; this one ends with the door.
        self._tasks.spawn("connection", self._connection(reader, writer))

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            async with asyncio.timeout(self._head_within):
                head = await reader.readuntil(b"\r\n\r\n")
            await self._request(head, reader, writer)
        except _CLOSED_BY_THEM:
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _request(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found = _REQUEST.match(head)
        if found is None:
            await _answer(writer, 400)
            return
        method, target = found[1].decode(), found[2].decode()
        tunnel = method == "CONNECT"
        host, port = _where(target, tunnel=tunnel)
        if (why := self._why_not(host, port)) is not None:
            await self._refuse(writer, host, why)
            return
        try:
            far_reader, far = await self._dial(host, port)
        except (OSError, TimeoutError):
            await self._refuse(writer, host, "not reachable, or inside this network")
            return
        self._open.add(far)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                await self._both_ways(reader, writer, far_reader, far)
            else:
                await self._one_exchange(head, target, reader, writer, far_reader, far)
        finally:
            self._open.discard(far)
            far.close()

    def _why_not(self, host: str, port: int) -> str | None:
        rules = self._rules
        if rules is None or not host or not 0 < port < 65536:
            return "not a web address"
        if rules.advertising.search(host):
            return "advertising"
        if self._guard.is_allowed(host, port) and not host_matches(host, rules.hosts):
            return "inside this network, and the definition does not name it"
        if self._bytes > self._most_bytes:
            return f"the page has had its {self._most_bytes / 2**20:.0f} MiB"
        return None

    async def _dial(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with asyncio.timeout(_DIAL_WITHIN):
            failure: OSError | None = None
            for address in (await self._guard.addresses(host, port))[:4]:
                try:
                    return await asyncio.open_connection(address, port, limit=_HEAD)
                except OSError as err:
                    failure = err
            raise failure or OSError("no address")

    async def _refuse(self, writer: asyncio.StreamWriter, host: str, why: str) -> None:
        if len(self._refused) < _MOST_NAMED or (host, why) in self._refused:
            self._refused[host[:255], why] += 1
        await _answer(writer, 403)

    async def _both_ways(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far: asyncio.StreamWriter,
    ) -> None:
        up = self._tasks.spawn("up", self._pump(reader, far))
        try:
            await self._pump(far_reader, writer)
        finally:
            up.cancel()
            with suppress(asyncio.CancelledError):
                await up

    async def _one_exchange(
        self,
        head: bytes,
        target: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far: asyncio.StreamWriter,
    ) -> None:
        """One plain request and its answer; the next one comes over a connection of its own."""
        far.write(_for_origin(head, target))
        left = _length(head)
        while left > 0 and (chunk := await reader.read(min(left, _CHUNK))):
            far.write(chunk)
            await far.drain()
            left -= len(chunk)
        async with asyncio.timeout(_SILENT):
            answer = await far_reader.readuntil(b"\r\n\r\n")
        first, _, rest = answer.partition(b"\r\n")
        writer.write(first + b"\r\nConnection: close\r\n" + _without_hops(rest))
        await self._pump(far_reader, writer)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*_CLOSED_BY_THEM):
            while True:
                async with asyncio.timeout(_SILENT):
                    chunk = await reader.read(_CHUNK)
                self._bytes += len(chunk)
                if not chunk or self._bytes > self._most_bytes:
                    return
                writer.write(chunk)
                await writer.drain()


async def _answer(writer: asyncio.StreamWriter, status: int) -> None:
    writer.write(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    await writer.drain()


def _where(target: str, *, tunnel: bool) -> tuple[str, int]:
    parts = urlsplit(f"//{target}" if tunnel else target)
    if not tunnel and parts.scheme != "http":
        raise ValueError("only plain requests come without a tunnel")
    return (parts.hostname or "").rstrip("."), parts.port or (443 if tunnel else 80)


def _for_origin(head: bytes, target: str) -> bytes:
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line, _, rest = head.partition(b"\r\n")
    method = line.split(b" ", 1)[0]
    return method + b" " + path.encode() + b" HTTP/1.1\r\nConnection: close\r\n" + _without_hops(rest)


def _without_hops(rest: bytes) -> bytes:
    lines = rest.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.lower().startswith(_HOP))


def _length(head: bytes) -> int:
    """Bytes of the body; one of unknown length is not passed on."""
    found = re.search(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", head, re.IGNORECASE)
    return int(found[1]) if found else 0
