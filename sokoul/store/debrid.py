"""Users' debrid keys, and what was learnt of torrents at debrid services."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Final

from sokoul.domain.debrid import Service
from sokoul.features.debrid.model import KeyRow, Learnt, Seen
from sokoul.store import rows
from sokoul.store.database import Database, queries

SQL = queries("debrid")
_HASH: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class DebridStore:
    """The tables debrid_keys and debrid_torrents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keys(self, user_id: uuid.UUID) -> list[KeyRow]:
        """The user's sealed keys."""
        found = await self._database.rows(SQL["keys"], user_id)
        return [KeyRow(Service(row["service"]), row["sealed"], row["set_at"]) for row in found]

    async def put_key(self, user_id: uuid.UUID, service: Service, sealed: str) -> None:
        """Keep a key in the place of the one before."""
        await self._database.run(SQL["put_key"], user_id, service.value, sealed)

    async def drop_key(self, user_id: uuid.UUID, service: Service) -> bool:
        """False where there was none."""
        return await self._database.run(SQL["drop_key"], user_id, service.value) == "DELETE 1"

    async def learn(self, service: Service, info_hash: str, seen: Seen, reason: str | None = None) -> None:
        """Write down what was seen of a torrent, now."""
        told = info_hash.lower()
        if _HASH.fullmatch(told):
            await self._database.run(SQL["learn"], service.value, told, seen.value, rows.text(reason, 500))

    async def learnt(
        self, hashes: Collection[str], services: Collection[Service], *, since: datetime
    ) -> list[Learnt]:
        """What was seen since then, in one question; what was refused counts for ever."""
        wanted = [one.lower() for one in hashes]
        found = await self._database.rows(SQL["learnt"], wanted, [one.value for one in services], since)
        return [
            Learnt(
                Service(row["service"]), row["info_hash"], Seen(row["seen"]), row["learnt_at"], row["reason"]
            )
            for row in found
        ]

    async def forget_old(self) -> int:
        """Drop what is too old to be counted on; how much that was."""
        return int((await self._database.run(SQL["forget_old"])).rpartition(" ")[2])
