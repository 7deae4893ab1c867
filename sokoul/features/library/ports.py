"""What the library needs from outside: its tables, a probe, sources of metadata, pictures, a way to tell."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from sokoul.domain.media import MediaType, Work
from sokoul.domain.mediafacts import MediaFacts
from sokoul.features.library.model import (
    Binned,
    KnownFile,
    LibraryFile,
    NewFile,
    Placement,
    Shelved,
    Sidecar,
    Stamp,
    Stray,
    Title,
    TitleFilter,
)


class Prober(Protocol):
    """Looks into media files, in a process of its own."""

    async def probe(self, path: Path) -> MediaFacts:
        """What is in the file; raises `Refused` with plain words where it is no media, else `Unavailable`."""
        ...


class Metadata(Protocol):
    """Sources of facts about works."""

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        """Works that a title may mean; raises `ProviderUnavailable`."""
        ...

    async def describe(self, work: Work) -> Work:
        """The same work with everything known; raises `NotFound`, `ProviderUnavailable`."""
        ...

    async def by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Work:
        """The work of that id; raises `NotFound`, `ProviderUnavailable`."""
        ...

    async def episodes(self, work: Work, season: int) -> list[Work]:
        """The episodes of one season of a series; raises `NotFound`, `ProviderUnavailable`."""
        ...


class Live(Protocol):
    """Where live events and signals go; they may be lost."""

    async def tell(self, topic: str, event: str, data: Mapping[str, Any]) -> None: ...

    async def signal(self, name: str, data: Mapping[str, Any]) -> None: ...


class Pictures(Protocol):
    """Fetches a picture by the address that a metadata source gave, past the guard."""

    async def fetch(self, address: str, *, limit: int) -> bytes:
        """The bytes; raises `NotFound`, `Refused`, `ProviderUnavailable`."""
        ...


class Shelf(Protocol):
    """Files and the titles they belong to. What changes the library raises its update id with it."""

    async def shelve(
        self,
        file: NewFile,
        placement: Placement,
        *,
        download: tuple[uuid.UUID, int] | None = None,
        trail_id: str = "",
    ) -> Shelved:
        """List a file under its title, both made as needed, with the event that says so."""
        ...

    async def relist(self, file: NewFile, media_id: uuid.UUID) -> None:
        """List a file, or its new state, under a title that is there."""
        ...

    async def ensure_title(self, work: Work) -> uuid.UUID:
        """The film or series, made if it is not there."""
        ...

    async def work_of(self, media_id: uuid.UUID) -> Work | None:
        """The film or series that a title is, or that an episode belongs to."""
        ...

    async def adopted(self, download_id: uuid.UUID, index: int) -> tuple[KnownFile, Shelved] | None:
        """What this file of a download became, if it was imported before."""
        ...

    async def known_files(self, root: Path) -> Sequence[KnownFile]:
        """Every file listed below a root."""
        ...

    async def strays(self, roots: Sequence[Path]) -> Sequence[Stray]:
        """Files listed as present that lie below none of the roots."""
        ...

    async def known_sidecars(self, root: Path) -> Mapping[uuid.UUID, frozenset[str]]:
        """The paths of sidecars by file, for those that have any."""
        ...

    async def moved(self, file_id: uuid.UUID, path: Path, stamp: Stamp, sidecars: Sequence[Sidecar]) -> None:
        """The same file under another name, or back after it had been offline."""
        ...

    async def set_sidecars(self, file_id: uuid.UUID, sidecars: Sequence[Sidecar]) -> None: ...

    async def offline(self, file_ids: Sequence[uuid.UUID], problem: str) -> int:
        """The disk of these is not there; how many were there until now."""
        ...

    async def vanish(self, file_ids: Sequence[uuid.UUID]) -> int:
        """Forget files, and titles that nobody has a file or a wish of any more."""
        ...

    async def root_device(self, root: Path) -> int | None:
        """The device the root was last seen on."""
        ...

    async def remember_root(self, root: Path, device: int) -> None:
        """The root is on this device now; files that were on the former one are too."""
        ...

    async def update_id(self) -> int:
        """A number that grows with every change of the library."""
        ...


class Titles(Protocol):
    """Titles as lists and pages show them."""

    async def title(self, title_id: uuid.UUID) -> Title:
        """Raises `NotFound`."""
        ...

    async def title_by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Title | None: ...

    async def titles(self, wanted: TitleFilter, *, limit: int, offset: int) -> tuple[list[Title], int]:
        """One page, and how many there are in all."""
        ...

    async def episodes(self, series_id: uuid.UUID) -> list[Title]: ...

    async def files(self, title_id: uuid.UUID, *, below: bool = False) -> list[LibraryFile]:
        """Of the title, and with `below` of its episodes too; the best one first."""
        ...

    async def add(self, fields: Mapping[str, Any]) -> Title:
        """Raises `WrongState` when there is such a title, `Invalid` when a field cannot be."""
        ...

    async def change(self, title_id: uuid.UUID, fields: Mapping[str, Any]) -> Title:
        """Raises `NotFound`, and what `add` raises."""
        ...

    async def tried(self, title_id: uuid.UUID) -> None:
        """Nobody knew it: others first, next time."""
        ...

    async def refresh(self, title_id: uuid.UUID, work: Work, episodes: Sequence[Work]) -> None:
        """Write what the metadata sources tell of a title and of its listed episodes."""
        ...

    async def pictured(self, limit: int) -> list[Title]:
        """The latest titles with a file and a poster."""
        ...

    async def stale(self, limit: int) -> list[Title]:
        """Titles with a file whose metadata was never fetched, the longest untried first."""
        ...


class Bin(Protocol):
    """What was taken out by hand, with everything needed to bring it back."""

    async def intend(
        self, title_id: uuid.UUID, moves: Sequence[tuple[str, str]], user_id: uuid.UUID | None
    ) -> None:
        """Note which paths are about to move where; raises `NotFound`."""
        ...

    async def removed(self, title_id: uuid.UUID) -> None:
        """The files were moved: forget the title."""
        ...

    async def page(self, *, limit: int, offset: int) -> tuple[list[Binned], int]: ...

    async def of(self, title_id: uuid.UUID) -> list[Binned]:
        """The binned files of a title, subtitles included."""
        ...

    async def restored(self, title_id: uuid.UUID) -> None:
        """The files were moved back: list everything again."""
        ...

    async def emptied(self, title_id: uuid.UUID) -> None:
        """The files were deleted for good."""
        ...

    async def unfinished(self) -> list[uuid.UUID]:
        """Titles whose removal was cut off."""
        ...
