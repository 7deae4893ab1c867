"""Slow work on the library that somebody asked for: a row and a message, done by whoever is free."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Literal, Protocol

Work = Literal["scan", "enrich"]

SUBJECT = "JOBS.library"
GROUP = "librarian-group"


class Jobs(Protocol):
    """Rows of the table tasks, each with the message that starts it."""

    async def add(self, work: Work, payload: Mapping[str, Any], user_id: uuid.UUID | None) -> uuid.UUID:
        """The task's id; one that waits already for the same is that one."""
        ...

    async def begin(self, task_id: uuid.UUID) -> bool:
        """Whether there is anything left to do of it."""
        ...

    async def end(self, task_id: uuid.UUID, result: Mapping[str, Any]) -> None: ...

    async def fail(self, task_id: uuid.UUID, error: str) -> None: ...
