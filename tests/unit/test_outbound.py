"""What the outbound guard lets through: the Internet, and the pairs that the owner listed."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sokoul.domain.errors import ProviderUnavailable, Refused
from sokoul.outbound import OutboundGuard, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "fec0::1",
        "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "::7f00:1",
        "2001::1", "not an address",
    ],
)  # fmt: skip
def test_inside_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"])
def test_outside_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.fixture
async def inside() -> AsyncIterator[TestServer]:
    async def hello(_: web.Request) -> web.Response:
        return web.Response(body=b"inside")

    async def big(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * 4096)

    async def to_magnet(_: web.Request) -> web.Response:
        raise web.HTTPFound("magnet:?xt=urn:btih:" + "0" * 40)

    async def around(request: web.Request) -> web.Response:
        raise web.HTTPFound(str(request.url))

    async def elsewhere(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"http://127.0.0.2:{request.url.port}/")

    app = web.Application()
    app.add_routes([
        web.get("/", hello), web.get("/big", big), web.get("/magnet", to_magnet),
        web.get("/around", around), web.get("/elsewhere", elsewhere),
    ])  # fmt: skip
    server = TestServer(app, host="0.0.0.0")
    await server.start_server()
    yield server
    await server.close()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "127.1"]
)
async def test_a_listening_port_inside_is_not_reached(inside: TestServer, host: str) -> None:
    guard = OutboundGuard()
    async with guard.session() as http:
        with pytest.raises(ProviderUnavailable):
            await guard.fetch(http, f"http://{host}:{inside.port}/", limit=1000)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_listed_pair_is_reached(inside: TestServer, host: str) -> None:
    guard = OutboundGuard([f"{host}:{inside.port}"])
    async with guard.session() as http:
        assert (await guard.fetch(http, f"http://{host}:{inside.port}/", limit=1000)).body == b"inside"


async def test_open_and_closed_ports_inside_look_alike(inside: TestServer, unused_tcp_port: int) -> None:
    guard = OutboundGuard()
    texts = []
    async with guard.session() as http:
        for port in (inside.port, unused_tcp_port):
            with pytest.raises(aiohttp.ClientConnectorError) as caught:
                await http.get(f"http://127.0.0.1:{port}/")
            texts.append(str(caught.value).replace(str(port), "PORT"))
    assert texts[0] == texts[1]


async def test_every_hop_is_checked(inside: TestServer) -> None:
    guard = OutboundGuard([f"127.0.0.1:{inside.port}"])
    async with guard.session() as http:
        with pytest.raises(ProviderUnavailable):
            await guard.fetch(http, f"http://127.0.0.1:{inside.port}/elsewhere", limit=1000)


async def test_bounds(inside: TestServer) -> None:
    guard = OutboundGuard([f"127.0.0.1:{inside.port}"])
    base = f"http://127.0.0.1:{inside.port}"
    async with guard.session() as http:
        with pytest.raises(Refused, match="larger"):
            await guard.fetch(http, f"{base}/big", limit=1000)
        with pytest.raises(ProviderUnavailable, match="too often"):
            await guard.fetch(http, f"{base}/around", limit=1000)
        assert (await guard.fetch(http, f"{base}/magnet", limit=1000)).magnet_link is not None


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a/b", "http://u:p@example.org/", "http:///x", "::"]
)
async def test_only_plain_web_addresses(url: str) -> None:
    guard = OutboundGuard()
    async with guard.session() as http:
        with pytest.raises(Refused):
            await asyncio.wait_for(guard.fetch(http, url, limit=10), 5)


async def test_names_are_judged_before_and_when_resolved() -> None:
    guard = OutboundGuard(["nas:80"])
    assert guard.may_name("nas", 80)
    assert guard.may_name("tracker.example.org", 80)
    assert not guard.may_name("127.1", 80)
    assert not guard.may_name("localhost", 80)
    assert not await guard.may_dial("localhost", 80)


async def test_names_that_nobody_answers_for_hold_nothing_else_up(inside: TestServer) -> None:
    """A magnet's fifty trackers, while the name service is silent about them."""
    silence = threading.Event()

    def ask(host: str, port: int, family: int, kind: int) -> Any:
        if host.endswith(".example.org"):
            silence.wait(30)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return socket.getaddrinfo(host, port, family, kind)

    guard = OutboundGuard([f"localhost:{inside.port}"], ask=ask)
    trackers = [asyncio.create_task(guard.may_dial(f"t{number}.example.org", 80)) for number in range(50)]
    try:
        async with guard.session() as http, asyncio.timeout(5):
            found = await guard.fetch(http, f"http://localhost:{inside.port}/", limit=1000)
        assert found.body
        assert not any(task.done() for task in trackers)
    finally:
        silence.set()
    assert not any(await asyncio.wait_for(asyncio.gather(*trackers), 10))
