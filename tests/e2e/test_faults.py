"""kill -9 at random points of search, download and import: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_tmdb import FakeTmdb
from sokoul.testing.films import AURORA, make
from sokoul.testing.swarm import Shared, Swarm
from tests.e2e.daemon import Daemon
from tests.e2e.media import CACHE

ROUNDS = int(os.environ.get("SOKOUL_KILLS", "4"))
READY_WITHIN = 10
RATE = 12_000_000


@pytest.fixture
async def swarm(tmp_path: Path) -> AsyncIterator[Swarm]:
    async with Swarm(tmp_path / "swarm", rate=RATE) as swarm:
        yield swarm


@pytest.fixture
async def shared(swarm: Swarm) -> Shared:
    return await swarm.share(await make(AURORA, CACHE))


@pytest.fixture
async def settings(swarm: Swarm, shared: Shared) -> AsyncIterator[dict[str, Any]]:
    release = FakeRelease(
        shared.name.rpartition(".")[0],
        shared.size,
        5,
        category=2040,
        info_hash=shared.info_hash,
        magnet=shared.magnet,
    )
    async with FakeTmdb(api_key="k") as tmdb, FakeIndexer([release], api_key="k") as indexer:
        indexer.hang = 0.3
        yield {
            "http": {"outbound_allow": [swarm.allowed]},
            "providers": {
                "tmdb": {
                    "api_key": "k",
                    "base_url": tmdb.base_url,
                    "image_base_url": tmdb.image_base_url,
                    "language": "en-US",
                },
                "indexers": [{"name": "one", "type": "torznab", "url": indexer.torznab_url, "api_key": "k"}],
            },
        }


def finals(folder: Path) -> Mapping[Path, str]:
    """Every file under a final name in the library, and the digest of its content."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix == ".mkv")
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


async def begin(daemon: Daemon) -> tuple[str, str | None]:
    """A search, and the download of what won; what the daemon has accepted by then is what counts."""
    search = await daemon.call("POST", "/search", {"query": "Aurora Field", "media_type": "movie"})
    path = f"/search/{search['search_id']}"
    done = await daemon.until(path, lambda answer: answer["status"] in {"completed", "failed"}, within=30)
    torrents = (result for result in done["results"] if result["protocol"] == "torrent")
    winner = next(result for result in torrents if not result["rejected"])
    download = await daemon.call("POST", "/downloads/start", {"result_id": winner["result_id"]})
    return search["search_id"], download["download_id"]


@pytest.mark.timeout(900)
async def test_a_kill_at_any_moment_loses_nothing_and_doubles_nothing(
    tmp_path: Path, settings: dict[str, Any], shared: Shared
) -> None:
    seed = int(os.environ.get("SOKOUL_SEED", "0")) or random.randrange(1_000_000)
    print(f"seed {seed}")
    dice = random.Random(seed)
    original = hashlib.sha256(shared.path.read_bytes()).hexdigest()
    for number in range(ROUNDS):
        everything = bool(number % 2)
        daemon = Daemon(tmp_path / f"box{number}", settings)
        try:
            await one_round(daemon, original, dice.uniform(0.05, 4.5), everything=everything)
        finally:
            await daemon.end()


async def one_round(daemon: Daemon, original: str, moment: float, *, everything: bool) -> None:
    await daemon.start()
    await daemon.sign_in()
    acting = asyncio.create_task(begin(daemon))
    await asyncio.sleep(moment)
    await daemon.kill(descendants=everything)
    accepted = (
        acting.result() if acting.done() and not acting.cancelled() and not acting.exception() else None
    )
    acting.cancel()
    await asyncio.gather(acting, return_exceptions=True)
    started = time.monotonic()
    await daemon.start(within=READY_WITHIN)
    print(
        f"killed {'all' if everything else 'the daemon'} after {moment:.2f} s, "
        f"ready in {time.monotonic() - started:.2f} s"
    )
    await daemon.sign_in()
    if accepted is not None:
        listed = await daemon.call("GET", "/downloads")
        assert [item["download_id"] for item in listed["items"]] == [accepted[1]]
    assert all(content == original for content in finals(daemon.folder / "media").values())
    _, download_id = await begin(daemon)
    ended = await daemon.until(
        f"/downloads/{download_id}", lambda d: d["status"] in {"seeding", "completed", "failed"}, within=60
    )
    assert ended["status"] != "failed", ended
    media = await daemon.call("GET", "/media?type=movie")
    assert [item["title"] for item in media["items"]] == ["Aurora Field"]
    kept = finals(daemon.folder / "media")
    assert list(kept.values()) == [original]
    assert (await daemon.call("GET", "/downloads"))["total"] == 1
    assert (await daemon.call("GET", "/admin/dead-letters"))["total"] == 0
    assert await daemon.stop() == 0
