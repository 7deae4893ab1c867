"""A library of any size in memory, for the media server's tests and measurements."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from sokoul.domain.errors import NotFound
from sokoul.features.library.catalogue import ALL, FILMS, ROOT, Branch, Leaf, Node


class FakeCatalogue:
    """Films in one container `films`; the file of each is the same."""

    def __init__(self, path: Path, titles: Sequence[str]) -> None:
        self._path, self._update = path, 1
        self._items = [self._item(number, title) for number, title in enumerate(titles)]

    def add(self, title: str) -> Leaf:
        """One more film; the update id grows."""
        self._items.append(self._item(len(self._items), title))
        self._update += 1
        return self._items[-1]

    async def children(self, container: str, start: int, count: int) -> tuple[Sequence[Node], int]:
        if container == ROOT:
            return [self._films()][start : start + count], 1
        if container not in {FILMS, ALL}:
            raise NotFound("There is no such container")
        return self._items[start : start + count], len(self._items)

    async def item(self, object_id: str) -> Node:
        if object_id == ROOT:
            return Branch(ROOT, "-1", "Sokoul", 1)
        if object_id == FILMS:
            return self._films()
        return await self.file(object_id.removeprefix("m:"))

    async def file(self, file_id: str) -> Leaf:
        for item in self._items:
            if str(item.file_id) == file_id:
                return item
        raise NotFound("There is no such film")

    async def poster(self, file_id: str) -> Path | None:
        await self.file(file_id)
        return None

    async def update_id(self) -> int:
        return self._update

    def _films(self) -> Branch:
        return Branch(FILMS, ROOT, "Films", len(self._items))

    def _item(self, number: int, title: str) -> Leaf:
        own = UUID(int=number + 1)
        size = self._path.stat().st_size
        return Leaf(
            id=f"m:{own}",
            parent_id=FILMS,
            title=title,
            media_id=own,
            file_id=own,
            path=self._path,
            size_bytes=size,
            container="matroska",
            duration=12.5,
            width=1280,
            height=720,
            bit_rate=2_000_000,
            audio_channels=2,
        )
