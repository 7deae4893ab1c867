"""Works found by what they are like."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.meaning import Wish
from sokoul.domain.media import MediaType
from sokoul.providers.metadata.sources import MetadataSources
from sokoul.providers.metadata.tmdb import Tmdb, TmdbConfig
from sokoul.testing.fake_tmdb import FakeTmdb

FIRST_MAN, DRIVE, RUNNER = 369972, 64690, 335984


@pytest.fixture
async def fake() -> AsyncIterator[FakeTmdb]:
    async with FakeTmdb() as fake:
        yield fake


@pytest.fixture
async def knowledge(fake: FakeTmdb) -> AsyncIterator[MetadataSources]:
    async with aiohttp.ClientSession() as http:
        yield MetadataSources([Tmdb(TmdbConfig("key", fake.base_url, timeout=5), http)])


async def test_the_guy_from_drive_in_space(knowledge: MetadataSources) -> None:
    told = Wish(seen_in=("Drive",), genres=frozenset({"science_fiction"}), words=("space",))
    fits = await knowledge.discover(told)
    assert fits[0].work.tmdb_id == FIRST_MAN
    assert fits[0].points > fits[1].points
    found = {fit.work.tmdb_id for fit in fits}
    assert RUNNER in found
    assert DRIVE not in found


async def test_a_name_and_years(knowledge: MetadataSources) -> None:
    fits = await knowledge.discover(Wish(people=("ryan gosling",), years=(2017, 2017)))
    assert [fit.work.tmdb_id for fit in fits] == [RUNNER]


async def test_words_alone_over_films_and_series(knowledge: MetadataSources) -> None:
    both = await knowledge.discover(Wish(genres=frozenset({"crime"}), words=("heist",)))
    kinds = {fit.work.media_type for fit in both if fit.points >= 3}
    assert kinds == {MediaType.MOVIE, MediaType.TV}
    series = await knowledge.discover(Wish(words=("heist",), media_type=MediaType.TV))
    assert {fit.work.media_type for fit in series} == {MediaType.TV}


async def test_nobody_of_that_name_is_nothing_found(knowledge: MetadataSources) -> None:
    assert await knowledge.discover(Wish(people=("Nobody Atall",), genres=frozenset({"comedy"}))) == []
    assert await knowledge.discover(Wish(seen_in=("No Such Film",))) == []


async def test_a_tmdb_that_is_away_is_no_empty_answer(knowledge: MetadataSources, fake: FakeTmdb) -> None:
    fake.status = 500
    with pytest.raises(ProviderUnavailable):
        await knowledge.discover(Wish(words=("space",)))


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"results": 5}', b'{"results": [5, {"id": "x"}, {"id": true}]}']
)
async def test_rubbish_is_nothing_found(knowledge: MetadataSources, fake: FakeTmdb, body: bytes) -> None:
    fake.body = body
    told = Wish(people=("Ryan Gosling",), seen_in=("Drive",), words=("space",))
    try:
        assert await knowledge.discover(told) == []
    except ProviderUnavailable as err:
        assert err.cure


async def test_without_tmdb_there_is_nothing(fake: FakeTmdb) -> None:
    assert await MetadataSources([]).discover(Wish(words=("space",))) == []
