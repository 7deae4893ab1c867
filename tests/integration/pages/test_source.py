"""A definition as a source of a search: listing, player, offer; with the browser and without."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.media import MediaType
from sokoul.domain.offer import Protocol
from sokoul.domain.pages import BrowserMissing
from sokoul.engines.browser.pool import BrowserPool
from sokoul.engines.browser.program import Settings
from sokoul.features.search.ports import Query
from sokoul.outbound import OutboundGuard
from sokoul.providers.pages.definition import Definition
from sokoul.providers.pages.extract import Extraction, Tools
from sokoul.providers.pages.loading import read
from sokoul.providers.pages.source import PageSource
from sokoul.testing.fake_player_site import FakePlayerSite

BUNNY = Query(texts=("Big Buck Bunny 2008",), media_type=MediaType.MOVIE, year=2008)


@pytest.fixture
async def http(guard: OutboundGuard) -> AsyncIterator[ClientSession]:
    """A session that reaches the site."""
    async with guard.session() as session:
        yield session


@pytest.fixture
def definition(site: FakePlayerSite, tmp_path: Path) -> Definition:
    """How the site is read."""
    return defined(site.definition, tmp_path)


@pytest.fixture
def no_browser(guard: OutboundGuard) -> BrowserPool:
    """A pool on a machine without Chromium."""
    return BrowserPool(Settings(program="/nowhere/chromium"), guard)


def defined(text: str, folder: Path) -> Definition:
    """The definition in a text."""
    file = folder / "films.yaml"
    file.write_text(text, encoding="utf-8")
    found = read(file)
    assert isinstance(found, Definition), found
    return found


async def test_a_film(definition: Definition, http: ClientSession, pool: BrowserPool) -> None:
    source = PageSource(definition, Tools(http, pool))
    [offer] = await source.search(BUNNY)
    assert offer.title == "Big Buck Bunny 1080p WEB fr"
    assert offer.protocol is Protocol.HLS
    assert offer.url is not None and offer.url.endswith("/hls/0/master.m3u8?token=k42")
    assert dict(offer.headers)["referer"].startswith("http://player.test")
    assert offer.size_bytes == 1_400_000_000
    assert offer.provider == "films-test"


async def test_nothing_found_is_no_failure(
    definition: Definition, http: ClientSession, pool: BrowserPool
) -> None:
    source = PageSource(definition, Tools(http, pool))
    assert await source.search(Query(texts=("Nobody Knows It",))) == []
    assert pool.pid is None  # no page was opened for that


async def test_one_page(
    definition: Definition, http: ClientSession, pool: BrowserPool, site: FakePlayerSite
) -> None:
    heard: list[str] = []
    run = Extraction(definition, Tools(http, pool), lambda kind, text: heard.append(f"{kind} {text}"))
    assert len(await run.page(site.address("/film/1"))) == 1
    assert any(line.startswith("found") for line in heard)
    assert any("advertising" in line for line in heard)


async def test_a_list_that_a_script_makes(
    site: FakePlayerSite, http: ClientSession, pool: BrowserPool, tmp_path: Path
) -> None:
    text = site.definition.replace(
        f"url: http://films.test:{site.port}/search",
        f"url: {site.address('/trick/rendered')}\n  via: browser\n  steps: [{{wait_for: li.film}}]",
    )
    [offer] = await PageSource(defined(text, tmp_path), Tools(http, pool)).search(BUNNY)
    assert (offer.title, offer.size_bytes) == ("Big Buck Bunny 1080p WEB fr", 700_000_000)
    assert offer.url is not None and "/hls/1/" in offer.url


async def test_off_without_a_browser(
    definition: Definition, http: ClientSession, no_browser: BrowserPool
) -> None:
    with pytest.raises(BrowserMissing) as caught:
        await PageSource(definition, Tools(http, no_browser)).search(BUNNY)
    assert "apt-get install chromium" in (caught.value.cure or "")


async def test_plain_http_without_a_browser(
    site: FakePlayerSite, http: ClientSession, no_browser: BrowserPool, tmp_path: Path
) -> None:
    text = site.definition.replace("label:", "without_browser: http\nlabel:")
    text = text.replace('url: "{href}"', f"url: {site.address('/plain/5')}")
    [offer] = await PageSource(defined(text, tmp_path), Tools(http, no_browser)).search(BUNNY)
    assert offer.url == f"http://cdn.test:{site.port}/plain5.m3u8"
    assert dict(offer.headers)["referer"] == site.address("/plain/5")


async def test_through_a_solver_without_a_browser(
    site: FakePlayerSite, http: ClientSession, no_browser: BrowserPool, tmp_path: Path
) -> None:
    text = site.definition.replace("label:", "without_browser: flaresolverr\nlabel:")
    definition = defined(text, tmp_path)
    with pytest.raises(BrowserMissing, match="not installed") as caught:
        await PageSource(definition, Tools(http, no_browser)).search(BUNNY)
    assert "flaresolverr.url" in (caught.value.cure or "")

    class Solver:
        async def get(self, url: str, *, timeout: float) -> str:
            assert url.endswith("/film/0") and timeout > 0
            return "<script>play('//cdn.test/solved.m3u8')</script>"

    [offer] = await PageSource(definition, Tools(http, no_browser, Solver())).search(BUNNY)
    assert offer.url == "http://cdn.test/solved.m3u8"


async def test_links_that_lead_away_are_not_followed(
    site: FakePlayerSite, http: ClientSession, no_browser: BrowserPool, tmp_path: Path
) -> None:
    text = site.definition.replace("[films.test, player.test, cdn.test]", "[films.test]")
    text = text.replace('url: "{href}"', "url: http://cdn.test:1/{href}")
    heard: list[str] = []
    tools = Tools(http, no_browser)
    run = Extraction(defined(text, tmp_path), tools, lambda kind, text: heard.append(f"{kind} {text}"))
    assert await run.search(BUNNY) == []
    assert any(line.startswith("refused cdn.test") for line in heard)


async def test_a_site_that_is_away(definition: Definition, http: ClientSession, pool: BrowserPool) -> None:
    text = definition.model_copy(
        update={"search": definition.search.model_copy(update={"url": "http://films.test:1/search"})}
    )
    with pytest.raises(ProviderUnavailable, match="could not be reached"):
        await PageSource(text, Tools(http, pool)).search(BUNNY)
