"""The bin: where removed files lie, and the rows that went with them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sokoul.domain.errors import NotFound
from sokoul.features.library.model import Binned
from sokoul.store.database import Connection, Database, queries
from sokoul.store.media import SQL as MEDIA
from sokoul.store.media import bump
from sokoul.store.titles import SQL as TITLES

SQL = queries("bin")
_RESTORED = ("favorites", "watchlist", "history", "collections")


class MediaBin:
    """The table bin."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def intend(
        self, title_id: uuid.UUID, moves: Sequence[tuple[str, str]], user_id: uuid.UUID | None
    ) -> None:
        """Note which paths are about to move where; raises `NotFound`. Doing it again changes nothing."""
        async with self._database.transaction() as transaction:
            snapshot = await transaction.value(SQL["snapshot"], title_id)
            if snapshot is None:
                raise NotFound("There is no such title")
            short = {"id": snapshot["id"], "title": snapshot["title"]}
            for number, (source, target) in enumerate(moves):
                kept = snapshot if number == 0 else short
                await transaction.run(SQL["put_in_bin"], source, target, kept, user_id)

    async def removed(self, title_id: uuid.UUID) -> None:
        """The files were moved: forget the title, and its series with the last episode."""
        async with self._database.transaction() as transaction:
            parent = await transaction.value(TITLES["delete_title"], title_id)
            if parent is not None:
                await transaction.run(MEDIA["drop_lonely"], [parent])
            await bump(transaction)

    async def page(self, *, limit: int, offset: int) -> tuple[list[Binned], int]:
        """The latest first, and how many there are in all."""
        found = await self._database.rows(SQL["binned"], limit, offset)
        return [Binned(**row) for row in found], int(await self._database.value(SQL["count_binned"]))

    async def of(self, title_id: uuid.UUID) -> list[Binned]:
        """The binned files of a title, subtitles included."""
        return [Binned(**row) for row in await self._database.rows(SQL["binned_of"], str(title_id))]

    async def restored(self, title_id: uuid.UUID) -> None:
        """The files were moved back: list everything again."""
        async with self._database.transaction() as transaction:
            snapshot = await transaction.value(SQL["bin_snapshot"], str(title_id))
            if snapshot is not None:
                await _restore(transaction, snapshot)
            await transaction.run(SQL["leave_bin_title"], str(title_id))
            await bump(transaction)

    async def emptied(self, title_id: uuid.UUID) -> None:
        """The files were deleted for good."""
        await self._database.run(SQL["leave_bin_title"], str(title_id))

    async def unfinished(self) -> list[uuid.UUID]:
        """Titles whose removal was cut off."""
        return [row["id"] for row in await self._database.rows(SQL["unfinished"])]


async def _restore(transaction: Connection, snapshot: Mapping[str, Any]) -> None:
    """Put the rows back; a title that came again meanwhile under another id takes them over."""
    text = json.dumps(snapshot)
    for row in snapshot["media"]:
        if row["tmdb_id"] is None or row["media_type"] not in ("movie", "tv"):
            continue
        now = await transaction.value(MEDIA["by_tmdb"], row["media_type"], row["tmdb_id"])
        if now is not None:
            text = text.replace(row["id"], str(now))
    rows = json.loads(text)
    await transaction.run(SQL["restore_media"], rows["media"])
    await transaction.run(SQL["restore_files"], rows["files"] or [])
    for kind in _RESTORED:
        await transaction.run(SQL[f"restore_{kind}"], rows[kind])
