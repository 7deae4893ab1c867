"""What the stream proxy passes on, and how."""

from __future__ import annotations

import asyncio
import hashlib
import os
import resource

import pytest

from tests.integration.proxy.conftest import Proxied

FILM = os.urandom(1_500_000)


async def test_bytes_ranges_and_heads_pass(proxied: Proxied) -> None:
    address = proxied.address(proxied.here.put("/film.mp4", FILM), name="Sintel.mp4")
    reply = await proxied.get(address)
    assert (reply.status, reply.content_type, reply.content_length) == (200, "video/mp4", len(FILM))
    assert await reply.read() == FILM
    assert "Sintel.mp4" in reply.headers["Content-Disposition"]
    part = await proxied.get(address, headers={"Range": "bytes=1000-1999"})
    assert (part.status, part.headers["Content-Range"]) == (206, f"bytes 1000-1999/{len(FILM)}")
    assert await part.read() == FILM[1000:2000]
    head = await proxied.get(address, method="HEAD")
    assert (head.status, head.content_length, await head.read()) == (200, len(FILM), b"")
    beyond = await proxied.get(address, headers={"Range": f"bytes={len(FILM)}-"})
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{len(FILM)}")


async def test_hls_is_played_through_sokoul_alone(proxied: Proxied) -> None:
    segments = [os.urandom(5000) for _ in range(3)]
    proxied.here.referer = "https://player.example/"
    master = proxied.address(
        proxied.here.put_hls("/hls", segments), (("Referer", "https://player.example/"),)
    )
    text = await (await proxied.get(master)).text()
    media = next(line for line in text.splitlines() if not line.startswith("#"))
    assert media.startswith("/api/v1/streaming/proxy?token=")
    lines = [line for line in (await (await proxied.get(media)).text()).splitlines() if line[:1] == "/"]
    assert [await (await proxied.get(line)).read() for line in lines] == segments
    assert str(proxied.here.port) not in text


async def test_a_cut_answer_goes_on_at_the_exact_byte(proxied: Proxied) -> None:
    address = proxied.address(proxied.here.put("/film.mp4", FILM, cuts=2))
    reply = await proxied.get(address, headers={"Range": "bytes=100-"})
    assert hashlib.sha256(await reply.read()).digest() == hashlib.sha256(FILM[100:]).digest()
    asked = [request.headers.get("Range") for request in proxied.here.requests]
    assert len(asked) == 3
    assert asked[0] == "bytes=100-"


async def test_what_cannot_go_on_is_never_passed_off_as_whole(proxied: Proxied) -> None:
    url = proxied.here.put("/film.mp4", FILM, cuts=99, ranges=False)
    reply = await proxied.get(proxied.address(url))
    with pytest.raises(Exception, match=r"payload|closed|reset|completed") as caught:
        await reply.read()
    assert "Client" in type(caught.value).__name__ or isinstance(caught.value, ConnectionError)


async def test_subtitles_and_unnamed_types(proxied: Proxied) -> None:
    for path, kind, content, told in (
        ("/a.vtt", "text/plain", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n", "text/vtt"),
        ("/film.mkv", "application/octet-stream", b"\x1aE\xdf\xa3" + bytes(100), "video/x-matroska"),
        ("/f.mp4", "application/force-download", bytes(100), "video/mp4"),
        ("/list.m3u8", "text/plain", b"#EXTM3U\n#EXT-X-ENDLIST\n", "application/vnd.apple.mpegurl"),
        ("/hidden", "video/mp4", b"#EXTM3U\nhttp://127.0.0.1:1/x.ts\n", "application/vnd.apple.mpegurl"),
    ):
        reply = await proxied.get(proxied.address(proxied.here.put(path, content, kind)))
        assert (reply.status, reply.content_type) == (200, told), path
        assert b"127.0.0.1" not in await reply.read()


async def test_a_slow_viewer_holds_nothing_in_memory(proxied: Proxied) -> None:
    url = proxied.here.put("/film.mp4", bytes(120 * 1024 * 1024))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reply = await proxied.get(proxied.address(url))
    await reply.content.readexactly(65536)
    await asyncio.sleep(1)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024
    reply.close()


async def test_a_viewer_who_leaves_ends_the_fetching(proxied: Proxied) -> None:
    proxied.here.pace = 0.02
    reply = await proxied.get(proxied.address(proxied.here.put("/film.mp4", FILM * 20)))
    await reply.content.readexactly(1000)
    reply.close()
    for _ in range(100):
        if not proxied.proxy._running:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it goes on for nobody")


async def test_too_many_at_once(proxied: Proxied) -> None:
    proxied.here.hang = 3
    address = proxied.address(proxied.here.put("/film.mp4", FILM))
    asked = [asyncio.create_task(proxied.get(address)) for _ in range(16)]
    await asyncio.sleep(0.8)
    reply = await proxied.get(address)
    assert (reply.status, "Retry-After" in reply.headers) == (429, True)
    for task in asked:
        task.cancel()
    await asyncio.wait(asked)
