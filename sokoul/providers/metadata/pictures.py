"""Pictures of TMDB, fetched once and kept in a folder, so that they show without Internet."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import aiohttp

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.fetch import MIB, fetch

SIZES: Final = frozenset(
    {"w45", "w92", "w154", "w185", "w300", "w342", "w500", "w780", "w1280", "h632", "original"}
)
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,80}\.(?:jpg|jpeg|png|webp)")
_KINDS: Final[Mapping[bytes, str]] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"RIFF": "image/webp",
}


class Pictures:
    """`{size}/{name}` of an image host, kept under `folder`; at most `at_once` are fetched at once."""

    def __init__(
        self,
        base_url: str,
        folder: Path,
        http: aiohttp.ClientSession,
        *,
        breaker: CircuitBreaker | None = None,
        at_once: int = 8,
    ) -> None:
        self._base, self._folder, self._http = base_url.rstrip("/"), folder, http
        self._breaker = breaker or CircuitBreaker("TMDB's pictures")
        self._free = asyncio.Semaphore(at_once)

    def use(self, base_url: str) -> None:
        """Another host from now on."""
        self._base = base_url.rstrip("/")

    async def get(self, size: str, name: str) -> tuple[bytes, str]:
        """The picture and its media type; raises NotFound and ProviderUnavailable."""
        if size not in SIZES or _NAME.fullmatch(name) is None:
            raise NotFound("There is no such picture")
        path = self._folder / size / name
        kept = await asyncio.to_thread(_read, path)
        if kept is None:
            async with self._free:
                kept = await asyncio.to_thread(_read, path) or await self._fetch(size, name, path)
        return kept, _kind(kept)

    async def _fetch(self, size: str, name: str, path: Path) -> bytes:
        body = await self._breaker.call(lambda: self._ask(size, name))
        if body is None:
            raise NotFound("There is no such picture")
        _kind(body)
        await asyncio.to_thread(_write, path, body)
        return body

    async def _ask(self, size: str, name: str) -> bytes | None:
        url = f"{self._base}/{size}/{name}"
        reply = await fetch(self._http, "TMDB's pictures", url, timeout=15, limit=10 * MIB)
        if reply.status == 404:
            return None
        if reply.status >= 400:
            raise ProviderUnavailable(f"The picture could not be fetched (HTTP {reply.status})")
        return reply.body


def _kind(body: bytes) -> str:
    """What the bytes are, whatever anybody calls them; raises NotFound for anything but a picture."""
    for head, kind in _KINDS.items():
        if body.startswith(head) and (kind != "image/webp" or body[8:12] == b"WEBP"):
            return kind
    raise NotFound("There is no such picture")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all; a full disk only means that the picture is fetched again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
    except OSError:
        return
