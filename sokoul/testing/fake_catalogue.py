"""A library of any size in memory, for the media server's tests and measurements."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from sokoul.domain.errors import NotFound
from sokoul.protocols.dlna.catalogue import ROOT, Container, Entry, Item


class FakeCatalogue:
    """Films in one container `movies`; the file of each is the same."""

    def __init__(self, path: Path, titles: Sequence[str]) -> None:
        self._path, self._update = path, 1
        self._items = [self._item(number, title) for number, title in enumerate(titles)]

    def add(self, title: str) -> Item:
        """One more film; the update id grows."""
        self._items.append(self._item(len(self._items), title))
        self._update += 1
        return self._items[-1]

    async def children(self, container: str, start: int, count: int) -> tuple[Sequence[Entry], int]:
        if container == ROOT:
            return [self._films()][start : start + count], 1
        if container not in {"movies", "all"}:
            raise NotFound("There is no such container")
        return self._items[start : start + count], len(self._items)

    async def entry(self, object_id: str) -> Entry:
        if object_id == ROOT:
            return Container(ROOT, "-1", "Sokoul", 1)
        if object_id == "movies":
            return self._films()
        return await self.file(object_id)

    async def file(self, file_id: str) -> Item:
        for item in self._items:
            if item.file_id == file_id:
                return item
        raise NotFound("There is no such film")

    async def poster(self, file_id: str) -> Path | None:
        await self.file(file_id)
        return None

    async def update_id(self) -> int:
        return self._update

    def _films(self) -> Container:
        return Container("movies", ROOT, "Films", len(self._items))

    def _item(self, number: int, title: str) -> Item:
        own = str(UUID(int=number + 1))
        size = self._path.stat().st_size
        return Item(own, "movies", title, own, self._path, size, "matroska", 12.5, 1280, 720, 2_000_000, 2)
