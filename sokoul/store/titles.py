"""Titles as lists and pages show them, and as people correct them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from sokoul.domain.errors import Invalid, NotFound, WrongState
from sokoul.domain.media import MediaType, Work
from sokoul.features.library.model import LibraryFile, Title, TitleFilter
from sokoul.store import rows
from sokoul.store.database import Database, queries
from sokoul.store.media import bump, refresh_episode, refresh_title

SQL = queries("titles")
SORTS = ("title", "added", "year", "rating")
# What a person may set; everything else is measured or fetched.
_SETTABLE = (
    "media_type", "title", "original_title", "year", "tmdb_id", "imdb_id", "overview", "poster_url",
    "backdrop_url", "genres", "rating", "runtime_minutes", "parent_id", "season_number", "episode_number",
)  # fmt: skip


class MediaTitles:
    """The table media."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def title(self, title_id: uuid.UUID) -> Title:
        """Raises `NotFound`."""
        row = await self._database.row(SQL["title"], title_id)
        if row is None:
            raise NotFound("There is no such title")
        return rows.title(row)

    async def title_by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Title | None:
        """The title of that id, if it is known here."""
        row = await self._database.row(SQL["title_by_tmdb"], media_type.value, tmdb_id)
        return None if row is None else rows.title(row)

    async def titles(self, wanted: TitleFilter, *, limit: int, offset: int) -> tuple[list[Title], int]:
        """One page, and how many there are in all."""
        kind = wanted.media_type.value if wanted.media_type else None
        narrow = (kind, wanted.genre, wanted.year, wanted.owned)
        if wanted.query and (query := rows.text(wanted.query, 200)):
            found = await self._database.rows(
                SQL["search_titles"], *narrow, wanted.sort, limit, offset, query
            )
            return [rows.title(row) for row in found], found[0]["total"] if found else 0
        page = await self._database.rows(SQL["titles"], *narrow, wanted.sort or "title", limit, offset)
        total = int(await self._database.value(SQL["count_titles"], *narrow))
        return [rows.title(row) for row in page], total

    async def episodes(self, series_id: uuid.UUID) -> list[Title]:
        """In order of season and number; raises `NotFound` where there is no such title."""
        found = await self._database.rows(SQL["episodes"], series_id)
        if not found:
            await self.title(series_id)
        return [rows.title(row) for row in found]

    async def files(self, title_id: uuid.UUID, *, below: bool = False) -> list[LibraryFile]:
        """Of the title, and with `below` of its episodes too, the best one first; raises `NotFound`."""
        found = await self._database.rows(SQL["files_below" if below else "files"], title_id)
        if not found:
            await self.title(title_id)
        return [rows.library_file(row) for row in found]

    async def file(self, file_id: uuid.UUID) -> LibraryFile:
        """Raises `NotFound`."""
        row = await self._database.row(SQL["file"], file_id)
        if row is None:
            raise NotFound("There is no such file")
        return rows.library_file(row)

    async def add(self, fields: Mapping[str, Any]) -> Title:
        """Raises `WrongState` when there is such a title, `Invalid` when a field cannot be."""
        title_id: uuid.UUID = await self._write(SQL["add"], None, fields)
        return await self.title(title_id)

    async def change(self, title_id: uuid.UUID, fields: Mapping[str, Any]) -> Title:
        """Raises `NotFound`, and what `add` raises."""
        if await self._write(SQL["change"], title_id, fields) is None:
            raise NotFound("There is no such title")
        return await self.title(title_id)

    async def tried(self, title_id: uuid.UUID) -> None:
        """Nobody knew it: others first, next time."""
        await self._database.run(SQL["tried"], title_id)

    async def refresh(self, title_id: uuid.UUID, work: Work, episodes: Sequence[Work]) -> None:
        """Write what the metadata sources tell of a title and of its listed episodes."""
        async with self._database.transaction() as transaction:
            await refresh_title(transaction, title_id, work)
            for episode in episodes:
                await refresh_episode(transaction, title_id, episode)
            await bump(transaction)

    async def pictured(self, limit: int) -> list[Title]:
        """The latest titles with a file and a poster."""
        return [rows.title(row) for row in await self._database.rows(SQL["pictured"], limit)]

    async def stale(self, limit: int) -> list[Title]:
        """Titles with a file whose metadata was never fetched."""
        return [rows.title(row) for row in await self._database.rows(SQL["stale_titles"], limit)]

    async def _write(self, query: str, title_id: uuid.UUID | None, fields: Mapping[str, Any]) -> Any:
        values = {key: _stored(value) for key, value in fields.items() if key in _SETTABLE}
        target = () if title_id is None else (title_id,)
        try:
            async with self._database.transaction() as transaction:
                written = await transaction.value(query, *target, values)
                await bump(transaction)
        except asyncpg.UniqueViolationError as err:
            raise WrongState("There is such a title already") from err
        except asyncpg.ForeignKeyViolationError as err:
            raise Invalid("parent_id", "there is no such series") from err
        except asyncpg.CheckViolationError as err:
            raise Invalid(_field_of(err), "this cannot be") from err
        except asyncpg.NotNullViolationError as err:
            raise Invalid(err.column_name or "body", "is required") from err
        return written


def _stored(value: Any) -> Any:
    if isinstance(value, str):
        return rows.text(value, 10_000)
    return str(value) if isinstance(value, uuid.UUID) else value


def _field_of(error: asyncpg.CheckViolationError) -> str:
    """`media_year_check` names the field; the table's own check speaks of the episode's series."""
    name = (error.constraint_name or "").removeprefix("media_").removesuffix("_check")
    return name if name in _SETTABLE else "parent_id"
