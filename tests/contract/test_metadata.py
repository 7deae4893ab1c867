"""Metadata sources against the shipped fakes: languages, caching, failures, the keyless way."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.domain.media import MediaType, Work
from sokoul.providers.metadata.sources import MetadataSources
from sokoul.providers.metadata.tmdb import Tmdb, TmdbConfig
from sokoul.providers.metadata.tvmaze import Tvmaze, TvmazeConfig
from sokoul.testing.fake_tmdb import FakeTmdb
from sokoul.testing.fake_tvmaze import FakeTvmaze

V4 = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl"


class Kept:
    """A cache in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def get(self, key: str, *, kind: str = "other") -> bytes | None:
        return self.kept.get(key)

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        self.kept[key] = value

    async def drop(self, *keys: str) -> None:
        for key in keys:
            self.kept.pop(key, None)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def fake() -> AsyncIterator[FakeTmdb]:
    async with FakeTmdb(api_key="key") as server:
        yield server


def tmdb(
    fake: FakeTmdb,
    http: aiohttp.ClientSession,
    *,
    key: str = "key",
    language: str = "fr-FR",
    cache: Kept | None = None,
) -> Tmdb:
    return Tmdb(TmdbConfig(key, fake.base_url, language, timeout=5), http, cache)


async def test_finds_films_and_series(fake: FakeTmdb, http: aiohttp.ClientSession) -> None:
    found = await tmdb(fake, http).find("Dune", MediaType.UNKNOWN, None)
    ids = {(work.media_type, work.tmdb_id) for work in found}
    assert {(MediaType.MOVIE, 693134), (MediaType.MOVIE, 841), (MediaType.TV, 90228)} <= ids
    second = next(work for work in found if work.tmdb_id == 693134)
    assert (second.title, second.year) == ("Dune : Deuxième partie", 2024)
    assert "Dune: Part Two" in {second.original_title, *second.aliases}
    assert second.poster_url == "/api/v1/tmdb/image/w500/movie-693134-poster.png"


async def test_a_wrong_year_is_asked_again_by_year(fake: FakeTmdb, http: aiohttp.ClientSession) -> None:
    found = await tmdb(fake, http).find("Dune", MediaType.MOVIE, 1984)
    assert 841 in {work.tmdb_id for work in found}


async def test_describes_with_aliases_ids_and_running_time(
    fake: FakeTmdb, http: aiohttp.ClientSession
) -> None:
    work = await tmdb(fake, http).by_tmdb(693134, MediaType.MOVIE)
    assert (work.imdb_id, work.runtime_minutes) == ("tt15239678", 167)
    assert {"Dune 2", "Dune: Teil Zwei"} <= set(work.aliases)
    japanese = await tmdb(fake, http).by_tmdb(129, MediaType.MOVIE)
    assert (japanese.title, japanese.original_title) == ("Le Voyage de Chihiro", "千と千尋の神隠し")
    assert "Spirited Away" in japanese.aliases
    series = await tmdb(fake, http).by_tmdb(1429, MediaType.TV)
    assert (series.tvdb_id, series.imdb_id) == (267440, "tt2560140")


async def test_english_fills_what_french_lacks(fake: FakeTmdb, http: aiohttp.ClientSession) -> None:
    work = await tmdb(fake, http).by_tmdb(27205, MediaType.MOVIE)
    assert work.overview is not None
    assert work.overview.startswith("Inception is a film")


async def test_episodes(fake: FakeTmdb, http: aiohttp.ClientSession) -> None:
    source = tmdb(fake, http)
    episodes = await source.episodes(Work(MediaType.TV, "The Bear", tmdb_id=136315), 2)
    assert [e.episode_number for e in episodes] == list(range(1, 11))
    assert all(e.air_date and e.season_number == 2 for e in episodes)


async def test_answers_are_kept(fake: FakeTmdb, http: aiohttp.ClientSession) -> None:
    cache = Kept()
    source = tmdb(fake, http, cache=cache)
    await source.by_tmdb(693134, MediaType.MOVIE)
    asked = len(fake.requests)
    await source.by_tmdb(693134, MediaType.MOVIE)
    assert len(fake.requests) == asked
    assert not any("key" in key.split(":", 1)[1] for key in cache.kept)


async def test_a_v4_token_travels_as_bearer(http: aiohttp.ClientSession) -> None:
    async with FakeTmdb(api_key=V4) as fake:
        assert "accepts" in await tmdb(fake, http, key=V4).check()
        assert all("api_key" not in request.query for request in fake.requests)


async def test_unknown_is_not_a_failure(fake: FakeTmdb, http: aiohttp.ClientSession) -> None:
    source = tmdb(fake, http)
    for _ in range(6):
        with pytest.raises(NotFound):
            await source.by_tmdb(1, MediaType.MOVIE)
    assert source.breaker.state == "closed"


async def test_a_wrong_key_is_named(fake: FakeTmdb, http: aiohttp.ClientSession) -> None:
    with pytest.raises(ProviderUnavailable, match="did not accept the key") as caught:
        await tmdb(fake, http, key="wrong").find("Dune", MediaType.MOVIE, None)
    assert "wrong" not in str(caught.value)


async def test_a_failing_one_is_left_in_peace(fake: FakeTmdb, http: aiohttp.ClientSession) -> None:
    source = tmdb(fake, http, language="en-US")
    fake.status = 500
    for _ in range(7):
        with pytest.raises(ProviderUnavailable):
            await source.document("movie/841")
    assert len(fake.requests) == 5
    assert source.breaker.state == "open"


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"", b"[" * 100_000])
async def test_nonsense_is_kept_out(body: bytes, fake: FakeTmdb, http: aiohttp.ClientSession) -> None:
    fake.body = body
    with pytest.raises(ProviderUnavailable):
        await tmdb(fake, http).by_tmdb(841, MediaType.MOVIE)


@pytest.mark.parametrize(
    "told",
    [
        {"id": "841", "title": 5},
        {
            "id": 841,
            "title": "Dune",
            "genres": "x",
            "alternative_titles": [1],
            "translations": {"translations": 5},
        },
        {
            "id": 841,
            "title": "Dune",
            "poster_path": "//evil/x.png",
            "release_date": "99999-01-01",
            "runtime": -3,
        },
    ],
)
async def test_fields_of_the_wrong_type_count_as_absent(
    told: dict[str, object], fake: FakeTmdb, http: aiohttp.ClientSession
) -> None:
    fake.body = json.dumps(told).encode()
    try:
        work = await tmdb(fake, http, language="en-US").by_tmdb(841, MediaType.MOVIE)
    except NotFound:
        return
    assert (work.year, work.poster_url, work.runtime_minutes, work.aliases) == (None, None, None, ())


async def test_tvmaze_knows_series(http: aiohttp.ClientSession) -> None:
    async with FakeTvmaze() as fake:
        source = Tvmaze(TvmazeConfig(fake.url), http)
        assert await source.find("Dune", MediaType.MOVIE, None) == []
        found = await source.find("attack on titan", MediaType.TV, None)
        assert (found[0].title, found[0].year, found[0].imdb_id) == ("Attack on Titan", 2013, "tt2560140")
        described = await source.describe(found[0])
        assert "Shingeki no Kyojin" in described.aliases
        assert len(await source.episodes(found[0], 2)) == 12


async def test_the_next_source_helps_out(fake: FakeTmdb, http: aiohttp.ClientSession) -> None:
    async with FakeTvmaze() as keyless:
        tvmaze = Tvmaze(TvmazeConfig(keyless.url), http)
        both = MetadataSources([tmdb(fake, http), tvmaze])
        fake.status = 503
        assert (await both.find("The Bear", MediaType.TV, None))[0].tvmaze_id == 61755
        with pytest.raises(ProviderUnavailable):
            # Series alone would be half an answer.
            await both.find("Fargo", MediaType.UNKNOWN, None)
        alone = MetadataSources([tvmaze])
        assert (both.knows_films, alone.knows_films) == (True, False)
        with pytest.raises(NotFound):
            await alone.by_tmdb(841, MediaType.MOVIE)
