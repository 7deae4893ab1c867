"""Favourites, watchlists and what was watched, each person's own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg

from sokoul.domain.errors import NotFound
from sokoul.features.library.model import Title
from sokoul.features.library.personal import Favorite, Status, Watched, Wish
from sokoul.store import rows
from sokoul.store.database import Database, Row, queries
from sokoul.store.titles import SQL as TITLES

SQL = queries("history")
_ENTRY = frozenset({"entry_id", "progress_seconds", "total_seconds", "is_completed", "watched_at"})
_LISTED = frozenset({"listed_at", "priority", "auto_download", "profile"})


class PersonalLists:
    """The tables library_favorites, library_watchlist and watch_history."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_favorite(self, user_id: uuid.UUID, media_id: uuid.UUID) -> Favorite:
        """Adding twice is once; raises `NotFound`."""
        added_at = await self._add(SQL["add_favorite"], user_id, media_id)
        return Favorite(await self._title(media_id), added_at["added_at"])

    async def drop_favorite(self, user_id: uuid.UUID, media_id: uuid.UUID) -> None:
        """Raises `NotFound`."""
        await self._drop(SQL["drop_favorite"], user_id, media_id)

    async def favorites(self, user_id: uuid.UUID, *, limit: int, offset: int) -> tuple[list[Favorite], int]:
        """The latest first, and how many."""
        found = await self._database.rows(SQL["favorites"], user_id, limit, offset)
        total = int(await self._database.value(SQL["count_favorites"], user_id))
        return [Favorite(_title(row), row["listed_at"]) for row in found], total

    async def add_wish(
        self,
        user_id: uuid.UUID,
        media_id: uuid.UUID,
        *,
        priority: int,
        auto_download: bool,
        profile: str | None,
    ) -> Wish:
        """Adding again changes it; raises `NotFound`."""
        row = await self._add(SQL["add_wish"], user_id, media_id, priority, auto_download, profile)
        return Wish(await self._title(media_id), priority, auto_download, profile, row["added_at"])

    async def drop_wish(self, user_id: uuid.UUID, media_id: uuid.UUID) -> None:
        """Raises `NotFound`."""
        await self._drop(SQL["drop_wish"], user_id, media_id)

    async def wishes(self, user_id: uuid.UUID, *, limit: int, offset: int) -> tuple[list[Wish], int]:
        """The most wanted first, and how many."""
        found = await self._database.rows(SQL["wishes"], user_id, limit, offset)
        total = int(await self._database.value(SQL["count_wishes"], user_id))
        return [
            Wish(_title(row), row["priority"], row["auto_download"], row["profile"], row["listed_at"])
            for row in found
        ], total

    async def record(
        self, user_id: uuid.UUID, media_id: uuid.UUID, progress: float, total: float, *, completed: bool
    ) -> Watched:
        """The newest word on this title; raises `NotFound`."""
        await self._add(SQL["record"], user_id, media_id, progress, total, completed)
        watched = await self.watched(user_id, media_id)
        if watched is None:
            raise NotFound("There is no such title")
        return watched

    async def history(
        self, user_id: uuid.UUID, *, completed: bool, limit: int, offset: int
    ) -> tuple[list[Watched], int]:
        """Seen, or begun and not finished; the latest first, and how many."""
        found = await self._database.rows(SQL["history"], user_id, completed, limit, offset)
        total = int(await self._database.value(SQL["count_history"], user_id, completed))
        return await self._entries(found), total

    async def drop_history(self, user_id: uuid.UUID, entry_id: uuid.UUID) -> None:
        """Raises `NotFound`."""
        await self._drop(SQL["drop_history"], entry_id, user_id)

    async def watched(self, user_id: uuid.UUID, media_id: uuid.UUID) -> Watched | None:
        """How far this person is."""
        entries = await self._entries(await self._database.rows(SQL["entry"], user_id, media_id))
        return entries[0] if entries else None

    async def status(self, user_id: uuid.UUID, media_id: uuid.UUID) -> Status:
        """Raises `NotFound`."""
        row = await self._database.row(SQL["status"], user_id, media_id)
        if row is None:
            raise NotFound("There is no such title")
        return Status(**row)

    async def _entries(self, found: Sequence[Row]) -> list[Watched]:
        parents = {row["parent_id"] for row in found if row["parent_id"] is not None}
        series = {}
        if parents:
            series = {
                row["id"]: rows.title(row) for row in await self._database.rows(SQL["series"], list(parents))
            }
        return [
            Watched(
                row["entry_id"],
                rows.title(row, without=_ENTRY),
                series.get(row["parent_id"]),
                row["progress_seconds"],
                row["total_seconds"],
                row["is_completed"],
                row["watched_at"],
            )
            for row in found
        ]

    async def _add(self, query: str, user_id: uuid.UUID, media_id: uuid.UUID, *values: object) -> Row:
        try:
            row = await self._database.row(query, user_id, media_id, *values)
        except asyncpg.ForeignKeyViolationError as err:
            raise NotFound("There is no such title") from err
        assert row is not None, "an upsert returns its row"
        return row

    async def _drop(self, query: str, *values: object) -> None:
        if await self._database.run(query, *values) == "DELETE 0":
            raise NotFound("This is not on the list")

    async def _title(self, media_id: uuid.UUID) -> Title:
        row = await self._database.row(TITLES["title"], media_id)
        if row is None:
            raise NotFound("There is no such title")
        return rows.title(row)


def _title(row: Row) -> Title:
    return rows.title(row, without=_LISTED)
