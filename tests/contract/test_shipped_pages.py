"""The definitions that ship, each against a fake of the interface that its site publishes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.judge import judge
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.offer import Offer, Protocol
from sokoul.domain.pages import Visit, Visited
from sokoul.features.search.ports import Query
from sokoul.outbound import OutboundGuard
from sokoul.providers.breaker import CircuitBreaker, CircuitOpen
from sokoul.providers.guarded import Guarded
from sokoul.providers.pages.definition import Definition
from sokoul.providers.pages.extract import Tools
from sokoul.providers.pages.loading import SHIPPED, read
from sokoul.providers.pages.source import PageSource
from sokoul.testing.fake_archive import FakeArchive
from sokoul.testing.fake_commons import FakeCommons
from sokoul.testing.fake_peertube import FakePeertube

Fake = FakeArchive | FakeCommons | FakePeertube
BUNNY = Query(texts=("Big Buck Bunny 2008",), media_type=MediaType.MOVIE, year=2008)
SITES: dict[str, type[Fake]] = {
    "internet-archive": FakeArchive,
    "wikimedia-commons": FakeCommons,
    "blender-open-films": FakePeertube,
}


class NoBrowser:
    """None of these needs one."""

    async def visit(self, visit: Visit) -> Visited:
        raise AssertionError(f"{visit.url} was opened in a browser")


@asynccontextmanager
async def source(name: str, fake: Fake, folder: Path) -> AsyncIterator[PageSource]:
    """The shipped definition, pointed at the fake."""
    file = folder / f"{name}.yaml"
    file.write_text(fake.localised((SHIPPED / f"{name}.yaml").read_text()))
    definition = read(file)
    assert isinstance(definition, Definition), definition
    guard = OutboundGuard([f"127.0.0.1:{fake.port}"])
    async with guard.session() as http:
        yield PageSource(definition, Tools(http, NoBrowser()))


async def ask(name: str, query: Query, folder: Path) -> tuple[list[Offer], Fake]:
    """What the source says, and the fake that was asked."""
    async with SITES[name]() as fake, source(name, fake, folder) as asked:
        return await asked.search(query), fake


@pytest.mark.parametrize("name", SITES)
async def test_a_film_is_found_and_others_are_not(name: str, tmp_path: Path) -> None:
    found, fake = await ask(name, BUNNY, tmp_path)
    films = [one for one in found if one.protocol is not Protocol.TORRENT]
    heights = [height for height in ("2160p", "1080p", "720p") if any(height in one.title for one in films)]
    assert heights == ["2160p", "1080p", "720p"], [one.title for one in films]
    assert all("Big Buck Bunny" in one.title for one in films)
    assert all(one.url and not one.headers for one in films)
    assert len({one.guid for one in found}) == len(found)
    assert all(
        one.published_at is not None and one.published_at.year == 2008
        for one in films
        if "Reaction" not in one.title
    )
    assert all("Mozilla" not in str(request.headers.get("User-Agent")) for request in fake.requests)


async def test_the_archive(tmp_path: Path) -> None:
    found, fake = await ask("internet-archive", BUNNY, tmp_path)
    assert [request.path for request in fake.requests] == ["/advancedsearch.php", "/metadata/Big_Buck_Bunny"]
    [torrent] = [one for one in found if one.protocol is Protocol.TORRENT]
    assert torrent.info_hash is not None and torrent.size_bytes is None
    best = next(one for one in found if "1080p" in one.title)
    assert best.title == "Big Buck Bunny 2008 1080p h.264"
    assert best.size_bytes and best.size_bytes > 100_000_000
    assert best.url == f"{fake.url}/download/Big_Buck_Bunny/Big_Buck_Bunny%201080p.mp4"
    assert not any("raw" in str(one.url) for one in found), "a private file cannot be fetched"


@pytest.mark.parametrize("name", ["internet-archive", "blender-open-films"])
async def test_what_has_no_free_licence_is_left_out(name: str, tmp_path: Path) -> None:
    found, _ = await ask(name, Query(texts=("Big Buck Bunny Reaction",)), tmp_path)
    assert found == []


@pytest.mark.parametrize("name", SITES)
async def test_found_films_are_accepted(name: str, tmp_path: Path) -> None:
    from sokoul.domain.quality import QualityProfile

    found, _ = await ask(name, BUNNY, tmp_path)
    wanted = Wanted(Work(MediaType.MOVIE, "Big Buck Bunny", 2008, runtime_minutes=10))
    judged = judge(found, wanted, QualityProfile("any"))
    assert any(not one.rejected for one in judged), [(one.offer.title, one.refusals) for one in judged]


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize(
    "title", ["Nobody Knows", '(500) Days: of "Summer" AND licenseurl:*', "*", "ü" * 300]
)
async def test_nothing_found_and_odd_titles(name: str, title: str, tmp_path: Path) -> None:
    found, _ = await ask(name, Query(texts=(title,)), tmp_path)
    assert found == []


@pytest.mark.parametrize("name", SITES)
async def test_series_are_not_asked_for(name: str, tmp_path: Path) -> None:
    found, fake = await ask(name, Query(texts=("The Bear",), media_type=MediaType.TV, season=1), tmp_path)
    assert (found, fake.requests) == ([], [])


@pytest.mark.parametrize("name", SITES)
async def test_faults_are_sentences(name: str, tmp_path: Path) -> None:
    async with SITES[name]() as fake, source(name, fake, tmp_path) as asked:
        for status, body, told in (
            (500, None, "failed"),
            (429, None, "no more requests"),
            (None, b"<", "JSON"),
        ):
            fake.status, fake.body = status, body
            with pytest.raises(ProviderUnavailable, match=told):
                await asked.search(BUNNY)


@pytest.mark.parametrize("name", SITES)
async def test_one_that_is_away_is_left_in_peace(name: str, tmp_path: Path) -> None:
    async with SITES[name]() as fake, source(name, fake, tmp_path) as asked:
        guarded = Guarded(asked, CircuitBreaker(name, failures=2, rest=120))
        await fake.stop()
        for _ in range(2):
            with pytest.raises(ProviderUnavailable, match="nobody answers"):
                await guarded.search(BUNNY)
        with pytest.raises(CircuitOpen):
            await guarded.search(BUNNY)


@pytest.mark.parametrize("name", SITES)
async def test_its_own_test(name: str, tmp_path: Path) -> None:
    async with SITES[name]() as fake, source(name, fake, tmp_path) as asked:
        assert "answers" in await asked.check()
