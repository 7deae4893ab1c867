"""The shipped fakes say everything that the recorded answers of the real ones say, in the same types."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any
from xml.etree import ElementTree

import aiohttp
import jsonschema
import pytest

from sokoul.testing import catalogue
from sokoul.testing.fake_indexer import FakeIndexer, sample_releases
from sokoul.testing.fake_tmdb import FakeTmdb
from sokoul.testing.fake_tvmaze import FakeTvmaze
from tests import shared

DOCUMENTS = {
    "/configuration": "/3/configuration",
    "/search/movie?query=dune": "/3/search/movie",
    "/search/tv?query=the": "/3/search/tv",
    "/search/multi?query=dune": "/3/search/multi",
    "/movie/693134": "/3/movie/{movie_id}",
    "/movie/438631?language=fr-FR": "/3/movie/{movie_id}",
    "/tv/1399": "/3/tv/{series_id}",
    "/tv/1399/season/1": "/3/tv/{series_id}/season/{season_number}",
    "/tv/1399/season/1/episode/2": "/3/tv/{series_id}/season/{season_number}/episode/{episode_number}",
    "/trending/all/day": "/3/trending/all/{time_window}",
    "/trending/movie/week": "/3/trending/movie/{time_window}",
    "/trending/tv/week": "/3/trending/tv/{time_window}",
    "/discover/movie": "/3/discover/movie",
    "/discover/tv": "/3/discover/tv",
    "/discover/movie?with_people=30614|3&with_keywords=1|2|3|4|5|6|7": "/3/discover/movie",
    "/search/person?query=gosling": "/3/search/person",
    "/search/keyword?query=space": "/3/search/keyword",
    "/movie/popular": "/3/movie/popular",
    "/genre/movie/list": "/3/genre/movie/list",
    "/movie/693134/alternative_titles": "/3/movie/{movie_id}/alternative_titles",
    "/tv/1429/alternative_titles": "/3/tv/{series_id}/alternative_titles",
    "/movie/693134/translations": "/3/movie/{movie_id}/translations",
    "/tv/1399/translations": "/3/tv/{series_id}/translations",
    "/movie/693134/external_ids": "/3/movie/{movie_id}/external_ids",
    "/tv/1399/external_ids": "/3/tv/{series_id}/external_ids",
    "/movie/693134/credits": "/3/movie/{movie_id}/credits",
    "/tv/1399/credits": "/3/tv/{series_id}/credits",
    "/movie/693134/keywords": "/3/movie/{movie_id}/keywords",
    "/tv/1399/keywords": "/3/tv/{series_id}/keywords",
    "/movie/693134/videos": "/3/movie/{movie_id}/videos",
    "/tv/1399/videos": "/3/tv/{series_id}/videos",
    "/movie/693134/similar": "/3/movie/{movie_id}/similar",
    "/tv/1399/similar": "/3/tv/{series_id}/similar",
    "/movie/693134/watch/providers": "/3/movie/{movie_id}/watch/providers",
    "/tv/1399/watch/providers": "/3/tv/{series_id}/watch/providers",
    "/person/9003": "/3/person/{person_id}",
    "/person/9003/combined_credits": "/3/person/{person_id}/combined_credits",
    "/find/tt15239678": "/3/find/{external_id}",
}
# Where the real one tells no fixed set of keys: the films' collection, countries, the null next episode.
LOOSE = {"belongs_to_collection", "change_keys"}


@pytest.fixture(scope="module")
def tmdb_spec() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(shared.spec("tmdb-v3.openapi.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture
async def tmdb() -> AsyncIterator[FakeTmdb]:
    async with FakeTmdb() as fake:
        yield fake


async def get(url: str) -> Any:
    return json.loads(await text(url))


async def text(url: str) -> str:
    async with aiohttp.ClientSession() as http, http.get(url) as reply:
        assert reply.status == 200, url
        return await reply.text()


@pytest.mark.parametrize("asked", sorted(DOCUMENTS))
async def test_tmdb(asked: str, tmdb: FakeTmdb, tmdb_spec: dict[str, Any]) -> None:
    example = recorded(tmdb_spec, DOCUMENTS[asked])
    answer = await get(f"{tmdb.base_url}{asked}{'&' if '?' in asked else '?'}api_key=any")
    assert not list(differences(example, answer, asked)), asked
    if "results" in answer and isinstance(answer["results"], list):
        assert answer["results"], "an empty list proves nothing"


def recorded(spec: dict[str, Any], path: str) -> Any:
    content = spec["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    value = next(iter(content["examples"].values()))["value"]
    return json.loads(value) if isinstance(value, str) else value


def differences(example: Any, answer: Any, path: str) -> Any:
    """Every key of the example must be there in the same type; null in either may be anything."""
    if example is None or answer is None:
        return
    if isinstance(example, dict) and isinstance(answer, dict):
        if path.endswith(".results") and all(re.fullmatch(r"[A-Z]{2}", key) for key in example):
            country = max(example.values(), key=len)
            for key, value in answer.items():
                yield from differences(
                    {k: v for k, v in country.items() if k != "ads"}, value, f"{path}.{key}"
                )
            return
        for key, value in example.items():
            if key in LOOSE:
                continue
            if key not in answer:
                yield f"{path}.{key} is missing"
            else:
                yield from differences(value, answer[key], f"{path}.{key}")
    elif isinstance(example, list) and isinstance(answer, list):
        for number, value in enumerate(answer):
            if example:
                yield from differences(alike(example, value), value, f"{path}[{number}]")
    elif kind(example) != kind(answer):
        yield f"{path}: {answer!r} is not like {example!r}"


def alike(examples: list[Any], value: Any) -> Any:
    """The example of the same media type, with what all examples share; films and series differ."""
    same = [e for e in examples if not isinstance(e, dict) or e.get("media_type") == value.get("media_type")]
    if not same or not isinstance(same[0], dict):
        return (same or examples)[0]
    shared_keys = set.intersection(*(set(e) for e in same))
    return {
        key: next((e[key] for e in same if e[key] is not None), None) for key in same[0] if key in shared_keys
    }


def kind(value: Any) -> str:
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    )


async def test_tmdb_appends(tmdb: FakeTmdb, tmdb_spec: dict[str, Any]) -> None:
    extras = ("alternative_titles", "external_ids", "credits", "videos", "translations")
    answer = await get(f"{tmdb.base_url}/movie/693134?api_key=x&append_to_response={','.join(extras)}")
    for extra in extras:
        example = recorded(tmdb_spec, f"/3/movie/{{movie_id}}/{extra}")
        del example["id"]
        assert not list(differences(example, answer[extra], extra))


async def test_tmdb_refuses_like_the_real_one() -> None:
    async with FakeTmdb(api_key="right") as fake, aiohttp.ClientSession() as http:
        for query, status in (("", 401), ("?api_key=wrong", 401), ("?api_key=right", 200)):
            async with http.get(f"{fake.base_url}/movie/841{query}") as reply:
                assert reply.status == status
        async with http.get(f"{fake.base_url}/movie/841", headers={"Authorization": "Bearer right"}) as reply:
            assert reply.status == 200
        async with http.get(f"{fake.base_url}/movie/1?api_key=right") as reply:
            assert (reply.status, (await reply.json())["status_code"]) == (404, 34)


async def test_tmdb_pictures_are_pictures(tmdb: FakeTmdb) -> None:
    film = await get(f"{tmdb.base_url}/movie/693134?api_key=x")
    async with aiohttp.ClientSession() as http:
        for path in (film["poster_path"], film["backdrop_path"]):
            async with http.get(f"{tmdb.image_base_url}w342{path}") as reply:
                assert (reply.status, reply.content_type) == (200, "image/png")
                assert (await reply.read()).startswith(b"\x89PNG\r\n\x1a\n")


async def test_dune_2_has_several_answers_and_the_right_one_is_not_the_first(tmdb: FakeTmdb) -> None:
    found = await get(f"{tmdb.base_url}/search/movie?api_key=x&query=Dune+2")
    ids = [work["id"] for work in found["results"]]
    assert 693134 in ids[1:]
    assert {841, 438631} <= set(ids)


def test_the_catalogue_is_large_and_its_ids_are_unique() -> None:
    titles = catalogue.titles()
    assert len(titles) >= 200
    assert len({(t.kind, t.tmdb_id) for t in titles}) == len(titles)
    films = {(t.tmdb_id, t.year) for t in titles if t.kind == "movie"}
    assert {(693134, 2024), (438631, 2021), (841, 1984), (10378, 2008), (45745, 2010)} <= films


async def test_torznab_attributes_stand_in_the_schema() -> None:
    names = set(re.findall(r'enumeration value="(\w+)"', shared.spec("torznab/torznab.xsd").read_text()))
    async with FakeIndexer(sample_releases()) as fake:
        root = ElementTree.fromstring(await text(f"{fake.torznab_url}?t=search&apikey=fake-key"))
    space = "{http://torznab.com/schemas/2015/feed}attr"
    used = {element.get("name") for element in root.iter(space)}
    assert used
    assert used <= names
    real = ElementTree.parse(shared.spec("torznab/torznab_hdaccess_net.xml")).getroot()
    fields = {"title", "guid", "link", "pubDate", "category", "description", "enclosure", "comments"}
    assert fields <= {child.tag for child in next(real.iter("item"))}
    assert all(fields <= {child.tag for child in item} for item in root.iter("item"))


async def test_caps_have_the_recorded_elements() -> None:
    real = ElementTree.fromstring(shared.spec("torznab/torznab_animetosho_caps.xml").read_text("utf-8-sig"))
    async with FakeIndexer() as fake:
        root = ElementTree.fromstring(await text(f"{fake.torznab_url}?t=caps"))
    assert {child.tag for child in real} <= {child.tag for child in root}
    searching, fake_searching = real.find("searching"), root.find("searching")
    assert searching is not None
    assert fake_searching is not None
    assert {child.tag for child in searching} == {child.tag for child in fake_searching}


async def test_prowlarr_answers_fit_its_schema() -> None:
    content = json.loads(shared.spec("prowlarr-v1.openapi.json").read_text(encoding="utf-8"))
    async with FakeIndexer(sample_releases()) as fake:
        answer = json.loads(await text(f"{fake.url}/api/v1/search?query=x&apikey=fake-key"))
    schema = nullable(content["components"]["schemas"]["ReleaseResource"])
    root = {"components": {"schemas": {k: nullable(v) for k, v in content["components"]["schemas"].items()}}}
    for release in answer:
        jsonschema.validate(release, schema | root)
        assert set(release) == set(schema["properties"])


def nullable(schema: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema has it."""
    if isinstance(schema, list):
        return [nullable(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: nullable(value) for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable") and isinstance(result.get("type"), str):
        result["type"] = [result["type"], "null"]
    return result


async def test_tvmaze_answers() -> None:
    async with FakeTvmaze() as fake:
        shows = await get(f"{fake.url}/search/shows?q=the+bear")
        number = shows[0]["show"]["id"]
        episodes = await get(f"{fake.url}/shows/{number}/episodes")
    assert shows[0]["show"]["externals"]["imdb"] == "tt14452776"
    assert (episodes[0]["season"], episodes[0]["number"]) == (1, 1)
