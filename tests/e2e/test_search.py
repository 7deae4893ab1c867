"""A search over three indexers with everything that the wild throws in."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_tmdb import FakeTmdb
from tests.e2e.daemon import Daemon

GB = 1_000_000_000
HASH = "0123456789abcdef0123456789abcdef01234567"
WINNER = "Dune.Part.Two.2024.1080p.WEB-DL.DDP5.1.Atmos.H.264-FLUX"
# Name, gigabytes, category, and the code it must be refused with (None: it may win).
RELEASES: tuple[tuple[str, float, int, str | None], ...] = (
    (WINNER, 8.9, 2040, None),
    ("Dune.2021.1080p.BluRay.x264-SPARKS", 10.9, 2040, "wrong_title"),
    ("Dune.Part.Two.2019.1080p.WEB-DL.H.264-FLUX", 8.0, 2040, "wrong_year"),
    ("Dune.Part.Two.2024.1080p.HDCAM.x264-C1NEM4", 3.1, 2030, "cam"),
    ("Dune.Part.Two.2024.1080p.HDTS.x264.AAC-Will1869", 4.4, 2030, "telesync"),
    ("Dune.Part.Two.2024.1080p.WEB-DL.sample-FLUX", 0.04, 2040, "sample"),
    ("Dune.Part.Two.2024.1080p.WEB-DL.H.264-FLUX.exe", 0.9, 2040, "dangerous_file"),
    ("Hans Zimmer - Dune Part Two (Original Motion Picture Soundtrack) (2024) FLAC", 0.5, 3040, "soundtrack"),
    ("Dune.Prophecy.S01E01.1080p.WEB.h264-ETHEL", 3.3, 5040, "wrong_title"),
    ("Jodorowskys.Dune.2013.DOCUMENTARY.1080p.BluRay.x264-FAPCAVE", 6.5, 2040, "wrong_title"),
    ("Dune.Part.Two.2024.DVDSCR.1080p.x264-SCR", 3.0, 2030, "screener"),
    ("Dune.Part.Two.2024.480p.WEBRip.x264-LOW", 0.8, 2030, "quality"),
    ("Dune.Part.Two.2024.1080p.WEB-DL.H.264-TINY", 0.2, 2040, "too_small"),
    ("Dune.Part.Two.S01E01.1080p.WEB.h264-ETHEL", 3.3, 5040, "wrong_type"),
    ("Dune.Part.Two.2024.1080p.BluRay.x265.10bit.AAC5.1-Tigole", 6.2, 2040, None),
)


def releases() -> list[FakeRelease]:
    return [
        FakeRelease(name, int(size * GB), 120, category=category, info_hash=HASH if name == WINNER else None)
        for name, size, category, _ in RELEASES
    ]


@pytest.fixture
async def sources() -> AsyncIterator[tuple[FakeTmdb, list[FakeIndexer]]]:
    async with AsyncExitStack() as stack:
        tmdb = await stack.enter_async_context(FakeTmdb(api_key="k"))
        indexers = [
            await stack.enter_async_context(FakeIndexer(releases(), api_key="k", name=name))
            for name in ("first", "second", "third")
        ]
        yield tmdb, indexers


@pytest.fixture
async def daemon(tmp_path: Path, sources: tuple[FakeTmdb, list[FakeIndexer]]) -> AsyncIterator[Daemon]:
    tmdb, (first, second, third) = sources
    settings = {
        "search": {"timeout": 3},
        "providers": {
            "tmdb": {"api_key": "k", "base_url": tmdb.base_url, "image_base_url": tmdb.image_base_url},
            "indexers": [
                {"name": "first", "type": "torznab", "url": first.torznab_url, "api_key": "k"},
                {"name": "second", "type": "prowlarr", "url": second.url, "api_key": "k"},
                {"name": "third", "type": "jackett", "url": third.url, "api_key": "k"},
            ],
        },
    }
    daemon = Daemon(tmp_path / "box", settings)
    await daemon.start()
    await daemon.sign_in()
    yield daemon
    assert await daemon.stop() == 0


async def search(daemon: Daemon, within: float = 10) -> dict[str, Any]:
    started = await daemon.call("POST", "/search", {"query": "Dune 2"}, status=202)
    path = f"/search/{started['search_id']}"
    done: dict[str, Any] = await daemon.until(
        path, lambda answer: answer["status"] in {"completed", "failed"}, within=within, every=0.05
    )
    return done


async def test_the_right_one_wins_and_every_wrong_one_says_why(daemon: Daemon) -> None:
    done = await search(daemon)
    assert (done["identified"]["tmdb_id"], done["identified"]["year"]) == (693134, 2024)
    assert {provider["status"] for provider in done["providers"]} <= {"ok", "skipped"}
    by_title: dict[str, Any] = {}
    for result in done["results"]:
        by_title.setdefault(result["title"], result)
    winner = next(result for result in done["results"] if result["title"] == WINNER)
    assert sum(result["info_hash"] == HASH for result in done["results"]) == 1
    assert set(winner["providers"]) == {"first", "second", "third"}
    assert not done["results"][0]["rejected"]
    for name, _, _, code in RELEASES:
        result = by_title[name]
        if code is None:
            assert not result["rejected"], (name, result["rejections"])
            assert sum(reason["points"] for reason in result["score_reasons"]) == result["score"] > 0
        else:
            assert code in result["rejection_codes"], (name, result["rejection_codes"])
            assert (result["score"], result["score_reasons"]) == (0, [])
            assert len(result["rejections"]) == len(result["rejection_codes"])


async def test_one_that_hangs_delays_nobody(
    daemon: Daemon, sources: tuple[FakeTmdb, list[FakeIndexer]]
) -> None:
    sources[1][2].hang = 60
    started = time.monotonic()
    done = await search(daemon)
    assert time.monotonic() - started < 3.5
    states = {provider["name"]: provider["status"] for provider in done["providers"]}
    assert (states["first"], states["second"], states["third"]) == ("ok", "ok", "timeout")
    assert any(not result["rejected"] for result in done["results"])
    late = next(provider for provider in done["providers"] if provider["name"] == "third")
    assert late["error"]


async def test_the_same_question_again_is_answered_from_the_cache(daemon: Daemon) -> None:
    done = await search(daemon)
    again = await daemon.call("POST", "/search", {"query": "  dune   2 "}, status=200)
    assert (again["search_id"], again["status"]) == (done["search_id"], "completed")
    assert (await daemon.call("GET", f"/search/{done['search_id']}"))["results"] == done["results"]
