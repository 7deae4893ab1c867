"""Collections of titles and their order."""

from __future__ import annotations

import uuid

import asyncpg

from sokoul.domain.errors import NotFound
from sokoul.features.library.collections import Collection
from sokoul.features.library.model import Title
from sokoul.store import rows
from sokoul.store.database import Database, queries

SQL = queries("collections")


class CollectionStore:
    """The tables collections and collection_media; another's private list is like none."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, user_id: uuid.UUID, name: str, description: str, *, public: bool) -> Collection:
        """A new, empty list."""
        made = await self._database.value(SQL["add"], user_id, name, description, public)
        return await self.one(user_id, made)

    async def one(self, user_id: uuid.UUID, collection_id: uuid.UUID) -> Collection:
        """The person's own, or a public one; raises `NotFound`."""
        row = await self._database.row(SQL["one"], collection_id, user_id)
        if row is None:
            raise NotFound("There is no such collection")
        return Collection(**row)

    async def page(self, user_id: uuid.UUID, *, limit: int, offset: int) -> tuple[list[Collection], int]:
        """By name, and how many."""
        found = await self._database.rows(SQL["page"], user_id, limit, offset)
        total = int(await self._database.value(SQL["count"], user_id))
        return [Collection(**row) for row in found], total

    async def change(
        self,
        user_id: uuid.UUID,
        collection_id: uuid.UUID,
        *,
        name: str | None,
        description: str | None,
        public: bool | None,
    ) -> Collection:
        """What is None stays; raises `NotFound`."""
        values = (name, description, public)
        if await self._database.run(SQL["change"], collection_id, user_id, *values) == "UPDATE 0":
            raise NotFound("There is no such collection of yours")
        return await self.one(user_id, collection_id)

    async def drop(self, user_id: uuid.UUID, collection_id: uuid.UUID) -> None:
        """Raises `NotFound`."""
        if await self._database.run(SQL["drop"], collection_id, user_id) == "DELETE 0":
            raise NotFound("There is no such collection of yours")

    async def put(
        self, user_id: uuid.UUID, collection_id: uuid.UUID, media_id: uuid.UUID, position: int | None
    ) -> None:
        """Add a title, or move it to `position`; raises `NotFound`."""
        try:
            async with self._database.transaction() as transaction:
                if await transaction.value(SQL["lock"], collection_id, user_id) is None:
                    raise NotFound("There is no such collection of yours")
                if position is not None:
                    await transaction.run(SQL["make_room"], collection_id, position)
                await transaction.run(SQL["put"], collection_id, media_id, position)
        except asyncpg.ForeignKeyViolationError as err:
            raise NotFound("There is no such title") from err

    async def take(self, user_id: uuid.UUID, collection_id: uuid.UUID, media_id: uuid.UUID) -> None:
        """Raises `NotFound`."""
        if await self._database.run(SQL["take"], collection_id, user_id, media_id) == "DELETE 0":
            raise NotFound("This is not in a collection of yours")

    async def media(self, user_id: uuid.UUID, collection_id: uuid.UUID) -> list[Title]:
        """Its titles in order; raises `NotFound`."""
        await self.one(user_id, collection_id)
        return [rows.title(row) for row in await self._database.rows(SQL["media"], collection_id)]
