"""A stream of others, found by a search and played in the page; and kept."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from sokoul.testing.fake_consumet import FakeConsumet, FakeStream
from sokoul.testing.fake_streams import PLAYLIST, FakeStreams
from sokoul.testing.fake_tmdb import FakeTmdb
from tests.e2e.browser import Watch, chromium, keep, until
from tests.e2e.daemon import Daemon
from tests.e2e.test_pages_search import by, signed_in
from tests.samples import sample

REFERER = "https://player.example/"
DUNE = 693134


@dataclass
class World:
    daemon: Daemon
    streams: FakeStreams


def cut(folder: Path) -> dict[str, bytes]:
    """A film of twenty seconds as HLS."""
    folder.mkdir()
    arguments = ["-c", "copy", "-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "media.m3u8"]
    command = ["ffmpeg", "-v", "error", "-i", str(sample("end.mp4")), *arguments]
    subprocess.run(command, cwd=folder, check=True)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        consumet = await stack.enter_async_context(FakeConsumet())
        streams = await stack.enter_async_context(FakeStreams())
        tmdb = await stack.enter_async_context(FakeTmdb(api_key="k"))
        streams.referer = REFERER
        for name, content in cut(tmp_path / "hls").items():
            streams.put(f"/hls/{name}", content, PLAYLIST if name.endswith("m3u8") else "video/mp2t")
        master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=320x180\nmedia.m3u8\n"
        url = streams.put("/hls/master.m3u8", master.encode(), PLAYLIST)
        text = streams.put("/en.vtt", b"WEBVTT\n\n00:00.000 --> 00:19.000\nHello there\n", "text/vtt")
        consumet.films[DUNE] = FakeStream([("1080p", url)], {"Referer": REFERER}, [("en", text)])
        source = {"api_key": "k", "base_url": tmdb.base_url, "image_base_url": tmdb.image_base_url}
        settings = {
            "http": {"outbound_allow": [f"127.0.0.1:{streams.port}"]},
            "search": {"timeout": 8},
            "providers": {"tmdb": source, "consumet": {"url": consumet.url, "provider": "flixhq"}},
        }
        daemon = Daemon(tmp_path / "box", settings)
        await daemon.start()
        await daemon.sign_in()
        yield World(daemon, streams)
        assert await daemon.stop() == 0


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


def finished(told: dict[str, Any]) -> bool:
    return bool(told["items"]) and told["items"][0]["status"] in {"completed", "failed"}


async def test_a_stream_of_others_plays_in_the_page(world: World, browser: Browser) -> None:
    daemon = world.daemon
    page = await signed_in(browser, daemon)
    watch = Watch(daemon.base)
    watch.over(page)
    await page.goto(daemon.base + "/search?q=dune+part+two")
    play = f"{by('results')} {by('result-play')}"
    await page.wait_for_selector(play, timeout=15_000)
    await keep(page, "stream-found")
    await page.click(f"{by('results')} {by('result-download')}")
    await page.click(play)
    await page.wait_for_url("**/watch/result/*")
    await until(page, "document.querySelector('video').currentTime > 1.5")
    await page.evaluate("document.querySelector('video').currentTime = 14")
    await until(page, "document.querySelector('video').currentTime > 15")
    await keep(page, "stream-playing")
    assert watch.complaints == []
    done = await daemon.until("/downloads", finished, within=60)
    kept = done["items"][0]
    assert (kept["status"], kept["via"], kept["error"]) == ("completed", "link", None)
    assert kept["files"][0]["file_id"]
    assert kept["imported_at"]
    await page.goto(daemon.base + "/downloads")
    await keep(page, "stream-kept")
    asked = [request for request in world.streams.requests if request.path.startswith("/hls/")]
    assert all(request.headers.get("Referer") == REFERER for request in asked)
    assert not any("Cookie" in request.headers for request in asked)
