"""What the library keeps: titles, their files, and what is known of both."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from sokoul.domain.media import MediaType, Work
from sokoul.domain.mediafacts import MediaFacts


class FileState(StrEnum):
    """Whether a file can be played: there, on a disk that is not, or damaged."""

    PRESENT = "present"
    OFFLINE = "offline"
    BROKEN = "broken"


class ImportMode(StrEnum):
    """How a finished download comes into the library."""

    HARDLINK = "hardlink"
    MOVE = "move"
    COPY = "copy"


@dataclass(slots=True)
class Folders:
    """The two roots, and how files come into them; they may become others while the daemon runs."""

    movies: Path
    series: Path
    import_mode: ImportMode = ImportMode.HARDLINK

    @property
    def roots(self) -> tuple[Path, ...]:
        """Each root once."""
        return tuple(dict.fromkeys((self.movies, self.series)))


@dataclass(frozen=True, slots=True)
class Title:
    """A film, series, episode or something unidentified, as the database has it."""

    id: uuid.UUID
    media_type: MediaType
    title: str
    original_title: str | None = None
    aliases: tuple[str, ...] = ()
    year: int | None = None
    tmdb_id: int | None = None
    imdb_id: str | None = None
    tvdb_id: int | None = None
    tvmaze_id: int | None = None
    overview: str | None = None
    poster_url: str | None = None
    backdrop_url: str | None = None
    genres: tuple[str, ...] = ()
    rating: float | None = None
    runtime_minutes: int | None = None
    original_language: str | None = None
    air_date: date | None = None
    parent_id: uuid.UUID | None = None
    season_number: int | None = None
    episode_number: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    refreshed_at: datetime | None = None
    file_count: int = 0
    resolution: int | None = None

    def as_work(self) -> Work:
        """The same in the words of the metadata sources."""
        return Work(
            self.media_type,
            self.title,
            year=self.year,
            original_title=self.original_title,
            aliases=self.aliases,
            tmdb_id=self.tmdb_id,
            imdb_id=self.imdb_id,
            tvdb_id=self.tvdb_id,
            tvmaze_id=self.tvmaze_id,
        )


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A subtitle file beside a video; `language` is ISO 639-1, `text` whether it can become WebVTT."""

    path: str
    codec: str
    language: str | None = None
    forced: bool = False
    sdh: bool = False
    text: bool = True


class Stamp(NamedTuple):
    """What tells one state of a file from another, without reading it. A tuple, for scans make many."""

    size: int
    mtime_ns: int
    device: int
    inode: int


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file about to be listed; without facts it is broken, and `problem` says how."""

    path: Path
    stamp: Stamp
    facts: MediaFacts | None
    problem: str | None = None
    release_name: str | None = None
    source: str | None = None
    sidecars: tuple[Sidecar, ...] = ()

    @property
    def state(self) -> FileState:
        return FileState.PRESENT if self.facts is not None else FileState.BROKEN


@dataclass(frozen=True, slots=True)
class Placement:
    """What a file is: a work, and for a series the episodes that are in it (of `season`)."""

    work: Work
    season: int | None = None
    episodes: tuple[int, ...] = ()
    episode_works: tuple[Work, ...] = ()

    @property
    def is_episode(self) -> bool:
        return self.work.media_type is MediaType.TV and self.season is not None and bool(self.episodes)


@dataclass(frozen=True, slots=True)
class Shelved:
    """Where a file was listed; `title_id` is the film or the series, `media_id` the film or the episode."""

    file_id: uuid.UUID
    media_id: uuid.UUID
    title_id: uuid.UUID
    created: bool


class KnownFile(NamedTuple):
    """What the database remembers of a file, as a scan needs it."""

    id: uuid.UUID
    media_id: uuid.UUID
    path: str
    stamp: Stamp
    state: FileState


@dataclass(frozen=True, slots=True)
class Stray:
    """A file outside the library's folders; `replaced` when the title has one like it inside."""

    id: uuid.UUID
    path: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A file of the library with its facts; sizes in bytes, duration in seconds, bit rate in bit/s."""

    id: uuid.UUID
    media_id: uuid.UUID
    path: str
    size_bytes: int
    state: FileState
    problem: str | None
    container: str | None
    duration: float | None
    bit_rate: int | None
    codec: str | None
    resolution: int | None
    release_name: str | None
    video: Mapping[str, Any] | None
    audio: Sequence[Mapping[str, Any]]
    subtitles: Sequence[Mapping[str, Any]]
    sidecars: Sequence[Mapping[str, Any]]
    chapters: Sequence[Mapping[str, Any]]
    added_at: datetime


@dataclass(frozen=True, slots=True)
class TitleFilter:
    """Which titles a list shows; `sort` is title, added, year or rating, best first when `query` is given."""

    media_type: MediaType | None = None
    query: str | None = None
    genre: str | None = None
    year: int | None = None
    sort: str | None = None
    owned: bool = False


@dataclass(frozen=True, slots=True)
class TitleChange:
    """Fields of a title that a person sets; `fields` are column names with checked values."""

    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Binned:
    """A file that was taken out of the library by hand and can be brought back."""

    id: uuid.UUID
    media_id: uuid.UUID
    title: str
    original_path: str
    bin_path: str
    removed_at: datetime
