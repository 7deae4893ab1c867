"""A film in MKV, played by segments while it is still coming in, and from the library afterwards."""

from __future__ import annotations

import asyncio
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
    film = await noisy_film("Glass.Tides.2021.1080p.WEB-DL.AAC2.0.H.264-SOKOUL.mkv", megabytes=38, seconds=30)
    return await swarm.share(film, piece_size=256 * 1024)


@pytest.fixture
async def daemon(tmp_path: Path, swarm: Swarm) -> AsyncIterator[Daemon]:
    daemon = Daemon(tmp_path / "box", {"http": {"outbound_allow": [swarm.allowed]}})
    await daemon.start()
    await daemon.sign_in()
    yield daemon
    assert await daemon.stop() == 0


class Player:
    """What hls.js does: the playlist, the initialisation segment, then pieces in any order."""

    def __init__(self, daemon: Daemon, session: dict[str, Any]) -> None:
        self._daemon, self._url = daemon, daemon.base + session["url"]
        self.lengths: list[float] = []
        self._names: list[str] = []
        self.init = b""

    async def open(self) -> None:
        lines = (await self._get(self._url)).decode().split("\n")
        self.lengths = [float(line[8:-1]) for line in lines if line.startswith("#EXTINF:")]
        self._names = [line for line in lines if line.startswith("segments/")]
        self.init = await self._get(self._url.replace("main.m3u8", "init.mp4"))

    async def piece(self, number: int) -> bytes:
        return await self._get(self._url.partition("main.m3u8")[0] + self._names[number])

    def number_at(self, seconds: float) -> int:
        return next(n for n in range(len(self.lengths)) if sum(self.lengths[: n + 1]) > seconds)

    async def _get(self, url: str) -> bytes:
        async with self._daemon.http.get(url) as reply:
            assert reply.status == 200, await reply.text()
            return await reply.read()


async def pictures_in(path: Path) -> list[str]:
    """Fingerprints of all pictures; fails when FFmpeg complains."""
    process = await asyncio.create_subprocess_exec(
        *("ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:v", "-f", "framehash", "-"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, errors = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, errors) == (0, b"")
    return [line.split(",")[-1].strip() for line in told.decode().splitlines() if not line.startswith("#")]


async def test_segments_of_a_download_are_those_of_the_film(
    daemon: Daemon, swarm: Swarm, shared: Shared, tmp_path: Path
) -> None:
    answer = await daemon.call("POST", "/downloads/start", {"magnet_link": shared.magnet}, status=202)
    path = f"/downloads/{answer['download_id']}"
    await daemon.until(path, lambda d: any(file["playable"] for file in d["files"]), within=10)

    began = time.monotonic()
    session = await daemon.call("POST", f"/streaming/{answer['download_id']}/start", {}, status=201)
    assert session["mode"] == "remux"
    player = Player(daemon, session)
    await player.open()
    first = await player.piece(0)
    print(f"first segment {time.monotonic() - began:.2f} s after play was pressed")
    began = time.monotonic()
    number = player.number_at(session["duration"] * 0.75)
    later = await player.piece(number)
    now = await daemon.call("GET", path)
    print(f"segment at 75 % after {time.monotonic() - began:.2f} s at {now['progress']:.0f} %")
    assert now["progress"] < 50

    swarm.limit(0)
    await daemon.until(path, lambda d: d["status"] in {"seeding", "completed"}, within=90)
    pieces = [await player.piece(n) for n in range(len(player.lengths))]  # the session outlives the download
    assert (pieces[0], pieces[number]) == (first, later)
    kept = next(file for file in (await daemon.call("GET", path))["files"] if file.get("file_id"))
    session = await daemon.call("POST", f"/streaming/{kept['file_id']}/start", {}, status=201)
    own = Player(daemon, session)
    await own.open()
    assert own.init == player.init
    for name, made in (("coming", pieces), ("kept", [await own.piece(n) for n in range(len(own.lengths))])):
        whole = tmp_path / f"{name}.mp4"
        whole.write_bytes(player.init + b"".join(made))
        assert await pictures_in(whole) == await pictures_in(shared.path)
