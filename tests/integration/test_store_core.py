"""The pool and the cache on real servers: what they promise when all is well and when nothing is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from sokoul.domain.errors import Unavailable
from sokoul.store.cache import Cache
from sokoul.store.database import SQL_FOLDER, Database, queries
from tests.waiting import until


async def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    await database.run("CREATE TABLE t (id integer PRIMARY KEY)")
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.transaction() as transaction:
            await transaction.run("INSERT INTO t VALUES (1)")
            await transaction.run("INSERT INTO t VALUES (1)")
    assert await database.value("SELECT count(*) FROM t") == 0


async def test_json_goes_in_and_comes_out(database: Database) -> None:
    value = {"é": [1, None, {"b": True}], "nested": {"x": "y"}}
    assert await database.value("SELECT $1::jsonb", value) == value


async def test_a_database_that_is_away_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"postgresql://u:p@/db?host={tmp_path}")
    with pytest.raises(Unavailable):
        await database.value("SELECT 1")
    with pytest.raises(Unavailable):
        await database.open()


async def test_a_query_that_takes_too_long_is_unavailable(database_url: str) -> None:
    database = Database(database_url, smallest=1, largest=1, query_timeout=0.2)
    await database.open()
    try:
        with pytest.raises(Unavailable):
            await database.value("SELECT pg_sleep(5)")
        assert await database.value("SELECT 1") == 1
    finally:
        await database.close()


async def test_an_exhausted_pool_is_unavailable_and_recovers(database_url: str) -> None:
    database = Database(database_url, smallest=1, largest=1, query_timeout=0.2)
    await database.open()
    try:
        async with database.transaction():
            with pytest.raises(Unavailable):
                await database.value("SELECT 1")
        assert await database.value("SELECT 1") == 1
    finally:
        await database.close()


async def test_connections_that_were_cut_are_replaced(database: Database) -> None:
    await database.value("SELECT 1")
    async with database.dedicated() as other:
        await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    async def answers() -> bool:
        try:
            return await database.value("SELECT 1") == 1
        except Unavailable:
            return False

    await until(answers)


@pytest.mark.parametrize("name", sorted(path.stem for path in SQL_FOLDER.glob("*.sql")))
async def test_every_named_query_is_valid_sql(database: Database, name: str) -> None:
    assert queries(name)
    async with database.dedicated() as connection:
        for query, sql in queries(name).items():
            try:
                await connection.prepare(sql)
            except asyncpg.PostgresError as error:
                pytest.fail(f"{name}.{query}: {error}")


async def test_the_cache_keeps_drops_and_forgets(cache: Cache) -> None:
    assert await cache.get("a") is None
    await cache.put("a", b"\0bytes", seconds=60)
    await cache.put("b", b"", seconds=0.05)
    assert (await cache.get("a"), await cache.get("b")) == (b"\0bytes", b"")
    await cache.drop("a", "never")
    assert await cache.get("a") is None
    await asyncio.sleep(0.06)
    assert await cache.get("b") is None


async def test_a_cache_that_is_down_is_empty(tmp_path: Path) -> None:
    cache = Cache(f"unix://{tmp_path}/none")
    await cache.put("a", b"x", seconds=1)
    await cache.drop("a")
    assert await cache.get("a") is None
    with pytest.raises(Unavailable):
        await cache.ping()
    await cache.close()
