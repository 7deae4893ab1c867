"""Migrations on a real PostgreSQL: once, in order, whole or not at all, and the schema is what they make."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sokoul.store.database import Database
from sokoul.store.migrate import FOLDER, MigrationError, migrate, read
from sokoul.store.searches import SearchStore

FIRST = "CREATE TABLE one (id integer);"
SECOND = "CREATE TABLE two (id integer);"


@pytest.fixture
async def empty(empty_database_url: str) -> AsyncIterator[Database]:
    database = Database(empty_database_url, smallest=1, largest=4)
    await database.open()
    yield database
    await database.close()


def _write(folder: Path, **files: str) -> Path:
    for name, sql in files.items():
        (folder / f"{name.lstrip('m')}.sql").write_text(sql)
    return folder


async def _tables(database: Database) -> set[str]:
    rows = await database.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {row["tablename"] for row in rows}


async def test_applies_each_once_and_in_order(empty: Database, tmp_path: Path) -> None:
    _write(tmp_path, m0001_one=FIRST)
    assert await migrate(empty, tmp_path) == ["0001_one"]
    _write(tmp_path, m0002_two=SECOND)
    assert await migrate(empty, tmp_path) == ["0002_two"]
    assert await migrate(empty, tmp_path) == []
    assert await _tables(empty) == {"one", "two", "schema_migrations"}


async def test_a_failing_one_leaves_nothing(empty: Database, tmp_path: Path) -> None:
    _write(tmp_path, m0001_one=FIRST, m0002_two=SECOND + "SELECT no_such_function();")
    with pytest.raises(MigrationError, match="0002_two failed"):
        await migrate(empty, tmp_path)
    assert await _tables(empty) == {"one", "schema_migrations"}
    _write(tmp_path, m0002_two=SECOND)
    assert await migrate(empty, tmp_path) == ["0002_two"]


async def test_refuses_one_that_was_changed_afterwards(empty: Database, tmp_path: Path) -> None:
    await migrate(empty, _write(tmp_path, m0001_one=FIRST))
    _write(tmp_path, m0001_one=FIRST + " -- changed")
    with pytest.raises(MigrationError, match="changed"):
        await migrate(empty, tmp_path)


async def test_refuses_a_newer_database(empty: Database, tmp_path: Path) -> None:
    await migrate(empty, _write(tmp_path, m0001_one=FIRST, m0002_two=SECOND))
    (tmp_path / "0002_two.sql").unlink()
    with pytest.raises(MigrationError, match="newer"):
        await migrate(empty, tmp_path)


async def test_several_processes_at_once_apply_it_once(empty: Database, tmp_path: Path) -> None:
    _write(tmp_path, m0001_one=FIRST, m0002_two=SECOND)
    done = await asyncio.gather(*(migrate(empty, tmp_path) for _ in range(4)))
    assert sorted(name for names in done for name in names) == ["0001_one", "0002_two"]


@pytest.mark.parametrize(
    "names", [["0001_a", "0003_c"], ["0002_b"], ["0001_a", "0001_b"], ["1_a"], ["0001_A"]]
)
def test_refuses_gaps_and_odd_names(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / f"{name}.sql").write_text(FIRST)
    with pytest.raises(MigrationError):
        read(tmp_path)


async def test_the_schema_is_what_the_migrations_make(database: Database, empty: Database) -> None:
    await migrate(empty)
    assert await _schema(empty) == await _schema(database)
    created = {
        name
        for path in FOLDER.glob("*.sql")
        for name in re.findall(r"^CREATE TABLE (\w+)", path.read_text(), re.MULTILINE)
    }
    assert created <= await _tables(empty)


async def test_every_foreign_key_is_indexed(database: Database) -> None:
    missing = await database.rows(
        """
        SELECT c.conrelid::regclass::text AS table, a.attname AS column
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])
        """
    )
    # These point at a user and are looked up only when one is deleted, which hardly ever happens.
    rare = {("bin", "removed_by"), ("blocklist", "added_by")}
    assert {(row["table"], row["column"]) for row in missing} <= rare


async def _schema(database: Database) -> list[tuple[object, ...]]:
    columns = await database.rows(
        "SELECT table_name, column_name, data_type, is_nullable, column_default"
        " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
    )
    indexes = await database.rows("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
    checks = await database.rows(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
    )
    return [tuple(row) for row in (*columns, *indexes, *checks)]


async def test_judgements_written_in_english_are_still_read(empty: Database, tmp_path: Path) -> None:
    before, after = tmp_path / "before", FOLDER
    before.mkdir()
    for path in sorted(after.glob("*.sql")):
        if "typed_judgements" in path.name:
            break
        (before / path.name).write_text(path.read_text())
    await migrate(empty, before)
    search, expires = uuid.uuid4(), datetime.now(UTC) + timedelta(hours=1)
    await empty.run(
        "INSERT INTO searches (id, cache_key, query, profile, trail_id, expires_at)"
        " VALUES ($1,'k','q','hd','t',$2)",
        search,
        expires,
    )
    await empty.run(
        "INSERT INTO search_results (id, search_id, guid, provider, providers, protocol, title, score,"
        " score_reasons, rejections, release, expires_at)"
        " VALUES (gen_random_uuid(), $1, 'g', 'p', '{p}', 'torrent', 'Dune', 0,"
        ' $2, $3, \'{"name": "Dune"}\', $4)',
        search,
        [{"points": 5, "reason": "size unknown", "code": "size"}],
        [{"code": "cam", "message": "It was filmed"}, {"code": "wrong_year", "message": "The year is 1984"}],
        expires,
    )

    await migrate(empty, after)

    [result] = await SearchStore(empty).results(search)
    assert [(one.code, one.message) for one in result.judged.refusals] == [
        ("cam", "It was filmed"),
        ("wrong_year", "The year is 1984"),
    ]
    [reason] = result.judged.reasons
    assert (reason.points, reason.code, reason.reason) == (5, "size", "size unknown")
