"""Searching and the catalogue over HTTP."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sokoul.domain.quality import QualityProfile
from sokoul.features.search.catalogue import Catalogue
from sokoul.features.search.service import SearchService
from sokoul.features.search.sources import Sources
from sokoul.providers.metadata.pictures import Pictures
from sokoul.providers.metadata.sources import MetadataSources
from sokoul.providers.metadata.tmdb import Tmdb, TmdbConfig
from sokoul.providers.plugin import IndexerConfig
from sokoul.providers.registry import INDEXERS
from sokoul.store.cache import Cache
from sokoul.store.database import Database
from sokoul.store.household import Household
from sokoul.store.searches import SearchStore
from sokoul.testing.fake_indexer import FakeIndexer, sample_releases
from sokoul.testing.fake_tmdb import FakeTmdb
from sokoul.testing.fixed_profiles import FixedProfiles
from sokoul.web import keys
from tests.site import Person, Site

Sites = Callable[..., Awaitable[Site]]


class Nobody:
    """Nobody listens."""

    async def tell(self, topic: str, event: str, data: Mapping[str, Any]) -> None: ...


class World:
    """A site whose searches are done when the test says so."""

    def __init__(self, site: Site, service: SearchService, fake: FakeTmdb, indexer: FakeIndexer) -> None:
        self.site, self.service, self.tmdb, self.indexer = site, service, fake, indexer

    async def post(self, who: Person, **body: Any) -> tuple[int, dict[str, Any]]:
        reply = await self.site.ask("POST", "/api/v1/search", who, json=body)
        return reply.status, await reply.json()

    async def get(self, who: Person | None, path: str) -> tuple[int, dict[str, Any]]:
        reply = await self.site.ask("GET", path, who)
        return reply.status, await reply.json()


@pytest.fixture
async def world(sites: Sites, database: Database, cache: Cache, tmp_path: Path) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        fake = await stack.enter_async_context(FakeTmdb(api_key="key"))
        indexer = await stack.enter_async_context(FakeIndexer(sample_releases()))
        tmdb = Tmdb(TmdbConfig("key", fake.base_url, timeout=5), http, cache)
        source = INDEXERS["torznab"](IndexerConfig("mine", indexer.torznab_url, "fake-key"), http)
        service = SearchService(
            Sources([source], MetadataSources([tmdb])),
            FixedProfiles({"hd": QualityProfile()}, "hd"),
            store=SearchStore(database),
            household=Household(database),
            cache=cache,
            live=Nobody(),
            wake=lambda: None,
        )
        pictures = Pictures(fake.image_base_url, tmp_path / "pictures", http)
        services = {keys.SEARCH: service, keys.METADATA: Catalogue(tmdb), keys.PICTURES: pictures}
        yield World(await sites(services=services), service, fake, indexer)


async def test_ask_read_and_ask_again(world: World) -> None:
    alice, bob = await world.site.person("alice"), await world.site.person("bob")
    status, asked = await world.post(alice, query="Dune 2")
    assert (status, asked["status"]) == (202, "pending")
    path = f"/api/v1/search/{asked['search_id']}"
    status, told = await world.get(alice, path)
    assert (status, told["status"], told["results"], told["cached"]) == (200, "pending", [], False)
    assert (await world.get(bob, path))[0] == 404
    await world.service.run(uuid.UUID(asked["search_id"]))
    status, told = await world.get(alice, path)
    assert (told["status"], told["identified"]["tmdb_id"]) == ("completed", 693134)
    assert told["results"][0]["score"] > 0
    status, again = await world.post(bob, query="dune 2")
    assert (status, again["search_id"], again["status"], again["cached"]) == (
        200,
        asked["search_id"],
        "completed",
        True,
    )
    assert (await world.get(bob, path))[1]["cached"] is True
    status, grouped = await world.get(bob, path + "/providers")
    assert [(g["name"], g["status"], len(g["results"])) for g in grouped["items"]] == [("mine", "ok", 5)]
    reply = await world.site.ask("POST", path + "/score", bob)
    assert reply.status == 202


async def test_an_answer_has_every_promised_field(world: World) -> None:
    alice = await world.site.person()
    _, asked = await world.post(alice, query="Dune 2")
    await world.service.run(uuid.UUID(asked["search_id"]))
    _, told = await world.get(alice, f"/api/v1/search/{asked['search_id']}")
    assert {
        *("search_id", "query", "status", "identified", "providers", "results", "cached", "duration_ms")
    } <= set(told)
    assert set(told["providers"][0]) == {
        *("name", "status", "count", "duration_ms", "started_ms", "limit_ms")
    }
    result = told["results"][0]
    assert {
        *("result_id", "title", "provider", "providers", "protocol", "size_bytes", "seeders", "leechers"),
        *("info_hash", "magnet_link", "url", "published_at", "score", "score_reasons", "rejected"),
        *("rejections", "rejection_codes", "ai_validated", "release"),
    } <= set(result)
    assert {
        *("title", "year", "season", "episodes", "resolution", "source", "video_codec", "audio", "hdr"),
        *("languages", "group", "proper", "edition", "cam"),
    } <= set(result["release"])
    assert result["published_at"].endswith("Z")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"", 400),
        (b"[]", 422),
        (b"{}", 422),
        (json.dumps({"query": ""}).encode(), 422),
        (json.dumps({"query": " \u0007\u202e "}).encode(), 422),
        (json.dumps({"query": "x" * 201}).encode(), 422),
        (json.dumps({"query": 5}).encode(), 422),
        (json.dumps({"query": "x", "media_type": "music"}).encode(), 422),
        (json.dumps({"query": "x", "year": 12}).encode(), 422),
        (json.dumps({"query": "x", "season": -1}).encode(), 422),
        (json.dumps({"query": "x", "tmdb_id": 2**40}).encode(), 422),
        (json.dumps({"query": "x", "profile": "none such"}).encode(), 422),
        (json.dumps({"query": "\ud83d"}).encode(), 400),
        (json.dumps({"query": "x" * 200}).encode(), 202),
        (json.dumps({"query": "'; DROP TABLE searches; --"}).encode(), 202),
        (json.dumps({"query": "!!!"}).encode(), 202),
    ],
)
async def test_what_comes_in_is_checked(world: World, body: bytes, status: int) -> None:
    alice = await world.site.person()
    headers = {"Content-Type": "application/json"}
    reply = await world.site.ask("POST", "/api/v1/search", alice, data=body, headers=headers)
    assert reply.status == status
    if status >= 400:
        assert reply.content_type == "application/problem+json"
    else:
        await world.service.run(uuid.UUID((await reply.json())["search_id"]))


@pytest.mark.parametrize("wrong", ["nonsense", str(uuid.UUID(int=7)), "%00", "1" * 400])
async def test_unknown_ids(world: World, wrong: str) -> None:
    alice = await world.site.person()
    for end in ("", "/providers"):
        status, _ = await world.get(alice, f"/api/v1/search/{wrong}{end}")
        assert status == (400 if wrong == "%00" else 404)
    reply = await world.site.ask("POST", f"/api/v1/search/{uuid.uuid4()}/score", alice)
    assert reply.status == 404


CALLS = {
    "trending": ("results",),
    "trending?media_type=tv&window=day&page=2": ("results",),
    "discover?media_type=movie&genre=878&sort=vote_average.desc": ("results",),
    "search?query=dune": ("results",),
    "movie/693134": ("title", "poster_url", "backdrop_url", "credits"),
    "tv/1399": ("name", "seasons"),
    "tv/1399/season/1": ("episodes",),
    "credits/movie/693134": ("cast", "crew"),
    "videos/tv/1399": ("results",),
    "watch-providers/movie/693134": ("results",),
    "similar/movie/693134": ("results",),
    "person/9003": ("name", "combined_credits"),
}


@pytest.mark.parametrize("call", sorted(CALLS))
async def test_the_catalogue(world: World, call: str) -> None:
    alice = await world.site.person()
    status, told = await world.get(alice, f"/api/v1/tmdb/{call}")
    assert status == 200
    assert set(CALLS[call]) <= set(told)
    assert (await world.get(None, f"/api/v1/tmdb/{call}"))[0] == 401


@pytest.mark.parametrize(
    ("call", "status"),
    [
        ("movie/0", 404),
        ("movie/..", 404),
        ("movie/abc", 404),
        ("movie/999999999999", 404),
        ("credits/music/5", 404),
        ("trending?window=year", 422),
        ("trending?page=0", 422),
        ("search", 422),
        ("discover?genre=1;2", 422),
        ("discover?sort=x", 422),
        ("movie/841?language=../../x", 422),
        ("image/w1/movie-841-poster.png", 404),
        ("image/w342/..%2f..%2fetc%2fpasswd", 404),
        ("image/w342/nothing.png", 404),
    ],
)
async def test_the_catalogue_refuses(world: World, call: str, status: int) -> None:
    assert (await world.get(await world.site.person(), f"/api/v1/tmdb/{call}"))[0] == status


async def test_pictures_stay_when_the_internet_goes(world: World) -> None:
    alice = await world.site.person()
    _, film = await world.get(alice, "/api/v1/tmdb/movie/693134")
    reply = await world.site.ask("GET", film["poster_url"], alice)
    assert (reply.status, reply.content_type) == (200, "image/png")
    first = await reply.read()
    world.tmdb.status = 503
    reply = await world.site.ask("GET", film["poster_url"], alice)
    assert (reply.status, await reply.read()) == (200, first)
    world.tmdb.status, world.tmdb.body = None, b"<svg onload=alert(1)>"
    reply = await world.site.ask("GET", film["backdrop_url"], alice)
    assert reply.status == 404


async def test_no_key_says_how_to_get_one(sites: Sites) -> None:
    site = await sites(services={keys.METADATA: Catalogue(None)})
    reply = await site.ask("GET", "/api/v1/tmdb/trending", await site.person())
    assert reply.status == 503
    assert "themoviedb.org" in (await reply.json())["detail"]


async def test_a_refused_key_is_told_without_the_key(world: World) -> None:
    alice = await world.site.person()
    world.tmdb.api_key = "another"
    status, told = await world.get(alice, "/api/v1/tmdb/movie/841")
    assert status == 503
    assert "did not accept the key" in told["detail"]


async def test_many_at_once_get_one_search(world: World) -> None:
    people = [await world.site.person(f"p{number}") for number in range(4)]
    answers = await asyncio.gather(*(world.post(each, query="Alien 1979") for each in people * 5))
    assert {status for status, _ in answers} == {202}
    assert len({told["search_id"] for _, told in answers}) == 1
