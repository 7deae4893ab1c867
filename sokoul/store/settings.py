"""Settings made on the web, with the audit rows of their changes."""

from __future__ import annotations

from collections.abc import Callable

from sokoul.features.settings.ports import By, Noted, Rows, Write
from sokoul.store.audit import note
from sokoul.store.database import Connection, Database, queries

SQL = queries("settings")


class Settings:
    """The rows of the table config that begin with `setting:`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def there(self) -> bool:
        """Whether the database has the table at all."""
        return bool(await self._database.value(SQL["there"]))

    async def rows(self) -> Rows:
        """Everything that is stored, as it lies there."""
        async with self._database.transaction() as transaction:
            return await _rows(transaction)

    async def version(self) -> int:
        """Grows with every change."""
        return int(await self._database.value(SQL["version"]))

    async def change(self, decide: Callable[[Rows], Write], by: By) -> int:
        """Write what `decide` makes of the rows, with its audit rows; returns the new version."""
        async with self._database.transaction() as transaction:
            await transaction.run(SQL["lock"])
            rows = await _rows(transaction)
            write = decide(rows)
            if not write.put and not write.drop:
                return rows.version
            for key, value in write.put.items():
                await transaction.run(SQL["put"], key, value)
            await transaction.run(SQL["drop"], list(write.drop))
            for noted in write.noted:
                await _note(transaction, noted, by)
            return int(await transaction.value(SQL["count_change"]))


async def _rows(transaction: Connection) -> Rows:
    found = await transaction.rows(SQL["rows"])
    version = int(await transaction.value(SQL["version"]))
    return Rows(version, {row["key"]: row["value"] for row in found})


async def _note(transaction: Connection, noted: Noted, by: By) -> None:
    await note(
        transaction,
        ("setting.change", "setting", noted.key),
        user_id=by.user_id,
        ip=by.ip,
        request_id=by.request_id,
        old={"value": noted.old},
        new={"value": noted.new},
    )
