"""What has to be done to the tables now and then."""

from __future__ import annotations

from sokoul.store.database import Database, queries

SQL = queries("upkeep")


class Upkeep:
    """Jobs whose message is lost are sent again; what is long over is dropped."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def requeue(self, *, older_than: float) -> int:
        """Send the jobs again that nobody has ended after so many seconds; returns how many."""
        sent = 0
        for name in ("requeue_searches", "requeue_tasks"):
            sent += int((await self._database.run(SQL[name], older_than)).rpartition(" ")[2])
        return sent

    async def drop_sessions(self) -> None:
        """Forget sign-ins that ended long ago."""
        await self._database.run(SQL["drop_sessions"])
