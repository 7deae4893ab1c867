"""Streams of a Consumet-compatible server, from the search to their bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sokoul.bus.bus import Bus
from sokoul.engines.embedded.servers import Urls
from sokoul.testing.fake_consumet import FakeConsumet, FakeStream
from sokoul.testing.fake_streams import FakeStreams
from sokoul.testing.fake_tmdb import FakeTmdb
from tests.integration.house import House
from tests.integration.wide_house import opened
from tests.waiting import until

REFERER = "https://player.example/"
DUNE = 693134
SEGMENTS = [b"segment one" * 500, b"segment two" * 500]


@dataclass
class Streamed:
    house: House
    consumet: FakeConsumet
    streams: FakeStreams


@pytest.fixture
async def streamed(servers: Urls, database_url: str, bus: Bus, tmp_path: Path) -> AsyncIterator[Streamed]:
    async with FakeConsumet() as consumet, FakeStreams() as streams, FakeTmdb(api_key="k") as tmdb:
        streams.referer = REFERER
        sources = [
            ("1080p", streams.put_hls("/hls", SEGMENTS)),
            ("720p", streams.put("/720.mp4", b"film" * 100)),
        ]
        subtitles = [("English", streams.put("/en.vtt", b"WEBVTT\n", "text/vtt"))]
        consumet.films[DUNE] = FakeStream(sources, {"Referer": REFERER}, subtitles)
        consumet.episodes[1399, 1, 2] = FakeStream(sources, {"Referer": REFERER})
        settings = {
            "http": {"outbound_allow": [f"127.0.0.1:{streams.port}"]},
            "search": {"timeout": 10},
            "providers": {
                "consumet": {"url": consumet.url, "provider": "flixhq"},
                "tmdb": {"api_key": "k", "base_url": tmdb.base_url, "language": "en-US"},
            },
        }
        async with opened(servers, database_url, tmp_path, ["scout"], settings) as house:
            yield Streamed(house, consumet, streams)


async def test_a_search_finds_streams_that_play(streamed: Streamed) -> None:
    ask, house = streamed.house.ask, streamed.house
    body = {"query": "Dune Part Two", "media_type": "movie", "tmdb_id": DUNE}
    told = (await ask("alice", "POST", "/search", body))[1]

    async def done() -> bool:
        return (await ask("alice", "GET", f"/search/{told['search_id']}"))[1]["status"] == "completed"

    await until(done)
    results = (await ask("alice", "GET", f"/search/{told['search_id']}"))[1]["results"]
    best = results[0]
    assert (best["protocol"], best["rejected"], best["release"]["resolution"]) == ("hls", False, "1080p")
    assert REFERER not in str(results)
    status, found = await ask("alice", "GET", f"/streaming/results/{best['result_id']}")
    assert (status, found["kind"], found["sources"][0]["type"]) == (200, "hls", "hls")
    async with house.http.get(house.url + found["sources"][0]["url"]) as reply:
        assert reply.status == 200
        media = next(line for line in (await reply.text()).splitlines() if line.startswith("/"))
    async with house.http.get(house.url + media) as reply:
        lines = [line for line in (await reply.text()).splitlines() if line.startswith("/")]
    bodies = []
    for line in lines:
        async with house.http.get(house.url + line) as reply:
            bodies.append(await reply.read())
    assert bodies == SEGMENTS
    async with house.http.get(house.url + found["subtitles"][0]["url"]) as reply:
        assert (reply.status, reply.content_type) == (200, "text/vtt")
    status, _ = await ask("bob", "GET", f"/streaming/results/{best['result_id']}")
    assert status == 404


async def test_streams_of_a_work(streamed: Streamed) -> None:
    ask = streamed.house.ask
    status, found = await ask("alice", "GET", f"/streaming/consumet/movie/{DUNE}")
    assert (status, [one["quality"] for one in found["sources"]]) == (200, ["1080p", "720p"])
    assert all(one["url"].startswith("/api/v1/streaming/proxy?token=") for one in found["sources"])
    assert [one["language"] for one in found["subtitles"]] == ["English"]
    status, found = await ask("alice", "GET", "/streaming/consumet/tv/1399?season=1&episode=2")
    assert (status, len(found["sources"])) == (200, 2)
    for path, wanted in (
        ("tv/1399", 422),
        ("tv/1399?season=1&episode=9", 404),
        ("movie/1", 404),
        ("film/1", 404),
        ("movie/x", 404),
        ("tv/1399?season=a&episode=1", 422),
    ):
        assert (await ask("alice", "GET", f"/streaming/consumet/{path}"))[0] == wanted, path
    streamed.consumet.status = 500
    assert (await ask("alice", "GET", f"/streaming/consumet/movie/{DUNE}"))[0] == 503
