"""What the Consumet client promises, against a server that answers as published clients expect."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.domain.media import MediaType
from sokoul.domain.offer import Protocol
from sokoul.features.search.ports import Query
from sokoul.providers.consumet.client import Consumet, ConsumetConfig
from sokoul.testing.fake_consumet import FakeConsumet, FakeStream

FILM = FakeStream(
    [
        ("1080p", "https://cdn.example/1080.m3u8"),
        ("720p", "https://cdn.example/720.mp4"),
        ("auto", "file:///etc/passwd"),
    ],
    {"Referer": "https://player.example/", "X-Evil": "1"},
    [("English", "https://cdn.example/en.vtt"), ("Thumbnails", "https://cdn.example/t.vtt")],
)
QUERY = Query(("Sintel 2010",), MediaType.MOVIE, 2010, tmdb_id=45745, imdb_id="tt1727587")


@pytest.fixture
async def fake() -> AsyncIterator[FakeConsumet]:
    async with FakeConsumet() as server:
        server.films[45745] = FILM
        server.episodes[1399, 1, 2] = FakeStream([("auto", "https://cdn.example/e.m3u8")])
        yield server


@pytest.fixture
async def client(fake: FakeConsumet) -> AsyncIterator[Consumet]:
    async with aiohttp.ClientSession() as http:
        yield Consumet(ConsumetConfig(fake.url, "flixhq", timeout=2), http)


async def test_streams_become_offers(client: Consumet, fake: FakeConsumet) -> None:
    offers = await client.search(QUERY)
    assert [(offer.title, offer.protocol) for offer in offers] == [
        ("Sintel 2010 1080p stream flixhq", Protocol.HLS),
        ("Sintel 2010 720p stream flixhq", Protocol.HTTP),
    ]
    assert offers[0].headers == (("Referer", "https://player.example/"),)
    assert offers[0].subtitles == (("English", "https://cdn.example/en.vtt"),)
    assert (offers[0].tmdb_id, len({offer.guid for offer in offers})) == (45745, 2)
    asked = fake.requests[-1]
    assert asked.rel_url.raw_path == "/meta/tmdb/watch/watch%2Ffilm-45745"
    assert dict(asked.query) == {"id": "tv/film-45745", "provider": "flixhq"}


async def test_an_episode(client: Consumet) -> None:
    query = Query(("Game of Thrones",), MediaType.TV, season=1, episode=2, tmdb_id=1399)
    assert [offer.title for offer in await client.search(query)] == ["Game of Thrones S01E02 stream flixhq"]
    with pytest.raises(NotFound):
        await client.watch(MediaType.TV, 1399, 1, 3)


@pytest.mark.parametrize(
    "query",
    [
        Query(("x",), MediaType.MOVIE),
        Query(("x",), MediaType.TV, tmdb_id=1399),
        Query(("x",), MediaType.UNKNOWN, tmdb_id=1),
        Query(("x",), MediaType.MOVIE, tmdb_id=999),
    ],
)
async def test_what_it_does_not_have_is_no_failure(query: Query, client: Consumet) -> None:
    assert await client.search(query) == []


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b"[" * 50_000, b"\xff\x00"])
async def test_nonsense_is_kept_out(body: bytes, client: Consumet, fake: FakeConsumet) -> None:
    fake.body = body
    with pytest.raises(ProviderUnavailable) as caught:
        await client.search(QUERY)
    assert caught.value.cure


@pytest.mark.parametrize(
    "body",
    [
        b'{"id": {}, "episodeId": []}',
        b'{"episodeId": "x", "id": 1, "sources": "y", "headers": 7, "subtitles": {"a": 1}}',
        b'{"episodeId": "x", "id": 1, "sources": [{"url": 1}, 2, {"url": "http://u@h/x"}]}',
        b'{"episodeId":"x","id":1,"sources":[{"url":"http://h/x"}],"headers":{"Referer":"a\\r\\nb"}}',
    ],
)
async def test_odd_documents_hold_nothing(body: bytes, client: Consumet, fake: FakeConsumet) -> None:
    fake.body = body
    assert await client.search(QUERY) == []


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
async def test_http_errors_have_a_cure(status: int, client: Consumet, fake: FakeConsumet) -> None:
    fake.status = status
    with pytest.raises(ProviderUnavailable) as caught:
        await client.search(QUERY)
    assert caught.value.cure


async def test_a_slow_one_is_given_up(client: Consumet, fake: FakeConsumet) -> None:
    fake.hang = 30
    with pytest.raises(ProviderUnavailable) as caught:
        await client.search(QUERY)
    assert caught.value.timed_out


async def test_the_test_button(client: Consumet, fake: FakeConsumet) -> None:
    assert "answers" in await client.check()
    fake.films.clear()
    with pytest.raises(ProviderUnavailable) as caught:
        await client.check()
    assert "TMDB key" in (caught.value.cure or "")
