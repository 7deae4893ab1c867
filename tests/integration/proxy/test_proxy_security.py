"""The cases S01 to S05 and S09 to S14 of what happened to others, against the stream proxy."""

from __future__ import annotations

import asyncio
import time
import uuid
from urllib.parse import quote

import pytest
from aiohttp import web

from sokoul.domain.errors import Refused
from sokoul.outbound import OutboundGuard
from sokoul.remote import Place, Remote, passed
from sokoul.web import keys
from sokoul.web.tickets import Ticket
from tests.integration.proxy.conftest import Proxied

PLAYLIST = "application/vnd.apple.mpegurl"


class Canary:
    """A listener inside the house that nobody may dial."""

    def __init__(self) -> None:
        self.hits = 0

    async def __aenter__(self) -> Canary:
        async def hit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.hits += 1
            writer.close()

        self._server = await asyncio.start_server(hit, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()


INSIDE = [
    "127.0.0.1",
    "10.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "169.254.169.254",
    "[::1]",
    "[fe80::1]",
    "[fd00::1]",
]


@pytest.mark.parametrize("host", INSIDE)
async def test_s01_nothing_inside_is_dialled(host: str, proxied: Proxied) -> None:
    async with Canary() as canary:
        told = []
        for port in (canary.port, 1):  # an open and a closed one
            reply = await proxied.get(proxied.address(f"http://{host}:{port}/x.mp4"))
            told.append((reply.status, (await reply.json())["detail"]))
        assert canary.hits == 0
    assert told[0] == told[1]
    assert told[0][0] == 503


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://h/x", "gopher://h/x", "data:video/mp4,x", "//h/x", "x"]
)
async def test_s02_only_http_and_only_sealed(url: str, proxied: Proxied) -> None:
    reply = await proxied.get(proxied.address(url))
    assert reply.status == 422
    for query in (f"?url={quote(url)}", f"?token={quote(url)}", "", "?token="):
        reply = await proxied.get(f"/api/v1/streaming/proxy{query}", proxied.alice)
        assert reply.status in {401, 403}


@pytest.mark.parametrize("port", [4222, 5432, 6379])
async def test_s02_our_own_servers(port: int, proxied: Proxied) -> None:
    reply = await proxied.get(proxied.address(f"http://127.0.0.1:{port}/"))
    assert reply.status == 503


async def test_s03_a_name_that_leads_inside(proxied: Proxied) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"], ["93.184.216.34", "127.0.0.1"]])

    def ask(host: str, port: int, family: int, kind: int) -> list[tuple[object, ...]]:
        return [(2, kind, 6, "", (address, port)) for address in next(answers, ["127.0.0.1"])]

    async with Canary() as canary:
        guard = OutboundGuard(ask=ask)
        async with guard.session(timeout=3) as http:
            http.connector._cached_hosts.clear()  # type: ignore[union-attr]  # every question is asked anew
            proxied.proxy._remote = Remote(guard, http)
            for name in ("a.example", "b.example", "c.example"):
                url = f"http://{name}:{canary.port}/x.mp4"
                try:
                    async with asyncio.timeout(1.5):
                        assert (await proxied.get(proxied.address(url))).status == 503
                except TimeoutError:
                    continue  # the public one does not answer here
        assert canary.hits == 0


@pytest.mark.parametrize(
    "host",
    [
        "0x7f.1",
        "2130706433",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "0.0.0.0",
        "127.1",
        "localhost",
        "017700000001",
    ],
)
async def test_s04_odd_spellings(host: str, proxied: Proxied) -> None:
    async with Canary() as canary:
        reply = await proxied.get(proxied.address(f"http://{host}:{canary.port}/x.mp4"))
        assert reply.status == 503
        user = await proxied.get(proxied.address(f"http://user@{host}:{canary.port}/x.mp4"))
        assert user.status == 422
        assert canary.hits == 0


async def test_s05_redirects_are_checked_and_counted(proxied: Proxied) -> None:
    async with Canary() as canary:
        for onward in (
            f"http://127.0.0.1:{canary.port}/x.mp4",
            "file:///etc/passwd",
            "http://u@h/x",
            "//[",
            "/loop",
        ):
            proxied.here.redirects["/loop"] = onward
            reply = await proxied.get(proxied.address(f"{proxied.here.url}/loop"))
            assert reply.status in {422, 503}, onward
        assert canary.hits == 0
    assert sum(request.path == "/loop" for request in proxied.here.requests) == 4 + 6


@pytest.mark.parametrize(
    "more", ["&url=http://x", "&protocol=file", "&token=x", "&h_Referer=a%0d%0ab", "&host=x"]
)
async def test_s05_s10_no_word_of_the_client_becomes_part_of_it(more: str, proxied: Proxied) -> None:
    address = proxied.address(proxied.here.put("/film.mp4", b"x"))
    reply = await proxied.get(address + more)
    assert reply.status == 400
    assert not proxied.here.requests


async def test_s09_headers_stay_with_their_origin(proxied: Proxied) -> None:
    secret = (("Cookie", "session=1"), ("Authorization", "Bearer x"), ("Referer", "https://a.example/"))
    proxied.here.redirects["/away.mp4"] = proxied.there.put("/film.mp4", b"film")
    segment = proxied.there.put("/seg.ts", b"segment", "video/mp2t")
    own = proxied.here.put("/own.ts", b"own", "video/mp2t")
    master = proxied.here.put(
        "/m.m3u8", f"#EXTM3U\n#EXTINF:1,\n{segment}\n#EXTINF:1,\n{own}\n".encode(), PLAYLIST
    )
    assert (
        await (await proxied.get(proxied.address(f"{proxied.here.url}/away.mp4", secret))).read() == b"film"
    )
    listed = await (await proxied.get(proxied.address(master, secret))).text()
    for line in listed.splitlines():
        if line.startswith("/"):
            await (await proxied.get(line, proxied.alice)).read()
    for request in proxied.there.requests:
        assert not {"Cookie", "Authorization", "Referer"} & set(request.headers)
    assert all(request.headers["Cookie"] == "session=1" for request in proxied.here.requests)
    assert {request.path for request in proxied.here.requests} == {"/away.mp4", "/m.m3u8", "/own.ts"}


async def test_s09_what_belongs_to_sokoul_never_goes_out(proxied: Proxied) -> None:
    address = proxied.address(proxied.here.put("/film.mp4", b"film"))
    headers = {
        "Cookie": "sokoul_access=x",
        "X-Api-Key": "y",
        "X-Forwarded-For": "1.2.3.4",
        "Referer": "http://box/",
    }
    reply = await proxied.get(
        address, headers={name: value for name, value in headers.items() if name != "X-Api-Key"}
    )
    assert reply.status == 200
    asked = proxied.here.requests[-1].headers
    assert not {"Cookie", "Authorization", "X-Api-Key", "X-Forwarded-For", "Referer"} & set(asked)


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\x00b", "é", "x" * 3000])
async def test_s10_header_injection(value: str, proxied: Proxied) -> None:
    with pytest.raises(Refused):
        proxied.address("http://h/x", (("Referer", value),))


def test_s10_only_listed_headers() -> None:
    given = (
        ("Host", "inside"),
        ("Content-Length", "1"),
        ("Transfer-Encoding", "chunked"),
        ("referer", "https://a/"),
    )
    assert passed((*given, ("X-Anything", "1"))) == (("Referer", "https://a/"),)


async def test_s12_bombs(proxied: Proxied) -> None:
    for number, body in enumerate(
        (b"#EXTM3U\n" + b"#EXTINF:1,\nx.ts\n" * 10_001, b"#EXTM3U\n" + b"x" * (3 * 1024 * 1024))
    ):
        reply = await proxied.get(proxied.address(proxied.here.put(f"/{number}.m3u8", body, PLAYLIST)))
        assert reply.status == 422


async def test_s12_nesting_ends(proxied: Proxied) -> None:
    for depth in range(6):
        variant = "#EXT-X-STREAM-INF:BANDWIDTH=1"
        text = f"#EXTM3U\n{variant}\n/{depth + 1}.m3u8\n{variant}\n/{depth}.m3u8\n"
        proxied.here.put(f"/{depth}.m3u8", text.encode(), PLAYLIST)
    address, seen = proxied.address(f"{proxied.here.url}/0.m3u8"), 0
    while (reply := await proxied.get(address)).status == 200:
        lines = [line for line in (await reply.text()).splitlines() if line.startswith("/")]
        assert len(lines) == 1, "the one that leads to itself is dropped"
        address, seen = lines[0], seen + 1
    assert (reply.status, seen) == (422, 4)


async def test_s13_a_ticket_is_of_one_person_and_one_address(proxied: Proxied) -> None:
    bob = await proxied.site.person("bob")
    url = proxied.here.put("/film.mp4", b"film")
    address = proxied.address(url)
    assert (await proxied.get(address)).status == 200
    assert (await proxied.get(address, proxied.alice)).status == 200
    assert (await proxied.get(address, bob)).status == 403
    tickets = proxied.site.app[keys.TICKETS]
    token = address.partition("=")[2]
    for wrong in (token[:-2], token[::-1], token + "A", "x" * 7500, "é", bob.access):
        assert (await proxied.get(f"/api/v1/streaming/proxy?token={quote(wrong)}")).status == 401
    assert (await proxied.get(f"/api/v1/streaming/proxy?token={quote(wrong)}", bob)).status == 403
    over = tickets.of(Ticket(proxied.alice.id, Place(url), int(time.time()) - 1))
    assert (await proxied.get(over)).status == 401
    longest = tickets.open(tickets.address(uuid.uuid4(), Place(url), seconds=10**9).partition("=")[2])
    assert longest.expires <= time.time() + 6 * 3600


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/html", b"<script>alert(1)</script>"),
        ("image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("application/javascript", b"alert(1)"),
        ("application/xhtml+xml", b"<html/>"),
        ("text/plain", b"<html><script>alert(1)</script>"),
        ("application/octet-stream", b"\n <!DOCTYPE html><script>1</script>"),
        ("application/pdf", b"%PDF"),
        ("text/xml", b"<x/>"),
    ],
)
async def test_s14_nothing_active_comes_through(kind: str, content: bytes, proxied: Proxied) -> None:
    reply = await proxied.get(proxied.address(proxied.here.put("/x", content, kind)))
    assert reply.status == 422
    assert content not in await reply.read()


async def test_s14_what_comes_through_is_inert(proxied: Proxied) -> None:
    for url in (
        proxied.here.put("/film.mp4", b"film", headers={"Set-Cookie": "a=b", "Link": "<x>", "Refresh": "0"}),
        proxied.here.put_hls("/hls", [b"x"]),
    ):
        reply = await proxied.get(proxied.address(url))
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in reply.headers["Content-Security-Policy"]
        assert reply.headers["Content-Disposition"].startswith("inline")
        assert not {"Set-Cookie", "Link", "Refresh", "ETag" if "hls" in url else "Link"} & set(reply.headers)


async def test_the_route_answers_nothing_but_get_and_head(proxied: Proxied) -> None:
    address = proxied.address(proxied.here.put("/film.mp4", b"film"))
    for method in ("POST", "PUT", "DELETE"):
        assert (await proxied.get(address, proxied.alice, method=method)).status in {404, 405}
    assert isinstance(proxied.site.app, web.Application)
