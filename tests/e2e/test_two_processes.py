"""One process answers, another works; they share PostgreSQL, Redis and NATS."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sokoul.config.load import load
from sokoul.engines.embedded.servers import EmbeddedServers, Urls
from sokoul.testing.swarm import Shared, Swarm
from tests.e2e.daemon import Daemon
from tests.e2e.media import noisy_film
from tests.e2e.test_trip import digest, first_frame, playable


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[Urls]:
    embedded = EmbeddedServers()
    config = load(None, {"SOKOUL_STATE_DIR": str(tmp_path / "servers")}).config
    yield await embedded.start(config)
    await embedded.close()


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[tuple[Swarm, Shared]]:
    film = await noisy_film("Glass.Tides.2021.1080p.WEB-DL.AAC2.0.H.264-SOKOUL.mkv")
    async with Swarm(tmp_path / "swarm", rate=4_000_000) as swarm:
        yield swarm, await swarm.share(film)


def process(tmp_path: Path, name: str, roles: str, servers: Urls, swarm: Swarm) -> Daemon:
    return Daemon(
        tmp_path / name,
        {
            "services": {"postgres": servers.postgres, "redis": servers.redis, "nats": servers.nats},
            "http": {"outbound_allow": [swarm.allowed]},
            "torrent": {"directory": str(tmp_path / "shared" / "downloads")},
            "library": {
                "movies": str(tmp_path / "shared" / "movies"),
                "series": str(tmp_path / "shared" / "series"),
            },
        },
        arguments=("--roles", roles),
    )


@pytest.mark.timeout(180)
async def test_a_second_worker_finishes_what_the_first_began(
    tmp_path: Path, servers: Urls, shared: tuple[Swarm, Shared]
) -> None:
    swarm, film = shared
    api = process(tmp_path, "api", "api", servers, swarm)
    first = process(tmp_path, "first", "scout,hunter", servers, swarm)
    second = process(tmp_path, "second", "scout,hunter", servers, swarm)
    original = hashlib.sha256(film.path.read_bytes()).hexdigest()
    try:
        await asyncio.gather(api.start(), first.start())
        await api.sign_in()
        download_id = (await api.call("POST", "/downloads/start", {"magnet_link": film.magnet}))[
            "download_id"
        ]
        download = await api.until(f"/downloads/{download_id}", playable, within=15)
        url = next(file for file in download["files"] if file["playable"])["stream_url"]
        await first_frame(api.base + url, at=45)
        await first.kill()
        await second.start()
        relayed = await asyncio.wait_for(digest(api, url), 90)
        assert relayed == original
        kept = await api.until(
            f"/downloads/{download_id}", lambda d: d["status"] in {"seeding", "completed"}, within=60
        )
        files = (await api.call("GET", f"/media/{kept['media_id']}/files"))["items"]
        assert await digest(api, files[0]["stream_url"]) == original
        for daemon in (second, api):
            assert await daemon.stop() == 0
    finally:
        for daemon in (second, first, api):
            await daemon.end()
