"""One's own debrid keys on the page: tried with a plain cure, kept masked, removed, without any rights."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from sokoul.testing.fake_all_debrid import FakeAllDebrid
from sokoul.testing.fake_real_debrid import FakeRealDebrid
from tests.e2e.browser import DESKTOP, OUTPUT, PHONE, Watch, chromium, context, until
from tests.e2e.daemon import Daemon

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
KEY = "my-own-canary-key"
ALICE = {"username": "alice", "email": "alice@example.org", "password": "a phrase for alice"}


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    async with FakeRealDebrid(api_key=KEY) as real, FakeAllDebrid(api_key="household-key") as every:
        debrid = {
            "real_debrid": {"base_url": real.base_url},
            "all_debrid": {"base_url": every.base_url, "api_key": "household-key"},
        }
        daemon = Daemon(tmp_path / "box", {"providers": {"debrid": debrid}})
        await daemon.start()
        await daemon.sign_in()
        await daemon.call("POST", "/admin/users", {**ALICE, "role": "user"})
        yield daemon
        assert KEY not in daemon.log_file.read_text()
        assert await daemon.stop() == 0


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


def by(name: str) -> str:
    return f"[data-testid={name}]"


async def opened(browser: Browser, daemon: Daemon, **look: object) -> Page:
    """Alice's page, by the way that she goes."""
    window = await context(browser, **look)  # type: ignore[arg-type]  # its arguments by name
    page = await window.new_page()
    await page.emulate_media(reduced_motion="reduce")
    await page.goto(daemon.base + "/login")
    await page.fill(by("field-username"), ALICE["username"])
    await page.fill(by("field-password"), ALICE["password"])
    await page.click(by("login-submit"))
    await page.wait_for_url(daemon.base + "/")
    await page.locator("[data-open-more]:visible").click()
    await page.click(by("to-account"))
    await page.wait_for_url(daemon.base + "/account")
    await until(page, "!document.querySelector('#keys').hasAttribute('aria-busy')")
    return page


def shows(card: str, words: str) -> str:
    return f'document.querySelector("{card}").innerText.includes("{words}")'


async def test_a_key_is_tried_kept_and_removed(daemon: Daemon, browser: Browser) -> None:
    page = await opened(browser, daemon)
    watch = Watch(daemon.base)
    watch.over(page)
    real, every = "[data-service=real_debrid]", "[data-service=all_debrid]"
    assert await page.get_attribute(real, "data-owner") == "none"
    assert await page.get_attribute(every, "data-owner") == "household"
    await page.click(f"{real} {by('key-test')}")
    await until(page, shows(real, "Enter the key first."))

    await page.fill(f"{real} input", "a wrong one")
    await page.click(f"{real} {by('key-test')}")
    await until(page, shows(real, "This does not look like a key"))
    await page.fill(f"{real} input", "a-wrong-one")
    await page.click(f"{real} {by('key-test')}")
    await until(page, shows(real, "real-debrid.com/apitoken and enter it again."))
    await page.fill(f"{real} input", KEY)
    await page.click(f"{real} {by('key-test')}")
    await until(page, shows(real, "knows this key: fake_person, paid until 2031-05-01."))

    await page.click(f"{real} {by('key-save')}")
    await until(page, f"document.querySelector('{real}').dataset.owner === 'own'")
    await page.reload()
    await until(page, f"document.querySelector('{real}').dataset.owner === 'own'")
    assert await page.input_value(f"{real} input") == ""
    assert KEY not in await page.content()
    await page.click(f"{real} {by('key-test')}")
    await until(page, shows(real, "fake_person"))

    await page.click(f"{real} {by('key-remove')}")
    await until(page, f"document.querySelector('{real}').dataset.owner === 'none'")
    assert await page.is_hidden(f"{real} {by('key-remove')}")
    assert [line for line in watch.complaints if "422" not in line] == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run scripts/setup --dev")
@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
async def test_it_can_be_used_by_everybody_in_french(
    daemon: Daemon, browser: Browser, size: tuple[int, int], scheme: str
) -> None:
    page = await opened(browser, daemon, size=size, scheme=scheme, language="fr")
    real = "[data-service=real_debrid]"
    await page.fill(f"{real} input", "une-mauvaise-cle")
    await page.click(f"{real} {by('key-test')}")
    await until(page, shows(real, "n’a pas accepté la clé. Copiez votre jeton"))
    await page.click("[data-service=all_debrid] [type=submit]")
    await until(page, shows("[data-service=all_debrid]", "Saisissez d’abord la clé."))
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    broken = await page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
        ".then(done => done.violations.map(v => `${v.id}: ${v.nodes[0].html.slice(0, 160)}`))"
    )
    assert broken == []
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=OUTPUT / f"account-{scheme}-fr-{size[0]}.png", full_page=True)
