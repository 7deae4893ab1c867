"""Torrents and links behind one port: each download belongs to the engine that it was handed to."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from pathlib import Path
from uuid import UUID

from sokoul.engines.links.engine import LinkEngine
from sokoul.features.download.metainfo import Metainfo
from sokoul.features.download.ports import AnyEngine, LinkSource, TorrentEngine, TorrentSource, TorrentStatus


class Engines:
    """An `Engine` made of two."""

    def __init__(self, torrents: TorrentEngine, links: LinkEngine) -> None:
        self._torrents, self._links = torrents, links

    async def start(self) -> None:
        """Both."""
        await self._torrents.start()
        await self._links.start()

    async def close(self) -> None:
        """Both, saving everything."""
        await self._links.close()
        await self._torrents.close()

    async def add(self, key: UUID, source: TorrentSource | LinkSource) -> None:
        """To the one that knows such sources."""
        if isinstance(source, LinkSource):
            await self._links.add(key, source)
        else:
            await self._torrents.add(key, source)

    async def metadata(self, key: UUID) -> tuple[Metainfo, bytes]:
        """What it holds."""
        return await self._of(key).metadata(key)

    async def begin(
        self, key: UUID, files: Collection[int] | None = None, *, sequential: bool = False
    ) -> None:
        """Fetch these files."""
        await self._of(key).begin(key, files, sequential=sequential)

    def status(self, key: UUID) -> TorrentStatus:
        """Where it stands."""
        return self._of(key).status(key)

    async def finished(self, key: UUID) -> None:
        """Wait until every wanted byte is in its file."""
        await self._of(key).finished(key)

    async def select(self, key: UUID, files: Collection[int] | None) -> None:
        """Change which files are wanted."""
        await self._of(key).select(key, files)

    async def pause(self, key: UUID) -> None:
        """Stop its traffic."""
        await self._of(key).pause(key)

    async def resume(self, key: UUID) -> None:
        """Go on, also after an error."""
        await self._of(key).resume(key)

    async def recheck(self, key: UUID) -> None:
        """Look at what is on disk again."""
        await self._of(key).recheck(key)

    async def remove(self, key: UUID, *, delete_files: bool) -> None:
        """Forget it."""
        await self._of(key).remove(key, delete_files=delete_files)

    async def limit(self, *, download: int, upload: int) -> None:
        """Bytes/s, for torrents and for links each."""
        await self._torrents.limit(download=download, upload=upload)
        await self._links.limit(download=download, upload=upload)

    def has(self, key: UUID) -> bool:
        """Whether one of them works on it."""
        return self._links.has(key) or self._torrents.has(key)

    def size(self, key: UUID, file: int) -> int:
        """Bytes of a file."""
        return self._of(key).size(key, file)

    def read(self, key: UUID, file: int, offset: int, length: int) -> AsyncGenerator[bytes, None]:
        """Bytes of a file as they come in."""
        return self._of(key).read(key, file, offset, length)

    def path(self, key: UUID, file: int) -> Path:
        """Where the file lies, or will."""
        return self._of(key).path(key, file)

    def _of(self, key: UUID) -> AnyEngine:
        return self._links if self._links.has(key) else self._torrents
