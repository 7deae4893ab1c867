"""Ordered lists of titles that a person makes; public ones are seen by everyone in the house."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sokoul.features.library.model import Title


@dataclass(frozen=True, slots=True)
class Collection:
    """One list, without its titles."""

    id: uuid.UUID
    owner_id: uuid.UUID
    name: str
    description: str
    public: bool
    created_at: datetime
    updated_at: datetime
    media_count: int = 0


class Collections(Protocol):
    """The tables collections and collection_media; another's private list is like none (`NotFound`)."""

    async def add(self, user_id: uuid.UUID, name: str, description: str, *, public: bool) -> Collection: ...

    async def one(self, user_id: uuid.UUID, collection_id: uuid.UUID) -> Collection: ...

    async def page(self, user_id: uuid.UUID, *, limit: int, offset: int) -> tuple[list[Collection], int]: ...

    async def change(
        self,
        user_id: uuid.UUID,
        collection_id: uuid.UUID,
        *,
        name: str | None,
        description: str | None,
        public: bool | None,
    ) -> Collection: ...

    async def drop(self, user_id: uuid.UUID, collection_id: uuid.UUID) -> None: ...

    async def put(
        self, user_id: uuid.UUID, collection_id: uuid.UUID, media_id: uuid.UUID, position: int | None
    ) -> None:
        """Add a title, or move it to `position`."""
        ...

    async def take(self, user_id: uuid.UUID, collection_id: uuid.UUID, media_id: uuid.UUID) -> None: ...

    async def media(self, user_id: uuid.UUID, collection_id: uuid.UUID) -> list[Title]:
        """Its titles in order."""
        ...
