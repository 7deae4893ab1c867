"""The port through which the media server sees the library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from sokoul.features.library.catalogue import Leaf, Node


class Catalogue(Protocol):
    """The library as a tree of folders, films and episodes."""

    async def children(self, container: str, start: int, count: int) -> tuple[Sequence[Node], int]:
        """Up to `count` children from `start` in a fixed order, and how many there are; raises `NotFound`."""
        ...

    async def item(self, object_id: str) -> Node:
        """One folder, film or episode; raises `NotFound`."""
        ...

    async def file(self, file_id: str) -> Leaf:
        """The film or episode that this file belongs to; raises `NotFound`."""
        ...

    async def poster(self, file_id: str) -> Path | None:
        """The picture of that film, already on disk."""
        ...

    async def update_id(self) -> int:
        """A number that grows with every change of the library and survives a restart."""
        ...
