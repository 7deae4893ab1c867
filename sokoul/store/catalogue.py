"""What can be played, page by page, for televisions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sokoul.features.library.catalogue import FILMS, OTHER, RECENT, Leaf, Season, Series
from sokoul.store.database import Database, Row, queries
from sokoul.store.media import SQL as MEDIA

SQL = queries("catalogue")


class LibraryCatalogue:
    """Reads media and media_files; every page is one query and one count."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def films(self, start: int, count: int) -> tuple[list[Leaf], int]:
        """By title."""
        return await self._of_type("movie", FILMS, start, count)

    async def others(self, start: int, count: int) -> tuple[list[Leaf], int]:
        """What could not be identified, by name."""
        return await self._of_type("unknown", OTHER, start, count)

    async def recent(self, start: int, count: int, most: int) -> tuple[list[Leaf], int]:
        """The latest first, at most `most` of them."""
        found = await self._database.rows(SQL["recent"], count, start, most)
        return [_leaf(row, RECENT) for row in found], found[0]["total"] if found else 0

    async def everything(self, start: int, count: int) -> tuple[list[Leaf], int]:
        """Films, episodes and the rest by title."""
        found = await self._database.rows(SQL["everything"], count, start)
        return _leaves(found), int(await self._database.value(SQL["count_everything"]))

    async def series(self, start: int, count: int) -> tuple[list[Series], int]:
        """By title, those with an episode that can be played."""
        found = await self._database.rows(SQL["series"], count, start)
        total = found[0]["total"] if found else int(await self._database.value(SQL["count_series"]))
        return [_series(row) for row in found], total

    async def one_series(self, series_id: uuid.UUID) -> Series | None:
        """A series by its id."""
        row = await self._database.row(SQL["one_series"], series_id)
        return None if row is None else _series(row)

    async def seasons(self, series_id: uuid.UUID) -> list[Season]:
        """In order, the specials last."""
        found = await self._database.rows(SQL["seasons"], series_id)
        return [Season(row["number"], row["episodes"]) for row in found]

    async def episodes(
        self, series_id: uuid.UUID, season: int, start: int, count: int
    ) -> tuple[list[Leaf], int]:
        """In order."""
        found = await self._database.rows(SQL["episodes"], count, start, series_id, season)
        return _leaves(found), int(await self._database.value(SQL["count_episodes"], series_id, season))

    async def leaf(
        self, *, media_id: uuid.UUID | None = None, file_id: uuid.UUID | None = None
    ) -> Leaf | None:
        """One film or episode by its own id or by that of a file."""
        if media_id is not None:
            row = await self._database.row(SQL["leaf"], media_id)
        else:
            row = await self._database.row(SQL["leaf_of_file"], file_id)
        return None if row is None else _leaf(row)

    async def counts(self) -> tuple[int, int, int]:
        """How many films, series and other videos there are."""
        films = await self._database.value(SQL["count_type"], "movie")
        series = await self._database.value(SQL["count_series"])
        return int(films), int(series), int(await self._database.value(SQL["count_type"], "unknown"))

    async def update_id(self) -> int:
        """A number that grows with every change of the library."""
        return int(await self._database.value(MEDIA["update_id"]) or 0)

    async def _of_type(self, kind: str, parent: str, start: int, count: int) -> tuple[list[Leaf], int]:
        found = await self._database.rows(SQL["of_type"], count, start, kind)
        total = int(await self._database.value(SQL["count_type"], kind))
        return [_leaf(row, parent) for row in found], total


def _series(row: Row) -> Series:
    return Series(row["id"], row["title"], row["year"], row["seasons"])


def _leaves(found: Sequence[Row]) -> list[Leaf]:
    return [_leaf(row) for row in found]


def _leaf(row: Row, parent: str | None = None) -> Leaf:
    video: dict[str, Any] = row["video"] or {}
    sounds: list[dict[str, Any]] = row["audio"] or [{}]
    day = row["air_date"] or (f"{row['year']}-01-01" if row["year"] else None)
    return Leaf(
        id=f"m:{row['media_id']}",
        parent_id=parent or _home(row),
        title=_title(row, alone=parent == RECENT),
        media_id=row["media_id"],
        file_id=row["file_id"],
        path=Path(row["path"]),
        size_bytes=row["size_bytes"],
        container=row["container"],
        duration=row["duration"],
        width=video.get("width"),
        height=video.get("height"),
        bit_rate=row["bit_rate"],
        video_codec=row["codec"],
        audio_codec=sounds[0].get("codec"),
        audio_channels=sounds[0].get("channels"),
        date=str(day) if day else None,
        genres=tuple(row["genres"]),
        description=row["overview"],
        poster=row["poster"],
        episode=row["media_type"] == "episode",
        subtitles=tuple(Path(one["path"]) for one in row["sidecars"] if one.get("text")),
    )


def _home(row: Row) -> str:
    if row["media_type"] == "episode":
        return f"s:{row['parent_id']}:{row['season_number']}"
    return FILMS if row["media_type"] == "movie" else OTHER


def _title(row: Row, *, alone: bool) -> str:
    """An episode in its season is told by its number, elsewhere by its series too."""
    title = str(row["title"])
    if row["media_type"] != "episode":
        return f"{title} ({row['year']})" if row["year"] and row["media_type"] == "movie" else title
    season, number = row["season_number"] or 0, row["episode_number"] or 0
    if alone:
        return f"{row['series_title']} S{season:02d}E{number:02d} - {title}"
    return f"{number:02d} - {title}"
