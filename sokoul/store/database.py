"""The pool of PostgreSQL connections, and the named queries that run on it."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg

from sokoul import metrics
from sokoul.domain.errors import Unavailable

SQL_FOLDER = Path(__file__).parent / "sql"
_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)
_LOST = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what asyncpg says of some connections that were cut
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.QueryCanceledError,
    ConnectionError,
    TimeoutError,
)

Row = asyncpg.Record


@cache
def queries(name: str) -> Mapping[str, str]:
    """The queries of `sql/<name>.sql`, each headed by a line `-- name: <query>`."""
    text = (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    parts = _NAME.split(text)[1:]
    return dict(zip(parts[::2], (body.strip() for body in parts[1::2]), strict=True))


class Connection:
    """One connection inside a transaction, with the same calls as the database."""

    def __init__(self, raw: asyncpg.pool.PoolConnectionProxy) -> None:
        self._raw = raw

    async def rows(self, query: str, *values: object) -> Sequence[Row]:
        return await self._raw.fetch(query, *values)

    async def row(self, query: str, *values: object) -> Row | None:
        return await self._raw.fetchrow(query, *values)

    async def value(self, query: str, *values: object) -> Any:
        return await self._raw.fetchval(query, *values)

    async def run(self, query: str, *values: object) -> str:
        """Execute; returns the command tag, e.g. `UPDATE 1`."""
        return str(await self._raw.execute(query, *values))


class Database:
    """A bounded pool; a query that cannot be answered in time raises `Unavailable`."""

    def __init__(self, url: str, *, smallest: int = 5, largest: int = 20, query_timeout: float = 5.0) -> None:
        self._url = url
        self._smallest, self._largest = smallest, largest
        self._timeout = query_timeout
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        """Connect; raises `Unavailable` where nobody answers."""
        try:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=self._smallest,
                max_size=self._largest,
                command_timeout=self._timeout,
                timeout=10,
                init=_prepare,
            )
        except (*_LOST, OSError) as err:
            raise Unavailable("PostgreSQL does not answer") from err
        metrics.DB_POOL_SIZE.set(self._largest)

    async def close(self) -> None:
        """Wait a moment for running queries, then end every connection."""
        if self._pool is None:
            return
        try:
            await asyncio.wait_for(self._pool.close(), 5)
        except TimeoutError:
            self._pool.terminate()
        self._pool = None

    async def rows(self, query: str, *values: object) -> Sequence[Row]:
        async with self._connection() as connection:
            return await connection.rows(query, *values)

    async def row(self, query: str, *values: object) -> Row | None:
        async with self._connection() as connection:
            return await connection.row(query, *values)

    async def value(self, query: str, *values: object) -> Any:
        async with self._connection() as connection:
            return await connection.value(query, *values)

    async def run(self, query: str, *values: object) -> str:
        async with self._connection() as connection:
            return await connection.run(query, *values)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """All or nothing; keep it short."""
        async with self._connection() as connection, connection._raw.transaction():  # noqa: SLF001 - one module
            yield connection

    @asynccontextmanager
    async def dedicated(self) -> AsyncIterator[asyncpg.Connection]:
        """A raw connection outside the pool, for locks and migrations; no time limit on its commands."""
        try:
            raw = await asyncpg.connect(self._url, timeout=10)
        except (*_LOST, OSError) as err:
            raise Unavailable("PostgreSQL does not answer") from err
        try:
            await _prepare(raw)
            yield raw
        finally:
            await raw.close(timeout=5)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        if self._pool is None:
            raise Unavailable("PostgreSQL is not connected")
        started = time.perf_counter()
        try:
            async with self._pool.acquire(timeout=self._timeout) as raw:
                metrics.DB_CONNECTIONS_ACTIVE.inc()
                try:
                    yield Connection(raw)
                finally:
                    metrics.DB_CONNECTIONS_ACTIVE.dec()
        except (*_LOST, OSError) as err:
            raise Unavailable("The database does not answer") from err
        finally:
            metrics.DB_QUERIES.inc()
            metrics.DB_QUERY_DURATION.observe(time.perf_counter() - started)


async def _prepare(connection: Any) -> None:
    await connection.set_type_codec("jsonb", encoder=_encode, decoder=json.loads, schema="pg_catalog")


def _encode(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
