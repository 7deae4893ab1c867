"""What Torznab alone has: capabilities, ids, pages, redirects."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.media import MediaType
from sokoul.features.search.ports import Query
from sokoul.providers.indexers.jackett import feed_address
from sokoul.providers.indexers.torznab import MOST_PAGES, Torznab
from sokoul.providers.plugin import IndexerConfig
from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.serving import FakeServer

FILM = Query(("Dune Part Two 2024",), MediaType.MOVIE, 2024, imdb_id="tt15239678")


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def torznab(url: str, http: aiohttp.ClientSession) -> Torznab:
    return Torznab(IndexerConfig("mine", url, "fake-key", 5.0), http)


async def test_an_id_is_used_where_caps_promise_it(http: aiohttp.ClientSession) -> None:
    async with FakeIndexer([FakeRelease("A.2024.1080p")], params="q,imdbid") as fake:
        await torznab(fake.torznab_url, http).search(FILM)
        assert [("imdbid" in q, "q" in q) for q in fake.searches] == [(True, False)]
        assert fake.searches[0]["cat"] == "2000"


async def test_words_follow_where_the_id_finds_nothing(http: aiohttp.ClientSession) -> None:
    releases = [FakeRelease("Dune.Part.Two.2024.1080p")]
    async with FakeIndexer(releases, params="q,imdbid", strict=True) as fake:
        offers = await torznab(fake.torznab_url, http).search(FILM)
        assert [o.title for o in offers] == ["Dune.Part.Two.2024.1080p"]
        assert [sorted(set(q) & {"q", "imdbid"}) for q in fake.searches] == [["imdbid"], ["q"]]


async def test_caps_are_asked_once(http: aiohttp.ClientSession) -> None:
    async with FakeIndexer([FakeRelease("A.2024")]) as fake:
        source = torznab(fake.torznab_url, http)
        await source.search(FILM)
        await source.search(FILM)
        assert sum(r.query.get("t") == "caps" for r in fake.requests) == 1


async def test_pages_are_followed_and_bounded(http: aiohttp.ClientSession) -> None:
    many = [FakeRelease(f"Release.{n}.2024") for n in range(50)]
    async with FakeIndexer(many, page_size=10) as fake:
        offers = await torznab(fake.torznab_url, http).search(FILM)
        assert len(offers) == 10 * MOST_PAGES
        fake.releases = many[:15]
        assert len(await torznab(fake.torznab_url, http).search(FILM)) == 15


async def test_a_feed_without_caps_is_searched_by_words(http: aiohttp.ClientSession) -> None:
    class Bare(FakeServer):
        def routes(self) -> list[web.RouteDef]:
            return [web.get("/api", self.answer)]

        async def answer(self, request: web.Request) -> web.Response:
            if request.query.get("t") != "search":
                return web.Response(status=404)
            body = b"<rss><channel><item><title>T</title><link>http://h/1</link></item></channel></rss>"
            return web.Response(body=body)

    async with Bare() as fake:
        assert len(await torznab(f"{fake.url}/api", http).search(FILM)) == 1


class Redirecting(FakeServer):
    target = ""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/api", self.away), web.get("/there", self.there)]

    async def away(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(self.target or f"/there?{request.query_string}")

    async def there(self, request: web.Request) -> web.Response:
        assert request.query["apikey"] == "fake-key"
        return web.Response(body=b"<rss><channel/></rss>")


async def test_redirects_stay_in_the_house(http: aiohttp.ClientSession) -> None:
    async with Redirecting() as fake, FakeIndexer() as other:
        assert await torznab(f"{fake.url}/api", http).search(FILM) == []
        fake.target = f"{other.url}/api?t=caps"
        with pytest.raises(ProviderUnavailable, match="redirects to another address"):
            await torznab(f"{fake.url}/api", http).search(FILM)
        assert other.requests == []
        fake.target = "/api"
        with pytest.raises(ProviderUnavailable, match="in a circle"):
            await torznab(f"{fake.url}/api", http).search(FILM)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("http://h:9117", "http://h:9117/api/v2.0/indexers/all/results/torznab/api"),
        ("http://h:9117/", "http://h:9117/api/v2.0/indexers/all/results/torznab/api"),
        ("http://h/jackett/", "http://h/jackett/api/v2.0/indexers/all/results/torznab/api"),
        ("http://h:9117/UI/Dashboard", "http://h:9117/api/v2.0/indexers/all/results/torznab/api"),
        ("http://h/api/v2.0/indexers/x/results/torznab/", "http://h/api/v2.0/indexers/x/results/torznab/"),
    ],
)
def test_jackett_addresses(given: str, asked: str) -> None:
    assert feed_address(given) == asked
