"""What the Test buttons answer."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from sokoul.config import providers as settings
from sokoul.domain.errors import Invalid, NotFound
from sokoul.providers.tester import IntegrationTester, Verdict
from sokoul.testing.fake_indexer import FakeIndexer, sample_releases
from sokoul.testing.fake_tmdb import FakeTmdb
from sokoul.testing.fake_tvmaze import FakeTvmaze


@pytest.mark.parametrize("kind", ["torznab", "jackett", "prowlarr"])
async def test_indexers(kind: str) -> None:
    tester = IntegrationTester(settings.Providers)
    async with FakeIndexer(sample_releases()) as fake:
        url = fake.torznab_url if kind == "torznab" else fake.url
        good = await tester.test("indexer", {"type": kind, "url": url, "api_key": "fake-key"})
        assert good.ok, good
        wrong = await tester.test("indexer", {"type": kind, "url": url, "api_key": "canary"})
        assert not wrong.ok
        assert "Copy the API key" in (wrong.cure or "")
        assert "canary" not in repr(wrong)
    gone = await tester.test("indexer", {"type": kind, "url": url, "api_key": "fake-key"})
    assert not gone.ok
    assert "nobody answers" in gone.message


async def test_configured_values_fill_in() -> None:
    async with FakeIndexer(sample_releases()) as fake:
        entry = settings.Indexer(
            name="mine", type="torznab", url=fake.torznab_url, api_key=SecretStr("fake-key")
        )
        tester = IntegrationTester(lambda: settings.Providers(indexers=(entry,)))
        assert (await tester.test("indexer", {"name": "mine"})).ok
        assert (await tester.test("indexer", {"name": "mine", "api_key": "********"})).ok


async def test_a_kept_key_goes_to_no_other_address() -> None:
    kept = settings.Indexer(name="mine", type="torznab", url="http://10.0.0.1/api", api_key=SecretStr("k"))
    tester = IntegrationTester(lambda: settings.Providers(indexers=(kept,)))
    async with FakeIndexer(sample_releases()) as fake:
        with pytest.raises(Invalid, match="type the key again"):
            await tester.test("indexer", {"name": "mine", "url": fake.torznab_url, "api_key": "********"})
        with pytest.raises(Invalid, match="no key kept"):
            await tester.test("indexer", {"type": "torznab", "url": fake.torznab_url, "api_key": "********"})
        assert not fake.requests


async def test_catalogues() -> None:
    async with FakeTmdb(api_key="right") as fake, FakeTvmaze() as tvmaze:
        configured = settings.Providers(tmdb=settings.Tmdb(base_url=fake.base_url))
        tester = IntegrationTester(lambda: configured)
        assert (await tester.test("tmdb", {"api_key": "right"})).ok
        assert not (await tester.test("tmdb", {"api_key": "wrong"})).ok
        assert "themoviedb.org" in ((await tester.test("tmdb", {})).cure or "")
        assert (await tester.test("tvmaze", {"base_url": tvmaze.url})).ok


async def test_nonsense() -> None:
    tester = IntegrationTester(settings.Providers)
    with pytest.raises(NotFound):
        await tester.test("teapot", {})
    for values in ({}, {"type": "x", "url": "http://h"}, {"type": "torznab", "url": "file:///etc/passwd"}):
        with pytest.raises(Invalid):
            await tester.test("indexer", values)


async def test_others_join() -> None:
    async def folders(_: object) -> Verdict:
        return Verdict(ok=True, message="yes")

    assert (await IntegrationTester(settings.Providers, {"folders": folders}).test("folders", {})).ok
