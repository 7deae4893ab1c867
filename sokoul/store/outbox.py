"""Messages on their way to the bus, and those that died there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sokoul.domain.errors import NotFound, WrongState
from sokoul.store.database import Connection, Database, queries

SQL = queries("outbox")


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    subject: str
    message_id: str
    payload: Mapping[str, Any]
    trail_id: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    id: uuid.UUID
    subject: str
    message_id: str
    payload: Mapping[str, Any]
    error: str
    deliveries: int
    trail_id: str
    created_at: datetime
    retried_at: datetime | None


async def enqueue(
    transaction: Connection, subject: str, payload: Mapping[str, Any], *, message_id: str, trail_id: str
) -> None:
    """Write a message into the transaction that makes its row, so that both are there or neither."""
    await transaction.run(SQL["add"], subject, message_id, payload, trail_id)


class OutboxStore:
    """The outbox table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, limit: int) -> Sequence[Waiting]:
        """The oldest unsent messages."""
        return [Waiting(**row) for row in await self._database.rows(SQL["waiting"], limit)]

    async def sent(self, ids: Sequence[int]) -> None:
        """Forget what the bus has acknowledged."""
        await self._database.run(SQL["sent"], ids)


class DeadLetters:
    """Jobs that failed too often; a person can look at them, send them again or throw them away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bury(
        self,
        *,
        subject: str,
        message_id: str,
        payload: Mapping[str, Any],
        error: str,
        deliveries: int,
        trail_id: str,
    ) -> None:
        """Keep a job that will not be delivered again."""
        await self._database.run(
            SQL["bury"], subject, message_id, payload, error[:2000], deliveries, trail_id
        )

    async def page(self, *, limit: int, offset: int) -> tuple[list[DeadLetter], int]:
        """The newest first, and how many there are in all."""
        rows = await self._database.rows(SQL["buried"], limit, offset)
        return [DeadLetter(**row) for row in rows], int(await self._database.value(SQL["count_buried"]))

    async def retry(self, letter_id: uuid.UUID) -> None:
        """Send it once more; raises `NotFound`, or `WrongState` when that was done already."""
        async with self._database.transaction() as transaction:
            row = await transaction.row(SQL["retry"], letter_id)
            if row is None:
                if await transaction.value(SQL["exists"], letter_id):
                    raise WrongState("It was sent again already")
                raise NotFound("There is no such dead letter")
            await enqueue(
                transaction,
                row["subject"],
                row["payload"],
                message_id=f"{row['message_id'].partition('~')[0]}~{uuid.uuid4().hex[:12]}",
                trail_id=row["trail_id"],
            )

    async def purge(self, letter_id: uuid.UUID) -> None:
        """Throw it away; raises `NotFound`."""
        if await self._database.run(SQL["purge"], letter_id) == "DELETE 0":
            raise NotFound("There is no such dead letter")
