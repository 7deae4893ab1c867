"""Posters and backdrops of titles, served from our own disk so that a page never asks another host."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import tempfile
import uuid
from pathlib import Path
from typing import Literal, Protocol

from sokoul.domain.errors import NotFound, ProviderUnavailable, Refused
from sokoul.features.library.model import Title
from sokoul.features.library.ports import Pictures, Titles

Kind = Literal["poster", "backdrop"]

LARGEST = 5 << 20
_SERVED = re.compile(
    r"^/api/v1/tmdb/image/(?P<size>\w{2,8})/(?P<name>[A-Za-z0-9_-]{1,80}\.(?:jpg|jpeg|png|webp))$"
)
_MAGIC = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF", "image/webp"))
_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


class SizedPictures(Protocol):
    """The metadata source's own pictures, by size and name, kept in a folder `{size}/{name}`."""

    async def get(self, size: str, name: str) -> tuple[bytes, str]:
        """The picture and its media type; raises `NotFound`, `ProviderUnavailable`."""
        ...


class PosterStore:
    """Finds, fetches and keeps the pictures of titles; `sized_folder` is where `sized` keeps."""

    def __init__(
        self,
        titles: Titles,
        folder: Path,
        *,
        sized: SizedPictures | None = None,
        sized_folder: Path | None = None,
        pictures: Pictures | None = None,
    ) -> None:
        self._titles, self._folder = titles, folder
        self._sized, self._sized_folder, self._pictures = sized, sized_folder, pictures
        self._locks: dict[str, asyncio.Lock] = {}

    async def get(self, title_id: uuid.UUID, kind: Kind) -> tuple[bytes, str]:
        """The picture and its media type; raises `NotFound`, `ProviderUnavailable`."""
        title = await self._titles.title(title_id)
        address = _address(title, kind)
        if address is None and title.parent_id is not None:
            address = _address(await self._titles.title(title.parent_id), kind)
        if address is None:
            raise NotFound("There is no picture of it")
        return await self.fetch(address)

    async def fetch(self, address: str) -> tuple[bytes, str]:
        """What lies at the address that a source gave; fetched once."""
        if (served := _SERVED.match(address)) is not None:
            if self._sized is None:
                raise NotFound("There is no picture of it")
            return await self._sized.get(served["size"], served["name"])
        if not address.startswith(("http://", "https://")) or self._pictures is None:
            raise NotFound("There is no picture of it")
        path = self._path(address)
        lock = self._locks.setdefault(path.name, asyncio.Lock())
        try:
            async with lock:
                kept = await asyncio.to_thread(_read, path)
                return kept or await self._fetch(address, path)
        finally:
            if not lock.locked():
                self._locks.pop(path.name, None)

    async def prefetch(self, title: Title) -> None:
        """Fetch both now, so that they show without Internet; a failure means later."""
        for kind in ("poster", "backdrop"):
            address = _address(title, kind)
            if address is not None:
                with contextlib.suppress(NotFound, ProviderUnavailable, Refused):
                    await self.fetch(address)

    async def prefetch_missing(self, limit: int) -> None:
        """Fetch what the latest titles lack, one after the other."""
        for title in await self._titles.pictured(limit):
            if title.poster_url and await asyncio.to_thread(self._existing, title.poster_url) is None:
                await self.prefetch(title)

    async def on_disk(self, media_id: uuid.UUID) -> Path | None:
        """The poster's file, of an episode its series'; None where it was never fetched."""
        title = await self._titles.title(media_id)
        address = _address(title, "poster")
        if address is None and title.parent_id is not None:
            address = _address(await self._titles.title(title.parent_id), "poster")
        if address is None:
            return None
        return await asyncio.to_thread(self._existing, address)

    def _existing(self, address: str) -> Path | None:
        if (served := _SERVED.match(address)) is not None:
            if self._sized_folder is None:
                return None
            path = self._sized_folder / served["size"] / served["name"]
            return path if path.is_file() else None
        found = (self._path(address).with_suffix(suffix) for suffix in _SUFFIXES.values())
        return next((path for path in found if path.is_file()), None)

    def _path(self, address: str) -> Path:
        return self._folder / hashlib.sha256(address.encode()).hexdigest()

    async def _fetch(self, address: str, path: Path) -> tuple[bytes, str]:
        assert self._pictures is not None
        body = await self._pictures.fetch(address, limit=LARGEST)
        kind = media_type(body)
        await asyncio.to_thread(_write, path.with_suffix(_SUFFIXES[kind]), body)
        return body, kind


def media_type(body: bytes) -> str:
    """What the bytes are, whatever anybody calls them; raises `NotFound` for anything but a picture."""
    for magic, kind in _MAGIC:
        if body.startswith(magic) and (kind != "image/webp" or body[8:12] == b"WEBP"):
            return kind
    raise NotFound("There is no picture of it")


def _address(title: Title, kind: Kind) -> str | None:
    return title.poster_url if kind == "poster" else title.backdrop_url


def _read(path: Path) -> tuple[bytes, str] | None:
    for kind, suffix in _SUFFIXES.items():
        with contextlib.suppress(OSError):
            return path.with_suffix(suffix).read_bytes(), kind
    return None


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all; a full disk only means that it is fetched again."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
