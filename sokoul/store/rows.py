"""Rows of the library's tables as the library's own types, and works made safe to store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sokoul.domain.media import MediaType, Work
from sokoul.features.library.model import FileState, LibraryFile, Title
from sokoul.store.database import Row

_LONGEST_TITLE = 500
_LONGEST_TEXT = 10_000
_MOST_ALIASES = 100
_LARGEST_ID = 2**31 - 1


def title(row: Row, *, without: frozenset[str] = frozenset({"total"})) -> Title:
    """A row of `media` with its count of files; columns of other tables are left out."""
    values = {key: value for key, value in row.items() if key not in without}
    values["media_type"] = MediaType(values["media_type"])
    values["aliases"], values["genres"] = tuple(values["aliases"]), tuple(values["genres"])
    if values["rating"] is not None:
        values["rating"] = round(values["rating"], 1)
    return Title(**values)


def library_file(row: Row) -> LibraryFile:
    """A row of `media_files`."""
    return LibraryFile(
        id=row["id"],
        media_id=row["media_id"],
        path=row["path"],
        size_bytes=row["size_bytes"],
        state=FileState(row["state"]),
        problem=row["problem"],
        container=row["container"],
        duration=row["duration"],
        bit_rate=row["bit_rate"],
        codec=row["codec"],
        resolution=row["resolution"],
        release_name=row["release_name"],
        video=row["video"],
        audio=row["audio"],
        subtitles=row["subtitles"],
        sidecars=row["sidecars"],
        chapters=row["chapters"],
        added_at=row["added_at"],
    )


def work_values(work: Work) -> tuple[Any, ...]:
    """A work's columns in the order of `add_work`, cut to what the table takes."""
    return (
        text(work.title, _LONGEST_TITLE) or "Untitled",
        text(work.original_title, _LONGEST_TITLE),
        texts(work.aliases, _MOST_ALIASES),
        _within(work.year, 1870, 2200),
        _within(work.tmdb_id, 0, _LARGEST_ID),
        text(work.imdb_id, 20),
        _within(work.tvdb_id, 0, _LARGEST_ID),
        _within(work.tvmaze_id, 0, _LARGEST_ID),
        text(work.overview, _LONGEST_TEXT),
        text(work.poster_url, 2000),
        text(work.backdrop_url, 2000),
        texts(work.genres, 30),
        _rating(work.rating),
        _within(work.runtime_minutes, 0, 10_000),
        text(work.original_language, 10),
        day(work.air_date),
    )


def episode_values(work: Work | None, season: int, episode: int) -> tuple[Any, ...]:
    """Title (else its number), year, overview, still, rating, running time and day of an episode."""
    work = work or Work(MediaType.EPISODE, "")
    return (
        text(work.title, _LONGEST_TITLE) or f"S{season:02d}E{episode:02d}",
        _within(work.year, 1870, 2200),
        text(work.overview, _LONGEST_TEXT),
        text(work.backdrop_url, 2000),
        _rating(work.rating),
        _within(work.runtime_minutes, 0, 10_000),
        day(work.air_date),
    )


def text(value: str | None, longest: int) -> str | None:
    """Without what PostgreSQL cannot hold (NUL, lone surrogates), bounded; None where nothing is left."""
    if value is None:
        return None
    clean = value.replace("\0", "").encode("utf-8", "replace").decode()
    return clean.strip()[:longest] or None


def day(value: str | None) -> date | None:
    """An ISO day; None where it is none."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def texts(values: Iterable[str], most: int) -> list[str]:
    """At most so many, each made safe to store; empty ones are left out."""
    clean = (text(value, _LONGEST_TITLE) for value in list(values)[:most])
    return [value for value in clean if value]


def _within(value: int | None, least: int, most: int) -> int | None:
    return value if value is not None and least <= value <= most else None


def _rating(value: float | None) -> float | None:
    return value if value is not None and 0 <= value <= 10 else None
