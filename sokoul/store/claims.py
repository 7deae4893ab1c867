"""The claim ledger: what names promised, what was found, and what groups and indexers are worth."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sokoul.domain.claims import Outcome
from sokoul.domain.trust import Record, Trust
from sokoul.features.library.ledger import Promise
from sokoul.store import rows
from sokoul.store.database import Database, Row, queries

SQL = queries("claims")


class ClaimStore:
    """The table claims."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def promise(self, download_id: uuid.UUID) -> Promise | None:
        """What a download was offered as; None where nobody knows it."""
        row = await self._database.row(SQL["promise"], download_id)
        return None if row is None else Promise(row["name"], tuple(row["indexers"]))

    async def write(
        self,
        download_id: uuid.UUID,
        index: int,
        promise: Promise,
        group: str | None,
        outcomes: Sequence[Outcome],
    ) -> None:
        """Once for each file of a download and each claim; again changes nothing."""
        await self._database.run(
            SQL["write"],
            download_id,
            index,
            rows.text(promise.name, 500) or "?",
            rows.text(group, 100),
            list(promise.indexers),
            [one.claim for one in outcomes],
            [rows.text(one.told, 200) or "?" for one in outcomes],
            [rows.text(one.found, 200) or "?" for one in outcomes],
            [one.kept for one in outcomes],
        )

    async def page(
        self, *, group: str | None, kept: bool | None, limit: int, offset: int
    ) -> tuple[list[dict[str, Any]], int]:
        """The newest first, and how many there are in all."""
        group = None if group is None else rows.text(group, 100) or "?"
        found = await self._database.rows(SQL["page"], group, kept, limit, offset)
        if not found and offset:
            return [], int(await self._database.value(SQL["count"], group, kept))
        total = found[0]["total"] if found else 0
        return [{key: value for key, value in row.items() if key != "total"} for row in found], total

    async def trust(self) -> Trust:
        """The record of every group and indexer of which something is known."""
        return trust_from(await self._database.rows(SQL["trust"]))


def trust_from(found: Sequence[Row]) -> Trust:
    """Rows of the view release_trust as records."""
    records: dict[str, dict[str, Record]] = {"group": {}, "indexer": {}}
    for row in found:
        records[row["what"]][row["name"]] = Record(row["releases"], row["lied"], row["worst"])
    return Trust(records["group"], records["indexer"])
