"""What people watched, liked and wished for, as far as it tells their taste."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sokoul.domain.meaning import genres
from sokoul.domain.media import MediaType
from sokoul.features.recommend.ports import Bond, Tie
from sokoul.store.database import Database, queries

SQL = queries("tastes")


class TasteStore:
    """Reads favourites, wishes and history."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ties(self, user_id: uuid.UUID, limit: int) -> Sequence[Tie]:
        """Films and series, the latest first; a series counts once."""
        found = await self._database.rows(SQL["ties"], user_id, limit)
        return [Tie(row["id"], Bond(row["bond"]), row["at"]) for row in found]

    async def liked(self, limit: int) -> Sequence[tuple[int, MediaType]]:
        """TMDB's ids of what anybody in the house liked or finished, the latest first."""
        found = await self._database.rows(SQL["liked"], limit)
        return [(row["tmdb_id"], MediaType(row["media_type"])) for row in found]

    async def candidates(self, user_id: uuid.UUID, codes: Sequence[str], limit: int) -> Sequence[uuid.UUID]:
        """What the person has not touched, of these genres (of any where there are none)."""
        labels = [label for code in codes for label in genres.labels(code)]
        return [row["id"] for row in await self._database.rows(SQL["candidates"], user_id, labels, limit)]
