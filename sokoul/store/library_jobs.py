"""Tasks of the library and the messages that start them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from sokoul.features.library.jobs import SUBJECT, Work
from sokoul.store.database import Database, queries
from sokoul.store.outbox import enqueue

SQL = queries("library_jobs")


class LibraryJobs:
    """The table tasks, as far as the library's own go."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, work: Work, payload: Mapping[str, Any], user_id: uuid.UUID | None) -> uuid.UUID:
        """The task's id; one that waits already for the same is that one."""
        about = json.dumps(payload, sort_keys=True, default=str)
        trail_id = uuid.uuid4().hex
        async with self._database.transaction() as transaction:
            await transaction.run(SQL["lock"], f"{work}:{about}")
            waiting: uuid.UUID | None = await transaction.value(SQL["waiting"], f"library.{work}", payload)
            if waiting is not None:
                return waiting
            task_id: uuid.UUID = await transaction.value(
                SQL["add"], f"library.{work}", user_id, payload, trail_id
            )
            await enqueue(
                transaction,
                SUBJECT,
                {"id": str(task_id), "work": work, **payload},
                message_id=f"library-{task_id}",
                trail_id=trail_id,
            )
        return task_id

    async def begin(self, task_id: uuid.UUID) -> bool:
        """Whether there is anything left to do of it."""
        return await self._database.value(SQL["begin"], task_id) is not None

    async def end(self, task_id: uuid.UUID, result: Mapping[str, Any]) -> None:
        """It is done."""
        await self._database.run(SQL["end"], task_id, result)

    async def fail(self, task_id: uuid.UUID, error: str) -> None:
        """It failed; a further delivery may still do it."""
        await self._database.run(SQL["fail"], task_id, error[:2000])
