"""How the outside sources fared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sokoul.features.providers.model import Ask, Hour, Remembered, Tally
from sokoul.store import rows
from sokoul.store.database import Connection, Database, Row, queries

SQL = queries("providers")
KEPT: Final = 200
_LONGEST: Final = 500


class ProviderHistory:
    """The tables provider_asks, provider_hours and provider_states."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, asks: Sequence[Ask], hours: Mapping[tuple[str, datetime], Tally]) -> None:
        """A batch: the askings, their hours, and how each source is after the last of them."""
        columns = list(zip(*(_columns(ask) for ask in asks), strict=True))
        last = {ask.provider: ask for ask in asks}
        async with self._database.transaction() as transaction:
            await transaction.run(SQL["add_asks"], *map(list, columns))
            await transaction.run(SQL["cut_asks"], sorted(last), KEPT)
            # In one order, so that two processes never wait for each other.
            for (provider, hour), tally in sorted(hours.items()):
                await transaction.run(SQL["add_hour"], provider, hour, *_numbers(tally))
            for provider in sorted(last):
                await _put_state(transaction, [ask for ask in asks if ask.provider == provider])

    async def remembered(self) -> Mapping[str, Remembered]:
        """By source."""
        found = await self._database.rows(SQL["states"])
        return {row["provider"]: Remembered(**_without(row, "provider")) for row in found}

    async def tallies(self, *, hours: int) -> Mapping[str, Tally]:
        """By source, of the last hours."""
        times = {row["provider"]: row["times"] for row in await self._database.rows(SQL["times"], hours)}
        return {
            row["provider"]: Tally(**_without(row, "provider"), times=tuple(times.get(row["provider"], ())))
            for row in await self._database.rows(SQL["sums"], hours)
        }

    async def hours(self, provider: str, *, hours: int) -> list[Hour]:
        """The oldest first."""
        return [
            Hour(row["hour"], Tally(**_without(row, "hour", "times"), times=tuple(row["times"])))
            for row in await self._database.rows(SQL["hours"], _name(provider), hours)
        ]

    async def asks(self, provider: str) -> list[Ask]:
        """The newest first."""
        return [Ask(**row) for row in await self._database.rows(SQL["asks"], _name(provider), KEPT)]

    async def rested(self, provider: str) -> None:
        """The source is asked again from now on."""
        await self._database.run(SQL["rested"], provider)

    async def forget(self, *, days: int) -> None:
        """Drop what is older."""
        for query in ("forget", "forget_states", "forget_asks"):
            await self._database.run(SQL[query], days)


def _columns(ask: Ask) -> tuple[object, ...]:
    return (ask.provider, ask.at, ask.outcome, ask.took_ms, ask.results, _cut(ask.error), _cut(ask.cure))


def _numbers(tally: Tally) -> tuple[object, ...]:
    return (tally.asked, tally.ok, tally.failed, tally.timeout, tally.results, list(tally.times))


async def _put_state(transaction: Connection, asks: Sequence[Ask]) -> None:
    last = asks[-1]
    good = next((ask.at for ask in reversed(asks) if ask.outcome == "ok"), None)
    bad = next((ask for ask in reversed(asks) if ask.outcome != "ok"), None)
    await transaction.run(
        SQL["put_state"],
        last.provider,
        last.failures,
        last.rests_until,
        last.outcome,
        last.at,
        good,
        bad.at if bad else None,
        _cut(bad.error) if bad else None,
        _cut(bad.cure) if bad else None,
    )


def _cut(text: str | None) -> str | None:
    return text[:_LONGEST].replace("\0", "") if text else None


def _without(row: Row, *names: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in names}


def _name(given: str) -> str:
    """A name as an address carried it, fit for a question."""
    return rows.text(given, 200) or "?"
