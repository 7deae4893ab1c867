"""What every indexer promises, asked of each kind against the same server."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.media import MediaType
from sokoul.features.search.ports import Indexer, Query
from sokoul.providers.plugin import IndexerConfig
from sokoul.providers.registry import INDEXERS
from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease

KEY = "s3cr3t-canary"
FILM = Query(("Dune Part Two 2024",), MediaType.MOVIE, 2024, imdb_id="tt15239678", tmdb_id=693134)


def release(title: str, size: int = 8_000_000_000, seeders: int | None = 50) -> FakeRelease:
    digest = hashlib.sha1(title.encode(), usedforsecurity=False).hexdigest()
    return FakeRelease(title, size, seeders, info_hash=digest, imdb_id="tt15239678")


RELEASES = [
    release("Dune.Part.Two.2024.1080p.BluRay.x265-GRP"),
    release("Dune.Part.Two.2024.2160p.WEB-DL.x265-GRP", 20_000_000_000, None),
    release("Dune.2021.1080p.BluRay.x264-GRP"),
]


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def fake() -> AsyncIterator[FakeIndexer]:
    async with FakeIndexer(RELEASES, api_key=KEY, params="q,imdbid") as server:
        yield server


@pytest.fixture(params=sorted(INDEXERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def indexer(
    kind: str,
    fake: FakeIndexer,
    http: aiohttp.ClientSession,
    *,
    key: str = KEY,
    timeout: float = 5.0,
    url: str = "",
) -> Indexer:
    address = url or (fake.torznab_url if kind == "torznab" else fake.url)
    return INDEXERS[kind](IndexerConfig("mine", address, key, timeout), http)


async def test_offers_everything_with_its_facts(
    kind: str, fake: FakeIndexer, http: aiohttp.ClientSession
) -> None:
    offers = {offer.title: offer for offer in await indexer(kind, fake, http).search(FILM)}
    assert set(offers) == {r.title for r in RELEASES}
    best = offers[RELEASES[0].title]
    assert (best.provider, best.size_bytes, best.seeders, best.leechers) == ("mine", 8_000_000_000, 50, 5)
    assert best.info_hash == RELEASES[0].info_hash
    assert best.imdb_id == "tt15239678"
    assert best.magnet_link is not None
    assert best.categories == (2000,)
    assert best.published_at == RELEASES[0].published
    assert offers[RELEASES[1].title].seeders is None


async def test_the_same_question_gives_the_same_guids(
    kind: str, fake: FakeIndexer, http: aiohttp.ClientSession
) -> None:
    source = indexer(kind, fake, http)
    first, second = await source.search(FILM), await source.search(FILM)
    assert [o.guid for o in first] == [o.guid for o in second]
    assert len({o.guid for o in first}) == len(first)


async def test_finding_nothing_is_an_answer(
    kind: str, fake: FakeIndexer, http: aiohttp.ClientSession
) -> None:
    fake.releases = []
    assert await indexer(kind, fake, http).search(FILM) == []


async def test_words_are_asked(kind: str, fake: FakeIndexer, http: aiohttp.ClientSession) -> None:
    fake.strict = True
    query = Query(("Dune 2021",), MediaType.MOVIE)
    assert [o.title for o in await indexer(kind, fake, http).search(query)] == [RELEASES[2].title]


async def test_episodes_are_asked_by_number(
    kind: str, fake: FakeIndexer, http: aiohttp.ClientSession
) -> None:
    await indexer(kind, fake, http).search(Query(("The Bear",), MediaType.TV, season=2, episode=3))
    asked = fake.searches[-1]
    if kind == "prowlarr":
        assert asked["query"] == "The Bear S02E03"
    else:
        assert (asked["t"], asked["q"], asked["season"], asked["ep"]) == ("tvsearch", "The Bear", "2", "3")


async def test_a_wrong_key_has_a_cure_and_stays_out_of_words(
    kind: str, fake: FakeIndexer, http: aiohttp.ClientSession
) -> None:
    with pytest.raises(ProviderUnavailable, match="did not accept the key") as caught:
        await indexer(kind, fake, http, key="wrong-canary").search(FILM)
    assert "Copy the API key" in (caught.value.cure or "")


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
async def test_http_errors_have_a_cure(
    kind: str, status: int, fake: FakeIndexer, http: aiohttp.ClientSession
) -> None:
    fake.status = status
    with pytest.raises(ProviderUnavailable) as caught:
        await indexer(kind, fake, http).search(FILM)
    assert caught.value.cure
    assert_secret_kept(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel><item>",
        b"<!DOCTYPE html><html><body>Login</body></html>",
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
        b'{"not": "a list"}',
        b"\x00\xff" * 100,
        b"",
        b"[" * 100_000,
    ],
)
async def test_nonsense_is_kept_out(
    kind: str, body: bytes, fake: FakeIndexer, http: aiohttp.ClientSession
) -> None:
    fake.body = body
    with pytest.raises(ProviderUnavailable) as caught:
        await indexer(kind, fake, http).search(FILM)
    assert caught.value.cure


async def test_too_much_is_not_read(kind: str, fake: FakeIndexer, http: aiohttp.ClientSession) -> None:
    fake.body = b"<rss>" + b" " * (6 * 1024 * 1024)
    with pytest.raises(ProviderUnavailable, match="more than 5 MiB"):
        await indexer(kind, fake, http, timeout=20).search(FILM)


async def test_a_hanging_one_is_given_up(kind: str, fake: FakeIndexer, http: aiohttp.ClientSession) -> None:
    fake.hang = 60
    loop = asyncio.get_running_loop()
    started = loop.time()
    with pytest.raises(ProviderUnavailable) as caught:
        await indexer(kind, fake, http, timeout=0.2).search(FILM)
    assert caught.value.timed_out
    assert loop.time() - started < 2


async def test_nobody_there(kind: str, http: aiohttp.ClientSession) -> None:
    async with FakeIndexer() as gone:
        url = gone.url
    with pytest.raises(ProviderUnavailable, match="could not be reached") as caught:
        await indexer(kind, gone, http, url=f"{url}/api" if kind == "torznab" else url).search(FILM)
    assert caught.value.cure
    assert_secret_kept(caught.value)


async def test_the_test_button(kind: str, fake: FakeIndexer, http: aiohttp.ClientSession) -> None:
    source = indexer(kind, fake, http)
    assert "answers" in await source.check()  # type: ignore[attr-defined]  # every kind here has it


def assert_secret_kept(error: ProviderUnavailable) -> None:
    link: BaseException | None = error
    while link is not None:
        assert KEY not in f"{link!r} {link} {getattr(link, 'cure', '')}"
        link = link.__cause__
