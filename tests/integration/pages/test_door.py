"""The door of a browser context, spoken to directly: who is let through, and how."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from sokoul.engines.browser import blocking
from sokoul.engines.browser.door import Door, Rules
from sokoul.outbound import OutboundGuard
from sokoul.testing.fake_player_site import FakePlayerSite
from tests.integration.pages.canary import Canary


def rules(*hosts: str) -> Rules:
    """A visit of a definition with these hosts."""
    return Rules(hosts or ("films.test", "cdn.test"), blocking.hosts(("ads.test",)))


@asynccontextmanager
async def door(guard: OutboundGuard, *hosts: str, **limits: Any) -> AsyncIterator[Door]:
    """A door that is open for these hosts."""
    made = Door(guard, **limits)
    await made.listen()
    made.begin(rules(*hosts))
    yield made
    await made.close()


@pytest.fixture
async def opened(guard: OutboundGuard) -> AsyncIterator[Door]:
    """One that is open for the site of films."""
    async with door(guard) as made:
        yield made


async def say(to: Door, text: str) -> bytes:
    """What comes back until it hangs up."""
    port = int(to.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(text.encode())
        async with asyncio.timeout(10):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def asking(url: str, *headers: str, method: str = "GET") -> str:
    """A plain request to a proxy."""
    return "\r\n".join([f"{method} {url} HTTP/1.1", "Host: films.test", *headers, "", ""])


async def test_a_plain_request_goes_through_without_hops(opened: Door, site: FakePlayerSite) -> None:
    hops = ("Proxy-Connection: keep-alive", "Connection: keep-alive, x", "Proxy-Authorization: Basic x")
    answer = await say(opened, asking(site.address("/search?q=sintel"), *hops, "Referer: http://a/"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200") and b"connection: close" in head.lower()
    assert b"Sintel" in body
    [request] = site.requests
    assert request.path_qs == "/search?q=sintel"
    assert request.headers["Referer"] == "http://a/"
    assert not any(name.lower().startswith("proxy-") for name in request.headers)


async def test_a_second_request_on_the_same_line_goes_nowhere(opened: Door, site: FakePlayerSite) -> None:
    both = asking(site.address("/search?q=sintel")) + asking(f"http://cdn.test:{site.port}/secret")
    assert (await say(opened, both)).count(b"HTTP/1.1 ") == 1
    assert [request.path for request in site.requests] == ["/search"]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0.0.0.0",
        "127.1",
        "2130706433",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "rebinding.test",
        "x.nip.test",
        "169.254.169.254",
        "10.0.0.1",
        "ads.test",
        "x.ads.test",
        "doubleclick.net",
        "nowhere.test",
        "127.0.0.1.",
        "films.test@127.0.0.1",
    ],
)
async def test_nobody_else_is_reached(opened: Door, canary: Canary, host: str) -> None:
    for text in (
        asking(f"http://{host}:{canary.port}/"),
        f"CONNECT {host}:{canary.port} HTTP/1.1\r\nHost: {host}\r\n\r\n",
    ):
        answer = await say(opened, text)
        assert answer == b"" or answer.startswith((b"HTTP/1.1 403", b"HTTP/1.1 400")), answer
    await asyncio.sleep(0.05)
    assert canary.hits == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GET / HTTP/1.1\r\n\r\n",
        "GET ftp://films.test/ HTTP/1.1\r\n\r\n",
        "\x16\x03\x01" * 50 + "\r\n\r\n",
        "CONNECT films.test HTTP/1.1\r\n\r\n",
        "CONNECT films.test:99999 HTTP/1.1\r\n\r\n",
        "A" * 200000,
    ],
)
async def test_what_is_no_request(guard: OutboundGuard, text: str) -> None:
    async with door(guard, head_within=0.3) as opened:
        assert b"200" not in await say(opened, text)


async def test_it_is_shut_between_visits(opened: Door, site: FakePlayerSite) -> None:
    site.hang = 5
    slow = asyncio.create_task(say(opened, asking(site.address("/search"))))
    await asyncio.sleep(0.2)
    opened.end()
    assert b"200" not in await asyncio.wait_for(slow, 2)
    assert await say(opened, asking(site.address("/search"))) == b""


async def test_a_name_that_turns_inwards(site: FakePlayerSite, canary: Canary) -> None:
    answers = iter(["192.0.2.7", "127.0.0.1", "127.0.0.1"])

    def ask(host: str, port: int, family: int, kind: int) -> Any:
        return [(socket.AF_INET, kind, 6, "", (next(answers), port))]

    async with door(OutboundGuard(ask=ask), "turning.test") as turning:
        for _ in range(3):
            answer = await say(turning, asking(f"http://turning.test:{canary.port}/"))
            assert answer.startswith(b"HTTP/1.1 403")
    assert canary.hits == []


async def test_a_page_that_fetches_without_end(guard: OutboundGuard, site: FakePlayerSite) -> None:
    async with door(guard, most_bytes=200_000) as opened:
        cut = await say(opened, asking(site.address("/film.mp4")))
        assert len(cut) < 5_000_000
        assert (await say(opened, asking(site.address("/search")))).startswith(b"HTTP/1.1 403")
        assert any("has had its" in why for _, why, _ in opened.refused())
