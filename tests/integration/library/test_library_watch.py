"""Folders watched: a file that is put there appears, one that is taken away goes."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Collection
from pathlib import Path

import pytest

from sokoul.features.library.watch import Watcher
from sokoul.store.database import Database
from tests.integration.library.house import DUNE, House, build
from tests.waiting import until

FILM = "movies/Dune - Part Two (2024)/Dune - Part Two (2024) - 1080p.mkv"


@pytest.fixture
async def watched(house: House) -> AsyncIterator[House]:
    """A library whose watcher runs."""
    watcher = Watcher(house.folders, house.service.scanner)
    task = asyncio.get_running_loop().create_task(watcher.run())
    await until(house.folders.movies.is_dir)
    await until(house.folders.series.is_dir)
    yield house
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_is_put_into_the_folder_is_listed(watched: House) -> None:
    film = watched.film(FILM)
    await until(watched.paths, within=20)
    film.rename(film.with_name("other.mkv"))

    async def renamed() -> bool:
        return (await watched.paths())[0].endswith("other.mkv")

    await until(renamed, within=20)
    shutil.rmtree(film.parent)

    async def gone() -> bool:
        return not await watched.paths()

    await until(gone, within=20)


class Touches:
    """Changes that a test tells."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[set[Path]] = asyncio.Queue()

    async def __call__(self, folders: Collection[Path]) -> AsyncIterator[set[Path]]:
        while True:
            yield await self.told.get()


async def test_a_file_that_grows_is_looked_at_again_when_it_rests(database: Database, tmp_path: Path) -> None:
    house = build(database, tmp_path, DUNE, settled_after=0.8)
    touches = Touches()
    watcher = Watcher(house.folders, house.service.scanner, changes=touches, settle=0.1)
    task = asyncio.get_running_loop().create_task(watcher.run())
    await until(house.folders.movies.is_dir)
    film = house.film(FILM)
    await touches.told.put({film})
    with film.open("ab") as file:
        for _ in range(10):
            file.write(b"more")
            file.flush()
            await asyncio.sleep(0.05)
    await until(house.paths, within=20)
    assert len(house.prober.probed) == 1
    assert await database.value("SELECT size_bytes FROM media_files") == film.stat().st_size
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_is_due_after_a_whole_scan_is_done(house: House) -> None:
    done = asyncio.Event()

    async def after() -> None:
        done.set()

    watcher = Watcher(house.folders, house.service.scanner, watch=False, after_whole=after)
    task = asyncio.get_running_loop().create_task(watcher.run())
    await asyncio.wait_for(done.wait(), 10)
    done.clear()
    watcher.wake()
    await asyncio.wait_for(done.wait(), 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
