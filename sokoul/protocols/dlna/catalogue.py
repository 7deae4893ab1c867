"""What the media server shows, and the port it asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ROOT = "0"


@dataclass(frozen=True, slots=True)
class Container:
    """A folder on the television; `child_count` None where counting would cost a query."""

    id: str
    parent_id: str
    title: str
    child_count: int | None = None
    kind: str = "object.container.storageFolder"


@dataclass(frozen=True, slots=True)
class Item:
    """One film or episode with its best file. Size in bytes, duration in seconds, bit rate in bits/s."""

    id: str
    parent_id: str
    title: str
    file_id: str
    path: Path
    size_bytes: int
    container: str | None = None
    duration: float | None = None
    width: int | None = None
    height: int | None = None
    bit_rate: int | None = None
    audio_channels: int | None = None
    date: str | None = None
    genres: tuple[str, ...] = ()
    description: str | None = None
    poster: bool = False
    episode: bool = False


Entry = Container | Item


class Catalogue(Protocol):
    """The library as a tree of containers and items."""

    async def children(self, container: str, start: int, count: int) -> tuple[Sequence[Entry], int]:
        """Up to `count` children from `start` in a fixed order, and how many there are; raises `NotFound`."""
        ...

    async def entry(self, object_id: str) -> Entry:
        """One container or item; raises `NotFound`."""
        ...

    async def file(self, file_id: str) -> Item:
        """The item that this file belongs to; raises `NotFound`."""
        ...

    async def poster(self, file_id: str) -> Path | None:
        """The picture of that item, already on disk."""
        ...

    async def update_id(self) -> int:
        """A number that grows with every change of the library and survives a restart."""
        ...
