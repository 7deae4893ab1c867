"""Streams that are kept: piece after piece, unlocked, whole or not at all."""

from __future__ import annotations

import asyncio
import os

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sokoul.domain.users import User
from sokoul.features.download.model import Status, Via
from sokoul.features.download.service import Wish
from sokoul.testing.fake_streams import PLAYLIST, FakeStreams
from tests.integration.download.links_rig import LinksRig
from tests.integration.download.links_rig import links as links
from tests.integration.download.links_rig import streams as streams

SEGMENTS = [os.urandom(40_000 + 7 * number) for number in range(6)]
OVER = (Status.COMPLETED, Status.FAILED)


async def kept(links: LinksRig, alice: User, url: str) -> bytes:
    download = await links.start(Wish(url=url), alice)
    done = await links.reaches(download, alice, *OVER)
    assert (done.status, done.via, done.trouble) == (Status.COMPLETED, Via.LINK, None)
    file = links.importer.adopted[-1].files[0]
    size = file.path.stat().st_size
    assert (done.total_bytes, done.done_bytes, done.files[0].size_bytes) == (size, size, size)
    return file.path.read_bytes()


async def refused(links: LinksRig, alice: User, url: str) -> str:
    done = await links.reaches(await links.start(Wish(url=url), alice), alice, *OVER, within=60)
    assert done.status is Status.FAILED
    assert done.trouble is not None
    assert links.importer.adopted == []
    return done.trouble.code


def media(*lines: str, end: bool = True) -> bytes:
    last = ["#EXT-X-ENDLIST"] if end else []
    return "\n".join(["#EXTM3U", "#EXT-X-VERSION:7", *lines, *last, ""]).encode()


async def test_a_stream_becomes_a_file(links: LinksRig, streams: FakeStreams, alice: User) -> None:
    assert await kept(links, alice, streams.put_hls("/hls", SEGMENTS)) == b"".join(SEGMENTS)
    assert links.importer.adopted[0].files[0].name.endswith(".ts")


async def test_the_best_quality_and_stretches_of_one_file(
    links: LinksRig, streams: FakeStreams, alice: User
) -> None:
    whole = b"".join(SEGMENTS)
    streams.put("/all.mp4", whole)
    lines = ['#EXT-X-MAP:URI="all.mp4",BYTERANGE="40000@0"']
    for number, segment in enumerate(SEGMENTS[1:]):
        place = "@40000" if number == 0 else ""
        lines += ["#EXTINF:4,", f"#EXT-X-BYTERANGE:{len(segment)}{place}", "all.mp4"]
    streams.put("/best.m3u8", media(*lines), PLAYLIST)
    master = (
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360\nworse.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=9,RESOLUTION=1920x1080\nbest.m3u8\n"
    )
    assert await kept(links, alice, streams.put("/master.m3u8", master.encode(), PLAYLIST)) == whole
    assert links.importer.adopted[0].files[0].name.endswith(".mp4")


def locked(segment: bytes, key: bytes, vector: bytes) -> bytes:
    padder = padding.PKCS7(128).padder()
    cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return cipher.update(padder.update(segment) + padder.finalize()) + cipher.finalize()


async def test_locked_pieces_are_unlocked(links: LinksRig, streams: FakeStreams, alice: User) -> None:
    key, iv = os.urandom(16), os.urandom(16)
    streams.put("/key", key, "application/octet-stream")
    lines = ["#EXT-X-MEDIA-SEQUENCE:7", '#EXT-X-KEY:METHOD=AES-128,URI="/key"']
    for number, segment in enumerate(SEGMENTS):
        if number == 3:
            lines.append(f'#EXT-X-KEY:METHOD=AES-128,URI="/key",IV=0x{iv.hex()}')
        vector = iv if number >= 3 else (7 + number).to_bytes(16, "big")
        streams.put(f"/{number}.ts", locked(segment, key, vector), "video/mp2t")
        lines += ["#EXTINF:4,", f"{number}.ts"]
    assert await kept(links, alice, streams.put("/m.m3u8", media(*lines), PLAYLIST)) == b"".join(SEGMENTS)


async def test_a_piece_that_is_cut_is_asked_for_again(
    links: LinksRig, streams: FakeStreams, alice: User
) -> None:
    url = streams.put_hls("/hls", SEGMENTS)
    streams.bodies["/hls/segment2.ts"].cuts = 2
    assert await kept(links, alice, url) == b"".join(SEGMENTS)


async def test_one_with_a_piece_missing_is_never_complete(
    links: LinksRig, streams: FakeStreams, alice: User
) -> None:
    url = streams.put_hls("/hls", SEGMENTS)
    streams.bodies["/hls/segment4.ts"].cuts = 10_000
    assert await refused(links, alice, url) == "cut"


async def test_a_stop_in_the_middle(links: LinksRig, streams: FakeStreams, alice: User) -> None:
    segments = [os.urandom(300_000) for _ in range(30)]
    streams.pace = 0.05
    download = await links.start(Wish(url=streams.put_hls("/hls", segments)), alice)
    await links.reaches(download, alice, Status.DOWNLOADING)
    await asyncio.sleep(1)
    await links.service.pause(download.id, by=alice)
    await links.reaches(download, alice, Status.PAUSED)
    streams.pace = 0
    await links.service.resume(download.id, by=alice)
    assert (await links.reaches(download, alice, *OVER)).status is Status.COMPLETED
    assert links.importer.adopted[0].files[0].path.read_bytes() == b"".join(segments)


TWO_FORMS = ['#EXT-X-MAP:URI="/a.ts"', "#EXTINF:4,", "/a.ts", '#EXT-X-MAP:URI="/b"', "#EXTINF:4,", "/b"]


@pytest.mark.parametrize(
    ("lines", "end", "code"),
    [
        (["#EXTINF:4,", "/a.ts"], False, "live"),
        (['#EXT-X-KEY:METHOD=SAMPLE-AES,URI="/k"', "#EXTINF:4,", "/a.ts"], True, "protected"),
        (['#EXT-X-KEY:METHOD=AES-128,URI="data:text/plain,x"', "#EXTINF:4,", "/a.ts"], True, "bad_url"),
        (["#EXTINF:4,", "file:///etc/passwd"], True, "bad_url"),
        (["#EXTINF:4,", "http://127.0.0.1:9/x.ts"], True, "cut"),
        ([], True, "no_playlist"),
        (TWO_FORMS, True, "changing"),
    ],
)
async def test_what_cannot_be_kept(
    lines: list[str], end: bool, code: str, links: LinksRig, streams: FakeStreams, alice: User
) -> None:
    streams.put("/a.ts", b"x" * 1000, "video/mp2t")
    url = streams.put("/m.m3u8", media(*lines, end=end), PLAYLIST)
    assert await refused(links, alice, url) == code


async def test_sound_apart(links: LinksRig, streams: FakeStreams, alice: User) -> None:
    master = (
        '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",URI="a.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=9,AUDIO="a"\nv.m3u8\n'
    )
    url = streams.put("/m.m3u8", master.encode(), PLAYLIST)
    assert await refused(links, alice, url) == "separate_sound"
