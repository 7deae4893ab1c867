"""What a fake debrid service holds: torrents that are there at once, later or never, and their bytes."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import parse_qs, quote, urlsplit

from aiohttp import web


@dataclass(frozen=True, slots=True)
class FakeFile:
    """One file: its bytes, or only a size of zeros."""

    path: str
    content: bytes = b""
    size: int = 0

    @property
    def size_bytes(self) -> int:
        return len(self.content) or self.size

    def stretch(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`."""
        return self.content[start:end] if self.content else bytes(end - start)


@dataclass(slots=True)
class FakeTorrent:
    """A torrent that the service may know: `cached` is ready at once, `trouble` is how it fails."""

    info_hash: str
    name: str
    files: tuple[FakeFile, ...] = ()
    cached: bool = True
    taken_down: bool = False
    trouble: str | int | None = None


@dataclass(slots=True)
class Held:
    """A torrent on somebody's list."""

    id: str
    torrent: FakeTorrent
    chosen: set[int] = field(default_factory=set)
    selected: bool = False

    @property
    def ready(self) -> bool:
        return self.torrent.cached and self.torrent.trouble is None


class Shelf:
    """Torrents, lists of accounts, and links with what lies behind them."""

    def __init__(self) -> None:
        self.torrents: dict[str, FakeTorrent] = {}
        self.hoster_links: dict[str, FakeFile] = {}
        self.dead_links: set[str] = set()
        self.held: dict[str, Held] = {}
        self.links: dict[str, FakeFile] = {}
        self.most_per_minute = 0
        self.pace = 0.0  # seconds between two pieces of 64 KiB
        self._asked: deque[float] = deque()
        self._next = 1000

    def put(self, torrent: FakeTorrent) -> FakeTorrent:
        """Let the service know a torrent."""
        self.torrents[torrent.info_hash] = torrent
        return torrent

    def add(self, magnet: str) -> Held | None:
        """Take a magnet onto the list; None for what is no magnet. One that nobody knows is never ready."""
        info_hash = _hash_of(magnet)
        if info_hash is None:
            return None
        known = self.torrents.get(info_hash)
        torrent = known or self.put(FakeTorrent(info_hash, info_hash, cached=False))
        self._next += 1
        held = Held(str(self._next), torrent)
        self.held[held.id] = held
        return held

    def too_fast(self) -> bool:
        """Whether this question is over the limit; refused ones count too."""
        now = time.monotonic()
        while self._asked and self._asked[0] < now - 60:
            self._asked.popleft()
        self._asked.append(now)
        return bool(self.most_per_minute) and len(self._asked) > self.most_per_minute

    def give_out(self, file: FakeFile) -> str:
        """A fresh name under which the bytes can be had."""
        name = secrets.token_hex(8)
        self.links[name] = file
        return name


async def send(request: web.Request, shelf: Shelf, *, ranges: bool = True) -> web.StreamResponse:
    """The bytes of `/dl/{link}/{name}`, by ranges."""
    file = shelf.links.get(request.match_info["link"])
    if file is None:
        return web.Response(status=404)
    size = file.size_bytes
    start, end, status = 0, size, 200
    if ranges and "Range" in request.headers:
        asked = request.http_range
        start, end, status = asked.start or 0, min(asked.stop or size, size), 206
        if start >= size:
            return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {"Accept-Ranges": "bytes" if ranges else "none", "ETag": f'"{request.match_info["link"]}"'}
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    response = web.StreamResponse(status=status, headers=headers)
    response.content_type = "application/force-download"
    response.content_length = end - start
    await response.prepare(request)
    if request.method != "HEAD":
        for at in range(start, end, 65536):
            await response.write(file.stretch(at, min(at + 65536, end)))
            if shelf.pace:
                await asyncio.sleep(shelf.pace)
    return response


def address(base: str, link: str, file: FakeFile) -> str:
    """Where `send` gives the bytes."""
    return f"{base}/dl/{link}/{quote(PurePosixPath(file.path).name)}"


def _hash_of(magnet: str) -> str | None:
    if not magnet.startswith("magnet:?"):
        return None
    topics = parse_qs(urlsplit(magnet).query).get("xt", [])
    return next((t.removeprefix("urn:btih:").lower() for t in topics if t.startswith("urn:btih:")), None)
