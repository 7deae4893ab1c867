"""Indexers behind a browser check, with FlareSolverr and without."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from sokoul.domain.errors import ProviderUnavailable
from sokoul.features.search.ports import Query
from sokoul.providers.clearance import FlareSolverr
from sokoul.providers.indexers.jackett import Jackett
from sokoul.providers.indexers.prowlarr import Prowlarr
from sokoul.providers.indexers.torznab import Torznab
from sokoul.providers.plugin import IndexerConfig
from sokoul.testing.fake_flaresolverr import AGENT, FakeFlareSolverr
from sokoul.testing.fake_indexer import FakeIndexer, sample_releases
from tests.shared import spec

QUERY = Query(texts=("Dune Part Two 2024",))
Make = Callable[[FakeIndexer, aiohttp.ClientSession, FlareSolverr | None], Any]


def torznab(fake: FakeIndexer, http: aiohttp.ClientSession, solver: FlareSolverr | None) -> Torznab:
    return Torznab(IndexerConfig("checked", fake.torznab_url, "fake-key", 10), http, solver)


def jackett(fake: FakeIndexer, http: aiohttp.ClientSession, solver: FlareSolverr | None) -> Jackett:
    return Jackett(IndexerConfig("checked", fake.url, "fake-key", 10), http, solver)


def prowlarr(fake: FakeIndexer, http: aiohttp.ClientSession, solver: FlareSolverr | None) -> Prowlarr:
    return Prowlarr(IndexerConfig("checked", fake.url, "fake-key", 10), http, solver)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
async def indexer() -> AsyncIterator[FakeIndexer]:
    async with FakeIndexer(sample_releases()) as fake:
        fake.checked = True
        yield fake


@pytest.fixture
async def flare(http: aiohttp.ClientSession) -> AsyncIterator[tuple[FlareSolverr, FakeFlareSolverr]]:
    async with FakeFlareSolverr() as fake:
        solver = FlareSolverr(fake.url, http, patience=5)
        yield solver, fake
        await solver.close()


@pytest.mark.parametrize("make", [torznab, jackett, prowlarr])
async def test_a_check_is_passed_once(
    make: Make,
    indexer: FakeIndexer,
    http: aiohttp.ClientSession,
    flare: tuple[FlareSolverr, FakeFlareSolverr],
) -> None:
    solver, fake = flare
    source = make(indexer, http, solver)
    assert len(await source.search(QUERY)) == len(indexer.releases)
    assert len(await source.search(QUERY)) == len(indexer.releases)
    assert len(fake.solved) == 1
    assert "fake-key" not in fake.solved[0]
    assert indexer.requests[-1].headers["User-Agent"] == AGENT


@pytest.mark.parametrize("make", [torznab, jackett, prowlarr])
async def test_without_flaresolverr_the_cure_is_named(
    make: Make, indexer: FakeIndexer, http: aiohttp.ClientSession
) -> None:
    with pytest.raises(ProviderUnavailable, match="behind a browser check") as caught:
        await make(indexer, http, None).search(QUERY)
    assert "FlareSolverr" in (caught.value.cure or "")


async def test_a_refused_key_is_no_check(http: aiohttp.ClientSession) -> None:
    async with FakeIndexer(sample_releases(), api_key="other") as fake:
        with pytest.raises(ProviderUnavailable, match="did not accept the key"):
            await prowlarr(fake, http, None).search(QUERY)


async def test_an_answer_that_comes_too_late_serves_the_next_search(
    indexer: FakeIndexer, http: aiohttp.ClientSession, flare: tuple[FlareSolverr, FakeFlareSolverr]
) -> None:
    solver, fake = flare
    fake.takes = 0.5
    source = torznab(indexer, http, solver)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await source.search(QUERY)
    await asyncio.sleep(0.6)
    async with asyncio.timeout(2):
        assert await source.search(QUERY)
    assert len(fake.solved) == 1


async def test_many_askers_wait_for_one_answer(
    indexer: FakeIndexer, http: aiohttp.ClientSession, flare: tuple[FlareSolverr, FakeFlareSolverr]
) -> None:
    solver, fake = flare
    fake.takes = 0.2
    await asyncio.gather(*(torznab(indexer, http, solver).search(QUERY) for _ in range(5)))
    assert len(fake.solved) == 1


async def test_what_it_cannot_solve_is_told(
    indexer: FakeIndexer, http: aiohttp.ClientSession, flare: tuple[FlareSolverr, FakeFlareSolverr]
) -> None:
    solver, fake = flare
    fake.fails = "Error: Error solving the challenge. Timeout after 60.0 seconds."
    with pytest.raises(ProviderUnavailable, match=r"could not pass: .*Timeout after"):
        await torznab(indexer, http, solver).search(QUERY)
    fake.fails, fake.cookies = "", []
    with pytest.raises(ProviderUnavailable, match=r"could not pass$"):
        await torznab(indexer, http, solver).search(QUERY)


@pytest.mark.parametrize(
    "cookies",
    [
        [{"name": "a", "value": "b\r\nX-Evil: 1", "domain": "127.0.0.1"}],
        [{"name": "a;b", "value": "c", "domain": "127.0.0.1"}],
        [{"name": "session", "value": "x", "domain": "bank.example"}],
        [{"name": "session", "value": "x", "domain": ""}],
        [{"name": 5, "value": None, "domain": []}, 7, "x"],
    ],
)
async def test_only_plain_cookies_of_that_host_go_along(
    cookies: list[Any], http: aiohttp.ClientSession, flare: tuple[FlareSolverr, FakeFlareSolverr]
) -> None:
    solver, fake = flare
    fake.cookies = cookies
    assert dict((await solver.solve("http://127.0.0.1:1/api?apikey=secret")).headers) == {"User-Agent": AGENT}
    assert fake.solved == ["http://127.0.0.1:1/api"]


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"{}", b"[" * 100_000, b'{"status": "ok", "solution": 5}']
)
async def test_nonsense_is_kept_out(
    body: bytes, http: aiohttp.ClientSession, flare: tuple[FlareSolverr, FakeFlareSolverr]
) -> None:
    solver, fake = flare
    fake.body = body
    with pytest.raises(ProviderUnavailable):
        await solver.solve("http://127.0.0.1:1/")


async def test_the_test_button_says_that_it_answers(
    flare: tuple[FlareSolverr, FakeFlareSolverr], http: aiohttp.ClientSession
) -> None:
    assert await flare[0].check() == "FlareSolverr answers (version 3.4.0)."
    with pytest.raises(ProviderUnavailable, match="could not be reached"):
        await FlareSolverr("http://127.0.0.1:9", http).check()


async def test_the_fake_answers_in_the_published_shape(
    flare: tuple[FlareSolverr, FakeFlareSolverr], http: aiohttp.ClientSession
) -> None:
    shape = json.loads(spec("flaresolverr-v1.shape.json").read_text())
    async with http.post(f"{flare[1].url}/v1", json=shape["request"]) as reply:
        told = await reply.json()
    assert told.keys() == shape["response_ok"].keys()
    assert told["solution"].keys() == shape["response_ok"]["solution"].keys()
    assert told["solution"]["cookies"][0].keys() == shape["response_ok"]["solution"]["cookies"][0].keys()


async def test_a_page_is_handed_on_as_a_browser_shows_it(
    flare: tuple[FlareSolverr, FakeFlareSolverr],
) -> None:
    solver, _ = flare
    assert await solver.get("http://127.0.0.1:1/watch?v=1", timeout=5) == "<html></html>"
