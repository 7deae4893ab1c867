"""Quality profiles by hand: edited with a live preview, taken in from others, and the order that follows."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_tmdb import FakeTmdb
from tests.e2e.browser import PHONE, Watch, chromium, keep, until
from tests.e2e.daemon import Daemon
from tests.e2e.test_pages_search import AXE, by, signed_in

FULL = "Dune.Part.Two.2024.2160p.WEB-DL.DDP5.1.x265-OPEN"
HIGH = "Dune.Part.Two.2024.1080p.WEB-DL.DDP5.1.x264-OPEN"
LOW = "Dune.Part.Two.2024.720p.WEB-DL.DDP5.1.x264-OPEN"
SIZES = {FULL: 20_000_000_000, HIGH: 8_000_000_000, LOW: 3_000_000_000}
UHD = {
    "name": "4K first",
    "steps": [
        {"name": "WEB 1080p", "qualities": ["WEBRip-1080p", "WEBDL-1080p"]},
        {"name": "WEB 2160p", "qualities": ["WEBRip-2160p", "WEBDL-2160p"]},
    ],
    "until": "WEB 2160p",
}
TEAM: dict[str, Any] = {"implementation": "ReleaseGroupSpecification", "negate": False, "required": True}
GIVEN = [
    {
        "name": "Open team",
        "trash_id": "f1",
        "trash_scores": {"default": 100},
        "specifications": [{**TEAM, "name": "OPEN", "fields": {"value": "^(OPEN)$"}}],
    },
    {
        "name": "Taken over",
        "cutoff": "WEB 1080p",
        "minFormatScore": 0,
        "items": [{"name": "WEB 1080p", "allowed": True, "items": ["WEBRip-1080p", "WEBDL-1080p"]}],
        "formatItems": {"Open team": "f1", "Not given": "f2"},
    },
]


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    async with AsyncExitStack() as stack:
        tmdb = await stack.enter_async_context(FakeTmdb(api_key="k"))
        releases = [FakeRelease(name, size, 120, category=2040) for name, size in SIZES.items()]
        indexer = await stack.enter_async_context(FakeIndexer(releases, api_key="k", name="mine"))
        found = {"name": "mine", "type": "torznab", "url": indexer.torznab_url, "api_key": "k"}
        source = {"api_key": "k", "base_url": tmdb.base_url, "image_base_url": tmdb.image_base_url}
        daemon = Daemon(tmp_path / "box", {"providers": {"tmdb": source, "indexers": [found]}})
        await daemon.start()
        await daemon.sign_in()
        yield daemon
        assert await daemon.stop() == 0


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def opened(page: Page, daemon: Daemon) -> None:
    await page.goto(daemon.base + "/settings")
    await page.click("a[href='/settings/profiles']")
    await page.wait_for_selector(f"{by('verdicts')} {by('verdict')}")


def accepted(name: str) -> str:
    """A condition: this name's verdict is a score."""
    row = f"[...document.querySelectorAll('{by('verdict')}')].find(row => row.innerText.includes('{name}'))"
    return f"!({row}).classList.contains('is-rejected')"


async def test_verdicts_follow_every_change_before_anything_is_kept(daemon: Daemon, browser: Browser) -> None:
    page = await signed_in(browser, daemon)
    watch = Watch(daemon.base)
    watch.over(page)
    await opened(page, daemon)
    assert await page.is_disabled(by("profile-name"))
    await page.fill(by("preview-names"), "\n".join(SIZES))
    await until(page, f"document.querySelectorAll('{by('verdict')}').length === 3")
    assert not await page.evaluate(accepted("720p"))
    await page.click(by("profile-copy"))
    await page.fill(by("profile-name"), "mine")
    await page.select_option(by("profile-minimum"), "720p")
    await until(page, accepted("720p"))
    await page.fill(by("profile-must-not"), "x265")
    await until(page, f"!({accepted('2160p')})")
    assert (await daemon.call("GET", "/profiles"))["total"] == 1
    await keep(page, "profiles-editing")

    await page.click(by("profile-save"))
    await page.wait_for_selector(f"{by('profile-item')}[data-name=mine][aria-current]")
    kept = await daemon.call("GET", "/profiles/mine")
    assert (kept["minimum"], kept["must_not"]) == ("720p", ["x265"])
    assert watch.complaints == []


async def test_the_ladder_is_climbed_by_keyboard_and_formats_move_the_order(
    daemon: Daemon, browser: Browser
) -> None:
    await daemon.call("POST", "/profiles", UHD)
    page = await signed_in(browser, daemon)
    await opened(page, daemon)
    await page.fill(by("preview-names"), "\n".join([FULL, HIGH]))
    await page.click(f"{by('profile-item')}[data-name='4K first']")
    first = f"document.querySelector('{by('verdict')} .verdict-name')?.textContent.includes"
    await until(page, f"{first}('2160p')")
    await page.focus(f"{by('step')}:nth-child(2) [data-move=up]")
    await page.keyboard.press("Enter")
    await until(page, f"{first}('1080p')")
    assert await page.inner_text(f"{by('step')} strong >> nth=0") == "WEB 1080p"
    assert await page.evaluate("document.activeElement.closest('li') !== null"), "the focus was lost"

    await page.click(by("format-add"))
    await page.fill(f"{by('format-points')}", "500")
    await page.fill(".condition input.mono", "2160p")
    await until(page, f"document.querySelector('{by('verdicts')}').innerText.includes('+500')")
    await page.fill(".condition input.mono", "((a{1,99}){1,99}){1,99}b")
    await until(page, "document.querySelector('.faults').innerText.includes('very long')")
    await page.fill(".condition input.mono", "2160p")
    await until(page, "document.querySelector('.faults').hidden")
    await page.click(by("profile-save"))
    await until(page, f"document.querySelector('{by('profile-save')}').disabled")
    kept = await daemon.call("GET", "/profiles/4K%20first")
    assert [step["name"] for step in kept["steps"]] == ["WEB 2160p", "WEB 1080p"]
    assert kept["formats"][0]["points"] == 500


async def test_what_others_made_is_taken_in_and_its_gaps_are_named(daemon: Daemon, browser: Browser) -> None:
    page = await signed_in(browser, daemon)
    await opened(page, daemon)
    await page.click(by("profile-import"))
    await page.fill(by("import-text"), json.dumps(GIVEN))
    await page.click(by("import-send"))
    await until(page, f"document.querySelector('{by('import-result')}').innerText.includes('Not given')")
    await keep(page, "profiles-import")
    await page.keyboard.press("Escape")
    await page.wait_for_selector(f"{by('profile-item')}[data-name='Taken over'][aria-current]")
    assert await page.input_value(f"{by('format')} input >> nth=0") == "Open team"


async def test_another_profile_changes_the_order_of_a_search(daemon: Daemon, browser: Browser) -> None:
    await daemon.call("POST", "/profiles", UHD)
    page = await signed_in(browser, daemon)
    await page.goto(daemon.base + "/search?q=Dune+Part+Two")
    first = f"document.querySelector('{by('results')} {by('raw-name')}')?.textContent"
    await until(page, f"{first} === '{HIGH}'")
    await page.locator(f"{by('results')} {by('score')}").nth(1).click()
    why = page.locator(f"{by('results')} {by('versus')}").first
    assert "behind the best" in await why.inner_text()
    await keep(page, "search-versus")
    await page.select_option(by("search-profile"), "4K first")
    await until(page, f"{first} === '{FULL}'")
    assert "profile=4K+first" in page.url
    await keep(page, "search-other-profile")
    await page.reload()
    await until(page, f"{first} === '{FULL}'")


async def test_a_persons_limits_are_set_on_the_page(daemon: Daemon, browser: Browser) -> None:
    await daemon.call("POST", "/profiles", UHD)
    page = await signed_in(browser, daemon)
    await opened(page, daemon)
    person = f"{by('person')} select"
    await page.locator(person).nth(1).select_option("1080p")
    await page.wait_for_selector(f"{by('toasts')} .toast-good")
    (user,) = (await daemon.call("GET", "/admin/users"))["items"]
    habits = await daemon.call("GET", f"/admin/users/{user['id']}/profile")
    assert habits == {"profile": None, "ceiling": "1080p"}


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run scripts/setup --dev")
async def test_the_page_breaks_no_rule_of_reach_on_any_screen(daemon: Daemon, browser: Browser) -> None:
    await daemon.call(
        "POST",
        "/profiles",
        {
            **UHD,
            "languages": ["original", "fr"],
            "formats": [{"name": "Open", "points": 10, "conditions": [{"kind": "group", "value": "^OPEN$"}]}],
            "sizes": [{"quality": "WEBDL-1080p", "least": 6}],
        },
    )
    rules = AXE.read_text(encoding="utf-8")
    found = []
    looks: tuple[tuple[str, dict[str, Any]], ...] = (
        ("dark-1440", {}),
        ("light-1440", {"scheme": "light", "language": "fr"}),
        ("dark-390", {"size": PHONE, "language": "fr"}),
        ("light-390", {"size": PHONE, "scheme": "light"}),
    )
    for name, more in looks:
        page = await signed_in(browser, daemon, **more)
        await page.emulate_media(reduced_motion="reduce")
        await page.goto(daemon.base + "/settings/profiles#4K%20first")
        await page.wait_for_selector(f"{by('verdicts')} {by('verdict')}")
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(wide) <= 0, f"{name} scrolls sideways"
        await page.evaluate("document.querySelector('.format-conditions').open = true")
        await keep(page, f"profiles-{name}")
        await page.screenshot(
            path=Path("test-output") / "pages" / f"profiles-{name}-whole.png", full_page=True
        )
        await page.evaluate(rules)
        broken = await page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
            ".then(done => done.violations.map(v => `${v.id}: ${v.nodes[0].html.slice(0, 160)}`))"
        )
        found += [f"{name}: {line}" for line in broken]
    assert not found, "\n".join(found)


async def test_a_title_gets_a_second_version(daemon: Daemon, browser: Browser) -> None:
    await daemon.call("POST", "/profiles", UHD)
    film = {"title": "Dune: Part Two", "media_type": "movie", "year": 2024, "tmdb_id": 693134}
    made = await daemon.call("POST", "/media", film)
    page = await signed_in(browser, daemon)
    await page.goto(f"{daemon.base}/title/{made['id']}")
    await page.click(by("slot-add"))
    await page.wait_for_selector(by("slot"))
    await page.select_option(f"{by('slot')} select", "4K first")
    await until(page, f"document.querySelector('{by('slot')} a').href.includes('profile=4K')")
    slots = (await daemon.call("GET", f"/media/{made['id']}/slots"))["slots"]
    assert [(slot["name"], slot["profile"]) for slot in slots] == [("1080p", "4K first")]
    await keep(page, "title-slots")


async def test_a_default_that_is_gone_is_named_and_another_is_chosen(
    daemon: Daemon, browser: Browser
) -> None:
    await daemon.call("POST", "/profiles", UHD)
    await daemon.call("PUT", "/settings", {"quality.default_profile": "gone"})
    page = await signed_in(browser, daemon, size=PHONE)
    await page.goto(daemon.base + "/settings/profiles#4K%20first")
    said = await page.inner_text(by("missing-default"))
    # Of those known, the first by name takes its place.
    assert "“gone” does not exist" in said and "“4K first” is used" in said
    await page.goto(daemon.base + "/settings/profiles#hd")
    await page.reload()
    await keep(page, "profiles-missing-default")
    await page.click(by("profile-household"))
    await page.wait_for_selector(by("missing-default"), state="detached")
    await page.wait_for_selector(by("profile-household"), state="detached")
    listed = (await daemon.call("GET", "/profiles"))["items"]
    assert [one["name"] for one in listed if one["household"]] == ["hd"]
