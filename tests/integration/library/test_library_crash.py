"""An import killed again and again: in the end everything is there once and whole."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from sokoul.features.library.model import ImportMode
from sokoul.features.library.walk import walk
from tests.integration.library.house import BEAR, House, build

PACK = "The.Bear.S01.1080p.WEB-GRP"
CHILD = """
import asyncio, json, sys, uuid
from pathlib import Path
from sokoul.features.library.model import ImportMode
from sokoul.store.database import Database
from tests.integration.library.house import BEAR, Done, DoneFile, build

async def main():
    told = json.loads(sys.argv[1])
    database = Database(told["database"], smallest=1, largest=2)
    await database.open()
    house = build(database, Path(told["library"]), BEAR, mode=ImportMode(told["mode"]))
    files = tuple(DoneFile(i, Path(p), n, s) for i, p, n, s in told["files"])
    done = Done(uuid.UUID(told["id"]), told["name"], files, work=told["work"])
    print("ready", flush=True)
    await house.service.adopt(done)

asyncio.run(main())
"""


@pytest.mark.parametrize("mode", ["hardlink", "copy"])
async def test_killed_at_random_points(house: House, database_url: str, mode: str) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    names = [f"{PACK}/The.Bear.S01E0{n}.mkv" for n in (1, 2, 3)]
    done = await house.finished(PACK, *names, work=BEAR)
    for file in done.files:
        with file.path.open("ab") as out:
            out.write(os.urandom(1 << 20) * 30)
    done = replace(done, files=tuple(replace(f, size_bytes=f.path.stat().st_size) for f in done.files))
    with tempfile.TemporaryDirectory(dir="/dev/shm") as disk:
        library = disk if mode == "copy" else str(house.folder / "kept")
        Path(library).mkdir(exist_ok=True)
        told = {
            "database": database_url,
            "library": library,
            "mode": mode,
            "id": str(done.id),
            "name": done.name,
            "work": done.work,
            "files": [[f.index, str(f.path), f.name, f.size_bytes] for f in done.files],
        }
        for _ in range(8):
            await _killed_after(json.dumps(told), chance.uniform(0, 0.35))
            _whole(Path(library), {file.size_bytes for file in done.files})
        after = build(house.database, Path(library), BEAR, mode=ImportMode(mode))
        adopted = await after.service.adopt(done)
        walk(after.folders.series)
        found = sorted(path for path in Path(library).rglob("*") if path.is_file())
        assert [path.name for path in found] == [f"The Bear (2022) - S01E0{n}.mkv" for n in (1, 2, 3)]
        for path, file in zip(found, done.files, strict=True):
            assert path.read_bytes() == file.path.read_bytes()
        rows = await house.database.rows("SELECT id, path FROM media_files ORDER BY path")
        assert [(row["id"], row["path"]) for row in rows] == [
            (adopted.files[file.index], str(path)) for path, file in zip(found, done.files, strict=True)
        ]
        assert await house.database.value("SELECT count(*) FROM media WHERE media_type = 'tv'") == 1
        events = await house.database.value(
            "SELECT count(*) FROM outbox WHERE subject = 'EVENTS.media.ready'"
        )
        assert events == 3
        await after.service.close()


def _whole(library: Path, sizes: set[int]) -> None:
    for path in library.rglob("*.mkv"):
        assert path.stat().st_size in sizes, path


async def _killed_after(told: str, seconds: float) -> None:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CHILD, told),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert child.stdout is not None
    await child.stdout.readline()
    try:
        await asyncio.wait_for(child.wait(), seconds)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
