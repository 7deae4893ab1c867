"""The trip with real parts: a magnet from a swarm, watched while it comes in, kept as the same bytes."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sokoul.testing.swarm import Shared, Swarm
from tests.e2e.daemon import Daemon
from tests.e2e.media import noisy_film

RATE = 2_000_000


@pytest.fixture
async def swarm(tmp_path: Path) -> AsyncIterator[Swarm]:
    async with Swarm(tmp_path / "swarm", rate=RATE) as swarm:
        yield swarm


@pytest.fixture
async def shared(swarm: Swarm) -> Shared:
    film = await noisy_film("Glass.Tides.2021.1080p.WEB-DL.AAC2.0.H.264-SOKOUL.mkv")
    return await swarm.share(film, piece_size=256 * 1024)


@pytest.fixture
async def daemon(tmp_path: Path, swarm: Swarm) -> AsyncIterator[Daemon]:
    daemon = Daemon(tmp_path / "box", {"http": {"outbound_allow": [swarm.allowed]}})
    await daemon.start()
    await daemon.sign_in()
    yield daemon
    assert await daemon.stop() == 0


async def first_frame(url: str, at: float) -> float:
    """Seconds until FFmpeg has decoded one frame at this place of the film."""
    started = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *("ffmpeg", "-nostdin", "-v", "error", "-ss", str(at), "-i", url, "-map", "0:v"),
        *("-frames:v", "1", "-f", "null", "-"),
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, errors.decode()
    return time.monotonic() - started


async def digest(daemon: Daemon, url: str) -> str:
    hasher = hashlib.sha256()
    async with daemon.http.get(daemon.base + url) as reply:
        assert reply.status == 200
        async for chunk in reply.content.iter_chunked(1 << 20):
            hasher.update(chunk)
    return hasher.hexdigest()


def playable(download: dict[str, Any]) -> bool:
    return any(file["playable"] and file.get("stream_url") for file in download["files"])


async def test_a_magnet_is_watched_while_it_comes_and_kept_as_it_is(daemon: Daemon, shared: Shared) -> None:
    started = time.monotonic()
    download_id = (await daemon.call("POST", "/downloads/start", {"magnet_link": shared.magnet}, status=202))[
        "download_id"
    ]
    path = f"/downloads/{download_id}"
    download = await daemon.until(path, playable, within=10)
    print(f"playable after {time.monotonic() - started:.2f} s")

    film = next(file for file in download["files"] if file["playable"])
    seconds = await first_frame(daemon.base + film["stream_url"], at=45)
    now = await daemon.call("GET", path)
    print(f"frame at 75 % after {seconds:.2f} s at {now['progress']:.0f} %")
    assert now["progress"] < 50

    original = hashlib.sha256(shared.path.read_bytes()).hexdigest()
    assert await digest(daemon, film["stream_url"]) == original

    kept = await daemon.until(path, lambda d: d["status"] in {"seeding", "completed"}, within=60)
    assert kept["imported_at"]
    assert kept["media_id"]
    file_id = kept["files"][film["index"]]["file_id"]
    files = (await daemon.call("GET", f"/media/{kept['media_id']}/files"))["items"]
    own = next(file for file in files if file["file_id"] == file_id)
    downloaded = next((daemon.folder / "downloads").rglob(shared.name))
    assert Path(own["path"]).stat().st_ino == downloaded.stat().st_ino
    assert await digest(daemon, own["stream_url"]) == original
    again = await daemon.call("POST", "/downloads/start", {"magnet_link": shared.magnet}, status=200)
    assert again["download_id"] == download_id


async def test_two_viewers_and_a_seek_get_the_right_bytes(daemon: Daemon, shared: Shared) -> None:
    download_id = (await daemon.call("POST", "/downloads/start", {"magnet_link": shared.magnet}))[
        "download_id"
    ]
    download = await daemon.until(f"/downloads/{download_id}", playable, within=10)
    url = daemon.base + next(file for file in download["files"] if file["playable"])["stream_url"]
    whole = shared.path.read_bytes()

    async def part(start: int) -> bool:
        async with daemon.http.get(url, headers={"Range": f"bytes={start}-{start + 999_999}"}) as reply:
            assert reply.status == 206
            assert reply.headers["Content-Range"] == f"bytes {start}-{start + 999_999}/{len(whole)}"
            return await reply.read() == whole[start : start + 1_000_000]

    places = [int(len(whole) * place) for place in (0.8, 0.3, 0.55)]
    assert all(await asyncio.gather(*(part(place) for place in places)))
    async with daemon.http.get(url, headers={"Range": f"bytes={len(whole)}-"}) as reply:
        assert reply.status == 416
    async with daemon.http.head(url) as reply:
        assert (reply.status, int(reply.headers["Content-Length"])) == (200, len(whole))
