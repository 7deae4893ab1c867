"""Searching with real PostgreSQL, cache and bus, against servers that answer like indexers and TMDB."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from sokoul.bus.bus import Bus
from sokoul.domain.errors import Invalid, NotFound
from sokoul.domain.media import MediaType
from sokoul.features.search.model import SearchWish, Status
from sokoul.providers.metadata.sources import MetadataSources
from sokoul.providers.metadata.tmdb import Tmdb, TmdbConfig
from sokoul.providers.metadata.tvmaze import Tvmaze, TvmazeConfig
from sokoul.store.cache import Cache
from sokoul.store.database import Database
from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_tmdb import FakeTmdb
from sokoul.testing.fake_tvmaze import FakeTvmaze
from tests.integration.search_house import SearchHouse as House
from tests.waiting import until

GB = 1_000_000_000
WINNER = "Dune.Part.Two.2024.1080p.BluRay.x265.DDP5.1-GRP"


def release(title: str, gigabytes: float = 8, seeders: int = 50, *, same: str | None = None) -> FakeRelease:
    digest = hashlib.sha1((same or title).encode(), usedforsecurity=False).hexdigest()
    return FakeRelease(title, int(gigabytes * GB), seeders, info_hash=digest)


# Fifteen of three sources: what is right, what is wrong and how, and the same twice.
FIRST = [
    release(WINNER, 9, 300),
    release("Dune.Part.Two.2024.HDCAM.1080p.x264-CAM", 3, 900),
    release("Dune.1984.1080p.BluRay.x264-GRP", 9),
    release("Dune.Part.Two.2024.1080p.WEB-DL.x264.exe", 2),
    release("Dune.Prophecy.S01E01.1080p.WEB.h264-GRP", 3),
]
SECOND = [
    release(WINNER, 9, 120),
    release("Dune.2021.1080p.BluRay.x264-GRP", 10),
    release("Dune.Part.Two.2024.1080p.HDTS.x264-GRP", 4),
    release("Dune.Part.Two.2024.1080p.WEB-DL.sample-GRP", 0.05),
    release("Hans Zimmer - Dune Part Two (Original Motion Picture Soundtrack) 2024 FLAC", 0.6),
]
THIRD = [
    release("Dune.Part.Two.2024.2160p.WEB-DL.x265.DV-GRP", 22, 200),
    release("Dune.Part.Two.2024.720p.WEBRip.x264-GRP", 2),
    release("Jodorowskys.Dune.2013.DOCUMENTARY.1080p.BluRay.x264-GRP", 6),
    release("Dune.Part.Two.2024.DVDSCR.x264-GRP", 1.5),
    release("Dune.Part.Two.2024.1080p.WEB-DL.x264-NOSEEDS", 8, 0),
]
WRONG = {
    FIRST[1].title: "cam",
    FIRST[2].title: "wrong_year",
    FIRST[3].title: "dangerous_file",
    FIRST[4].title: "wrong_title",
    SECOND[1].title: "wrong_year",
    SECOND[2].title: "telesync",
    SECOND[3].title: "sample",
    SECOND[4].title: "soundtrack",
    THIRD[1].title: "quality",
    THIRD[2].title: "wrong_title",
    THIRD[3].title: "screener",
    THIRD[4].title: "few_seeders",
}


@pytest.fixture
async def house(database: Database, cache: Cache, bus: Bus) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        house = House(database, cache, bus, stack)
        stack.push_async_callback(house.tasks.close)
        yield house


@pytest.fixture
async def tmdb(house: House) -> FakeTmdb:
    fake = await house.stack.enter_async_context(FakeTmdb())
    http = await house.http()
    source = Tmdb(TmdbConfig("key", fake.base_url, timeout=5), http, house.cache)
    house.sources.metadata = MetadataSources([source])
    return fake


@pytest.fixture
async def fakes(house: House) -> list[FakeIndexer]:
    found = [await house.stack.enter_async_context(FakeIndexer(each)) for each in (FIRST, SECOND, THIRD)]
    await house.indexers(*found)
    return found


@pytest.mark.usefixtures("tmdb", "fakes")
async def test_dune_2(house: House) -> None:
    await house.open()
    alice = await house.user()
    told = await house.search(alice)
    assert told["identified"]["tmdb_id"] == 693134
    assert (told["identified"]["year"], told["identified"]["media_type"]) == (2024, "movie")
    states = {state["name"]: state for state in told["providers"]}
    assert {states[f"source{n}"]["status"] for n in range(3)} == {"ok"}
    assert {states[f"source{n}"]["count"] for n in range(3)} == {5}
    results = {result["title"]: result for result in told["results"]}
    assert len(told["results"]) == len(results) == 14
    best = told["results"][0]
    assert best["title"] == WINNER
    assert sorted(best["providers"]) == ["source0", "source1"]
    assert best["seeders"] == 300
    for result in told["results"]:
        assert sum(reason["points"] for reason in result["score_reasons"]) == result["score"]
        assert result["rejected"] == bool(result["rejection_codes"])
        assert len(result["rejections"]) == len(result["rejection_codes"])
        if result["rejected"]:
            assert (result["score"], result["score_reasons"]) == (0, [])
    for title, code in WRONG.items():
        assert code in results[title]["rejection_codes"], title
    assert {r["title"] for r in told["results"] if not r["rejected"]} == {WINNER, THIRD[0].title}
    order = [result["rejected"] for result in told["results"]]
    assert order == sorted(order)
    assert best["release"]["resolution"] == "1080p"


@pytest.mark.usefixtures("tmdb", "fakes")
async def test_results_are_told_as_they_come(house: House) -> None:
    await house.open()
    told = await house.search(await house.user())
    await until(lambda: any(event["event"] == "search.finished" for event in house.events))
    kinds = [e["event"] for e in house.events if e["topic"] == f"search:{told['search_id']}"]
    assert kinds[:2] == ["search.stages", "search.identified"]
    stages = [e["data"]["stages"] for e in house.events if e["event"] == "search.stages"]
    assert [(one["name"], one["status"]) for one in stages[0]] == [("metadata", "running")]
    assert stages[0][0]["limit_ms"] > 0
    assert {"metadata", "providers", "scoring"} <= {one["name"] for one in stages[-1]}
    assert kinds[-1] == "search.finished"
    assert kinds.count("search.provider") == 4
    shown = {r["result_id"] for e in house.events for r in e["data"].get("results", [])}
    assert {r["result_id"] for r in told["results"]} <= shown


@pytest.mark.usefixtures("tmdb")
async def test_the_answer_in_the_middle_says_what_runs_and_for_how_long(
    house: House, fakes: list[FakeIndexer]
) -> None:
    fakes[1].hang = 60
    await house.open(timeout=8)
    alice = await house.user()
    asked = await house.service.request(SearchWish("Dune 2"), alice)
    running = asyncio.create_task(house.service.run(asked.search_id))
    try:

        async def middle() -> dict[str, Any] | None:
            told = json.loads(await house.service.answer(asked.search_id, alice))
            states = {one["name"]: one["status"] for one in told["providers"]}
            return told if states.get("source0") == "ok" else None

        told = await until(middle, within=7)
        assert told["status"] == "running"
        assert told["results"]
        waiting = next(one for one in told["providers"] if one["name"] == "source1")
        assert waiting["status"] == "running"
        assert 0 < waiting["limit_ms"] <= 8000
        assert waiting["started_ms"] < told["elapsed_ms"] < 8000
        stages = {one["name"]: one for one in told["stages"]}
        assert stages["metadata"]["status"] == "ok"
        assert stages["providers"]["status"] == "running"
        assert stages["providers"]["limit_ms"] + stages["providers"]["started_ms"] <= 8100
    finally:
        await running
    done = json.loads(await house.service.answer(asked.search_id, alice))
    assert {one["status"] for one in done["stages"]} == {"ok"}
    late = next(one for one in done["providers"] if one["name"] == "source1")
    assert "give it more time" in late["error"]


@pytest.mark.usefixtures("tmdb")
async def test_a_hanging_provider_delays_nobody(house: House, fakes: list[FakeIndexer]) -> None:
    fakes[1].hang = 60
    await house.open(timeout=2)
    alice = await house.user()
    started = time.monotonic()
    told = await house.search(alice)
    assert time.monotonic() - started < 2.5
    states = {state["name"]: state for state in told["providers"]}
    assert states["source1"]["status"] == "timeout"
    assert "did not answer within" in states["source1"]["error"]
    assert states["source0"]["status"] == states["source2"]["status"] == "ok"
    assert told["status"] == "completed"
    assert len(told["results"]) == 10

    async def left() -> int:
        key = await house.database.value("SELECT cache_key FROM searches")
        return max(0, await house.cache.redis.pttl(f"search:answer:{key}"))

    assert await until(left) <= 60_000


@pytest.mark.usefixtures("tmdb")
async def test_partial_results_can_be_read_meanwhile(house: House, fakes: list[FakeIndexer]) -> None:
    fakes[1].hang = 60
    await house.open(timeout=4)
    alice = await house.user()
    asked = await house.service.request(SearchWish("Dune 2"), alice)

    async def partial() -> dict[str, Any] | None:
        told: dict[str, Any] = json.loads(await house.service.answer(asked.search_id, alice))
        return told if len(told["results"]) == 10 else None

    told = await until(partial, within=3.5)
    assert told is not None
    assert told["status"] == "running"
    assert {s["name"]: s["status"] for s in told["providers"]}["source1"] == "running"
    assert told["results"][0]["title"] == WINNER


@pytest.mark.usefixtures("tmdb")
async def test_failures_have_names_and_cures(house: House, fakes: list[FakeIndexer]) -> None:
    fakes[0].api_key = "another"
    fakes[1].body = b"<rss><broken"
    fakes[2].status = 500
    await house.open()
    told = await house.search(await house.user())
    states = {state["name"]: state for state in told["providers"]}
    assert told["status"] == "failed"
    assert "Copy the API key" in states["source0"]["error"]
    assert "broken XML" in states["source1"]["error"]
    assert "HTTP 500" in states["source2"]["error"]


@pytest.mark.usefixtures("tmdb")
async def test_the_same_again_comes_from_the_cache(house: House, fakes: list[FakeIndexer]) -> None:
    await house.open()
    alice, bob = await house.user(), await house.user("bob")
    first = await house.search(alice)
    assert first["cached"] is False
    await until(lambda: any(event["event"] == "search.finished" for event in house.events))
    asked_before = sum(len(fake.requests) for fake in fakes)
    with pytest.raises(NotFound):
        await house.service.answer(uuid.UUID(first["search_id"]), bob)
    again = await house.service.request(SearchWish("  DUNE   2 "), bob)
    assert (again.status, str(again.search_id)) == (Status.COMPLETED, first["search_id"])
    assert again.answer is not None
    told = json.loads(again.answer)
    assert told == {**first, "cached": True}
    # Whoever was handed the search may read it, and it says that it came from the cache.
    assert json.loads(await house.service.answer(again.search_id, bob)) == told
    await house.cache.redis.flushdb()
    assert json.loads(await house.service.answer(again.search_id, bob))["results"] == first["results"]
    assert json.loads(await house.service.answer(again.search_id, alice))["results"] == first["results"]
    assert sum(len(fake.requests) for fake in fakes) == asked_before
    other = await house.service.request(SearchWish("Dune 2", profile="any"), bob)
    assert (other.status, other.search_id != again.search_id) == (Status.PENDING, True)
    with pytest.raises(Invalid):
        await house.service.request(SearchWish("Dune 2", profile="no such"), bob)


@pytest.mark.usefixtures("tmdb", "fakes")
async def test_the_same_question_meanwhile_joins(house: House) -> None:
    alice, bob = await house.user(), await house.user("bob")
    asked = await asyncio.gather(
        *(house.service.request(SearchWish("Dune 2"), by) for by in (alice, bob, alice, bob))
    )
    assert len({a.search_id for a in asked}) == 1
    await house.open()
    assert (await house.ended(asked[0], bob))["status"] == "completed"
    assert await house.database.value("SELECT count(*) FROM searches") == 1


@pytest.mark.usefixtures("tmdb", "fakes")
async def test_running_twice_writes_the_same(house: House) -> None:
    await house.open()
    alice = await house.user()
    first = await house.search(alice)
    search_id = uuid.UUID(first["search_id"])
    await house.service.run(search_id)
    await house.database.run(
        "UPDATE searches SET status = 'running', finished_at = NULL WHERE id = $1", search_id
    )
    await house.service.run(search_id)
    second = json.loads(await house.service.answer(search_id, alice))
    assert [r["result_id"] for r in second["results"]] == [r["result_id"] for r in first["results"]]


@pytest.mark.usefixtures("tmdb", "fakes")
async def test_scoring_again_follows_the_blocklist(house: House) -> None:
    await house.open()
    alice = await house.user()
    first = await house.search(alice)
    search_id = uuid.UUID(first["search_id"])
    digest = first["results"][0]["info_hash"]
    await house.database.run(
        "INSERT INTO blocklist (info_hash, release_name, reason) VALUES ($1, $2, 'test')", digest, WINNER
    )
    await house.service.score_again(search_id, alice)

    async def rescored() -> bool:
        told = json.loads(await house.service.answer(search_id, alice))
        return any("blocklisted" in r["rejection_codes"] for r in told["results"])

    await until(rescored)
    told = json.loads(await house.service.answer(search_id, alice))
    assert told["results"][0]["title"] == THIRD[0].title
    with pytest.raises(NotFound):
        await house.service.score_again(search_id, await house.user("bob"))


@pytest.mark.usefixtures("fakes")
async def test_without_any_metadata_the_words_must_do(house: House) -> None:
    await house.open()
    told = await house.search(await house.user(), "Dune Part Two 2024")
    assert told["identified"] is None
    assert told["results"][0]["title"] == WINNER
    codes = {r["title"]: r["rejection_codes"] for r in told["results"]}
    assert codes[FIRST[1].title] == ["cam"]


@pytest.mark.usefixtures("fakes")
async def test_without_a_key_tvmaze_knows_series(house: House) -> None:
    fake = await house.stack.enter_async_context(FakeTvmaze())
    house.sources.metadata = MetadataSources([Tvmaze(TvmazeConfig(fake.url), await house.http())])
    await house.open()
    alice = await house.user()
    told = await house.search(alice, "Dune Prophecy S01E01")
    assert (told["identified"]["title"], told["identified"]["media_type"]) == ("Dune: Prophecy", "tv")
    assert told["results"][0]["title"] == FIRST[4].title
    assert not told["results"][0]["rejected"]


async def test_a_metadata_source_that_hangs_takes_its_share_only(
    house: House, tmdb: FakeTmdb, fakes: list[FakeIndexer]
) -> None:
    tmdb.hang = 60
    await house.open(timeout=2)
    started = time.monotonic()
    told = await house.search(await house.user(), "Dune Part Two 2024")
    assert time.monotonic() - started < 2.5
    assert told["status"] == "completed"
    assert told["results"][0]["title"] == WINNER
    stage = next(stage for stage in told["stages"] if stage["name"] == "metadata")
    assert "did not answer" in stage["error"]
    assert stage["duration_ms"] <= stage["limit_ms"] + 200


@pytest.mark.usefixtures("tmdb", "fakes")
async def test_two_of_a_name_are_candidates(house: House) -> None:
    await house.open()
    alice = await house.user()
    told = await house.search(alice, "Doctor Who", media_type=MediaType.TV)
    assert {c["tmdb_id"] for c in told["candidates"]} == {57243, 121}
    chosen = await house.search(alice, "Doctor Who", media_type=MediaType.TV, tmdb_id=121)
    assert chosen["identified"]["tmdb_id"] == 121
    assert chosen["candidates"] == []


@pytest.mark.usefixtures("tmdb", "fakes")
async def test_the_library_answers_too(house: House) -> None:
    media = await house.database.value(
        "INSERT INTO media (media_type, title, year, tmdb_id)"
        " VALUES ('movie', 'Dune: Part Two', 2024, 693134) RETURNING id"
    )
    await house.database.run(
        "INSERT INTO media_files (media_id, path, size_bytes, mtime_ns) VALUES ($1, $2, 9000000123, 0)",
        media,
        "/m/Dune Part Two (2024)/Dune Part Two (2024) - 1080p.mkv",
    )
    await house.open()
    told = await house.search(await house.user())
    own = next(r for r in told["results"] if r["protocol"] == "library")
    assert not own["rejected"]
    assert own["media_id"] == str(media)
    assert own["url"].startswith("/api/v1/files/")


@pytest.mark.usefixtures("tmdb")
async def test_addresses_with_keys_stay_inside(house: House) -> None:
    secret = "http://tracker.example/dl?apikey=canary-1234"
    fake = await house.stack.enter_async_context(FakeIndexer())
    fake.body = (
        b'<rss xmlns:torznab="http://torznab.com/schemas/2015/feed"><channel><item><title>'
        + WINNER.encode()
        + b"</title><size>9000000000</size><link>"
        + secret.encode()
        + b'</link><torznab:attr name="seeders" value="5"/></item></channel></rss>'
    )
    await house.indexers(fake)
    await house.open()
    alice = await house.user()
    asked = await house.service.request(SearchWish("Dune 2"), alice)
    told = await house.ended(asked, alice)
    assert len(told["results"]) == 1
    assert "canary" not in json.dumps(told)
    assert "canary" not in json.dumps(house.events)
    stored = await house.database.value("SELECT url FROM search_results")
    assert stored == secret
