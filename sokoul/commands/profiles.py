"""`sokoul profiles list`, `sokoul profiles import`: quality profiles, beside a daemon or without one."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TextIO

from sokoul import log
from sokoul.app.profiles import configured_now
from sokoul.config.model import Config
from sokoul.domain.errors import Invalid, SokoulError
from sokoul.engines.embedded.servers import database_url
from sokoul.features.profiles.importing import take_in
from sokoul.features.profiles.service import ProfileService
from sokoul.features.profiles.trash import Given
from sokoul.store.database import Database
from sokoul.store.migrate import migrate
from sokoul.store.profiles import ProfileStore

DONE, FAILED = 0, 1
_LARGEST = 4 << 20


def run(config: Config, options: argparse.Namespace, stdout: TextIO) -> int:
    """Do what `options.action` says; returns the exit code."""
    log.configure("warning", "text", secrets=log.secrets_of(config))
    try:
        given = [_read(path) for path in getattr(options, "files", ())]
        lines = asyncio.run(_act(config, options, given))
    except SokoulError as error:
        print(error, file=sys.stderr)  # noqa: T201  the answer to a person
        return FAILED
    stdout.write("".join(f"{line}\n" for line in lines))
    return DONE


def _read(path: Path) -> Given:
    """The whole path is kept: its folders tell Radarr's files from Sonarr's."""
    try:
        if path.stat().st_size > _LARGEST:
            raise Invalid(str(path), "is larger than 4 MiB")
        return Given(str(path), path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as err:
        raise Invalid(str(path), f"cannot be read: {err}") from err


async def _act(config: Config, options: argparse.Namespace, given: list[Given]) -> list[str]:
    async with _service(config) as service:
        if options.action == "list":
            return [f"{kept.profile.name}{' (configuration file)' * kept.locked}" for kept in service.all()]
        taken = await take_in(service, given, app=options.app, into=options.into, save=not options.dry_run)
        done = "Read" if options.dry_run else "Imported"
        told = [f"{done} {each.name}: {len(each.formats)} formats" for each in taken.profiles]
        return [*told, *(f"Note: {note}" for note in taken.notes)]


@asynccontextmanager
async def _service(config: Config) -> AsyncIterator[ProfileService]:
    async with database_url(config) as url:
        database = Database(url, smallest=1, largest=2)
        await database.open()
        try:
            if config.services.migrate:
                await migrate(database)
            yield await looked_at(config, database)
        finally:
            await database.close()


async def looked_at(config: Config, database: Database) -> ProfileService:
    """The profiles as they are now; raises `Unavailable`."""
    service = ProfileService(*configured_now(config), ProfileStore(database), _Nobody())
    await service.load()
    return service


class _Nobody:
    """A running daemon looks by itself every few seconds, and before each search."""

    async def signal(self, name: str, data: Mapping[str, Any]) -> None:
        del name, data
