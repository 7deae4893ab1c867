"""Bring the schema up to date: numbered SQL files, each in one transaction, in order, once."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import structlog

from sokoul.domain.errors import SokoulError
from sokoul.store.database import Database

log = structlog.get_logger(__name__)

FOLDER = Path(__file__).parents[2] / "migrations"
# Any constant: it only has to be the same in every process that migrates this database.
_LOCK = 0x50_4B_4F_55_4C
_EXTENSION = "CREATE EXTENSION IF NOT EXISTS vector;"
_HAS_VECTORS = """
SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'vector') OR EXISTS (
    SELECT 1 FROM pg_available_extension_versions v, pg_roles r
    WHERE v.name = 'vector' AND r.rolname = current_user AND (v.trusted OR r.rolsuper))
"""
_FILE = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")


class MigrationError(SokoulError):
    """The schema cannot be brought up to date; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read(folder: Path = FOLDER) -> list[Migration]:
    """The migrations in order; raises `MigrationError` on a gap or an odd name."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        match = _FILE.match(path.name)
        if match is None:
            raise MigrationError(f"{path.name}: a migration is named 0001_what.sql")
        found.append(Migration(int(match[1]), path.stem, path.read_text(encoding="utf-8")))
    if [m.number for m in found] != list(range(1, len(found) + 1)):
        raise MigrationError(f"{folder}: the migrations are not numbered 1, 2, 3 … without a gap")
    return found


async def migrate(database: Database, folder: Path = FOLDER, *, vectors: bool | None = None) -> list[str]:
    """Apply what is missing and return the names; several processes may call this at once.

    `vectors` says whether pgvector is to be used; by itself it is where it can be.
    """
    wanted = read(folder)
    applied: list[str] = []
    async with database.dedicated() as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations (number integer PRIMARY KEY, name text NOT NULL,"
            " checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        done = {row["number"]: row for row in await connection.fetch("SELECT * FROM schema_migrations")}
        newest = max(done, default=0)
        if newest > len(wanted):
            raise MigrationError(
                f"The database is at schema {newest}, this program knows {len(wanted)}: "
                "install the newer program"
            )
        if vectors is None:
            vectors = await _may_have_vectors(connection)
        for migration in wanted:
            if migration.number in done:
                if done[migration.number]["checksum"] != migration.checksum:
                    raise MigrationError(f"{migration.name} was changed after it had been applied")
                continue
            await _apply(connection, migration, vectors=vectors)
            applied.append(migration.name)
    return applied


async def _may_have_vectors(connection: asyncpg.Connection) -> bool:
    """Whether pgvector is in this database, or may be put in by whom we connect as."""
    return bool(await connection.fetchval(_HAS_VECTORS))


def without_vectors(sql: str) -> str:
    """The same schema for a PostgreSQL without pgvector: what is searched in memory is kept as an array."""
    return sql.replace(_EXTENSION, "").replace("vector(384)", "real[]")


async def _apply(connection: asyncpg.Connection, migration: Migration, *, vectors: bool) -> None:
    try:
        async with connection.transaction():
            await connection.execute(migration.sql if vectors else without_vectors(migration.sql))
            await connection.execute(
                "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
                migration.number,
                migration.name,
                migration.checksum,
            )
    except asyncpg.PostgresError as err:
        raise MigrationError(f"{migration.name} failed: {err}") from err
    log.info("schema brought up to date", migration=migration.name)
