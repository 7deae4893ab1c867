"""Wikidata and OMDb against the shipped fakes, alone and beside the others."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from rdflib.plugins.sparql import prepareQuery

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.domain.media import MediaType, Work
from sokoul.features.search.identify import identify
from sokoul.features.search.model import SearchWish
from sokoul.providers.metadata import sparql
from sokoul.providers.metadata.omdb import Omdb, OmdbConfig
from sokoul.providers.metadata.sources import MetadataSources
from sokoul.providers.metadata.tvmaze import Tvmaze, TvmazeConfig
from sokoul.providers.metadata.wikidata import Wikidata, WikidataConfig
from sokoul.testing.fake_omdb import FakeOmdb
from sokoul.testing.fake_tvmaze import FakeTvmaze
from sokoul.testing.fake_wikidata import FakeWikidata

HOSTILE = (
    '" } ?x ?y ?z . #',
    "\\",
    'a" UNION { ?s ?p ?o } "',
    "line\nfeed",
    "\u0000\u001f\u202e",
    "%s %d",
    "日本",
)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def wikidata(http: aiohttp.ClientSession) -> AsyncIterator[tuple[Wikidata, FakeWikidata]]:
    async with FakeWikidata() as fake:
        yield Wikidata(WikidataConfig(fake.base_url, "fr-FR"), http), fake


@pytest.fixture
async def omdb(http: aiohttp.ClientSession) -> AsyncIterator[tuple[Omdb, FakeOmdb]]:
    async with FakeOmdb() as fake:
        yield Omdb(OmdbConfig("fake-key", fake.url), http), fake


async def test_wikidata_finds_films_with_their_ids(wikidata: tuple[Wikidata, FakeWikidata]) -> None:
    source, _ = wikidata
    found = {work.tmdb_id: work for work in await source.find("Dune", MediaType.MOVIE, None)}
    second = found[693134]
    assert (second.media_type, second.year, second.imdb_id) == (MediaType.MOVIE, 2024, "tt15239678")
    assert (second.title, second.runtime_minutes) == ("Dune : Deuxième partie", 167)
    assert {"Dune: Part Two", "Dune 2"} <= set(second.aliases)


async def test_wikidata_tells_films_from_series(wikidata: tuple[Wikidata, FakeWikidata]) -> None:
    source, _ = wikidata
    kinds = {work.media_type for work in await source.find("Dune", MediaType.UNKNOWN, None)}
    assert kinds == {MediaType.MOVIE, MediaType.TV}
    assert {w.media_type for w in await source.find("Dune", MediaType.TV, None)} == {MediaType.TV}


async def test_wikidata_knows_tmdb_ids(wikidata: tuple[Wikidata, FakeWikidata]) -> None:
    source, _ = wikidata
    assert (await source.by_tmdb(1429, MediaType.TV)).imdb_id == "tt2560140"
    with pytest.raises(NotFound):
        await source.by_tmdb(1, MediaType.MOVIE)
    assert await source.check() == "Wikidata answers."


@pytest.mark.parametrize("kind", [MediaType.MOVIE, MediaType.TV, MediaType.UNKNOWN])
@pytest.mark.parametrize("text", ["Dune", *HOSTILE])
def test_every_question_is_one_valid_sparql_query(text: str, kind: MediaType) -> None:
    query = prepareQuery(sparql.named(text, kind, 'fr"; DROP'))
    assert {str(name) for name in query.algebra["PV"]} >= {"item", "kind", "tmdb_film", "aliases"}
    prepareQuery(sparql.with_tmdb_id(693134, kind, "fr"))


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_words_stay_words(text: str, wikidata: tuple[Wikidata, FakeWikidata]) -> None:
    source, fake = wikidata
    await source.find(text, MediaType.MOVIE, None)
    assert fake.requests[-1].query["query"].count("SERVICE wikibase:mwapi {") == 1


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b"[" * 100_000, b'{"results": {"bindings": 5}}'])
async def test_nonsense_is_kept_out(body: bytes, wikidata: tuple[Wikidata, FakeWikidata]) -> None:
    source, fake = wikidata
    fake.body = body
    with pytest.raises(ProviderUnavailable):
        await source.find("Dune", MediaType.MOVIE, None)


async def test_fields_of_the_wrong_type_count_as_absent(wikidata: tuple[Wikidata, FakeWikidata]) -> None:
    source, fake = wikidata
    row = {
        "kind": {"value": 5},
        "title": {"value": "Dune"},
        "year": {"value": "99999"},
        "imdb_id": {"value": "tt1; --"},
        "tmdb_film": "7",
        "minutes": {"value": "1e400"},
    }
    fake.body = json.dumps({"results": {"bindings": [row, 5, {}, {"title": None}]}}).encode()
    (work,) = await source.find("Dune", MediaType.UNKNOWN, None)
    assert (work.title, work.year, work.imdb_id, work.tmdb_id) == ("Dune", None, None, None)
    assert work.runtime_minutes is None


async def test_omdb_finds_and_describes(omdb: tuple[Omdb, FakeOmdb]) -> None:
    source, _ = omdb
    found = await source.find("Dune", MediaType.MOVIE, 2024)
    assert [(work.imdb_id, work.year) for work in found] == [("tt15239678", 2024)]
    another_year = await source.find("Dune", MediaType.MOVIE, 1951)
    assert another_year == await source.find("Dune", MediaType.MOVIE, None)
    told = await source.describe(found[0])
    assert (told.runtime_minutes, told.original_language, told.rating) == (167, "en", 7.4)
    assert "Science Fiction" in told.genres
    assert await source.find("no such title at all", MediaType.UNKNOWN, None) == []


async def test_omdb_says_what_is_wrong(omdb: tuple[Omdb, FakeOmdb], http: aiohttp.ClientSession) -> None:
    source, fake = omdb
    assert await source.check() == "OMDb accepts the key."
    with pytest.raises(ProviderUnavailable, match="did not accept the key"):
        await Omdb(OmdbConfig("wrong", fake.url), http).check()
    fake.spent = True
    with pytest.raises(ProviderUnavailable, match="no more requests for today"):
        await source.find("Dune", MediaType.MOVIE, None)


async def test_omdb_keeps_the_key_to_itself(omdb: tuple[Omdb, FakeOmdb]) -> None:
    source, fake = omdb
    fake.body = b'{"Response": "False", "Error": "fake-key0123456789abcdef is bad"}'
    with pytest.raises(ProviderUnavailable) as caught:
        await source.find("Dune", MediaType.MOVIE, None)
    assert "0123456789" not in str(caught.value)


async def test_a_household_without_any_key_identifies_films(http: aiohttp.ClientSession) -> None:
    async with FakeWikidata() as wikidata, FakeTvmaze() as tvmaze:
        sources = MetadataSources(
            [
                Tvmaze(TvmazeConfig(tvmaze.url), http),
                Wikidata(WikidataConfig(wikidata.base_url, "fr-FR"), http),
            ]
        )
        meaning = await identify(SearchWish("Dune 2"), sources, timeout=10)
        work = meaning.wanted.work
        assert (work.tmdb_id, work.year, work.title) == (693134, 2024, "Dune : Deuxième partie")
        series = await identify(SearchWish("attack on titan s02e03"), sources, timeout=10)
        titan = series.wanted.work
        assert (titan.tvmaze_id, titan.media_type) == (919, MediaType.TV)
        assert len(await sources.episodes(titan, 2)) == 12
        # What both know is one work with the ids of both.
        (both,) = [w for w in await sources.find("attack on titan", MediaType.UNKNOWN, None) if w.tvmaze_id]
        assert (both.tmdb_id, both.tvmaze_id) == (1429, 919)


async def test_ids_are_looked_up_where_the_first_source_fails(http: aiohttp.ClientSession) -> None:
    async with FakeWikidata() as wikidata, FakeOmdb() as omdb:
        sources = MetadataSources(
            [Omdb(OmdbConfig("wrong", omdb.url), http), Wikidata(WikidataConfig(wikidata.base_url), http)]
        )
        assert (await sources.find("Dune: Part Two", MediaType.UNKNOWN, None))[0].tmdb_id == 693134
        assert (await sources.by_tmdb(693134, MediaType.MOVIE)).title == "Dune: Part Two"
        with pytest.raises(ProviderUnavailable):
            await sources.describe(Work(MediaType.MOVIE, "Dune", imdb_id="tt15239678"))
