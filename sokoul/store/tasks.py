"""The table tasks, to look at."""

from __future__ import annotations

import uuid
from typing import Any

from sokoul.domain.errors import NotFound
from sokoul.store.database import Database, queries

SQL = queries("tasks")


class TaskStore:
    """Work that goes on in the background."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, *, user_id: uuid.UUID | None, limit: int, offset: int
    ) -> tuple[list[dict[str, Any]], int]:
        """The newest first, of one user or (None) of everybody, and how many there are."""
        rows = await self._database.rows(SQL["page"], user_id, limit, offset)
        return [dict(row) for row in rows], int(await self._database.value(SQL["count"], user_id))

    async def one(self, task_id: uuid.UUID, *, user_id: uuid.UUID | None) -> dict[str, Any]:
        """Raises `NotFound`, also where it is another user's."""
        row = await self._database.row(SQL["one"], task_id, user_id)
        if row is None:
            raise NotFound("There is no such task")
        return dict(row)
