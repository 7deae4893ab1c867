"""Playlists of strangers, written anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sokoul.domain import hls
from sokoul.domain.errors import Refused

BASE = "https://cdn.example/a/b/master.m3u8?x=1"


def sealed(url: str) -> str:
    return f"/p?u={url.replace('://', '|')}"


def written(*lines: str) -> list[str]:
    return hls.rewritten("\n".join(lines).encode(), BASE, sealed).splitlines()


def test_every_address_is_replaced() -> None:
    told = written(
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",URI="audio/en.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"',
        "720/media.m3u8",
        '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="//other.example/i.m3u8"',
        '#EXT-X-KEY:METHOD=AES-128,URI="https://keys.example/k?id=1",IV=0x1',
        '#EXT-X-MAP:URI="init.mp4",BYTERANGE="100@0"',
        "#EXTINF:4.0,",
        "/abs/seg.ts?y=2",
    )
    assert told == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",URI="/p?u=https|cdn.example/a/b/audio/en.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"',
        "/p?u=https|cdn.example/a/b/720/media.m3u8",
        '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="/p?u=https|other.example/i.m3u8"',
        '#EXT-X-KEY:METHOD=AES-128,URI="/p?u=https|keys.example/k?id=1",IV=0x1',
        '#EXT-X-MAP:URI="/p?u=https|cdn.example/a/b/init.mp4",BYTERANGE="100@0"',
        "#EXTINF:4.0,",
        "/p?u=https|cdn.example/abs/seg.ts?y=2",
    ]


@pytest.mark.parametrize(
    "uri",
    [
        "file:///etc/passwd",
        "data:video/mp2t;base64,AAAA",
        "javascript:alert(1)",
        "ftp://x/y",
        "https://user:pass@inside/x",
        "skd://key",
        "{$host}/x.ts",
        "https://x:99999999/y",
        "http://[::1/y",
        "\\\\host\\x",
    ],
)
def test_other_addresses_are_dropped_with_what_belongs_to_them(uri: str) -> None:
    told = written(
        "#EXTM3U", "#EXTINF:1,", uri, f'#EXT-X-KEY:METHOD=AES-128,URI="{uri}"', "#EXTINF:2,", "b.ts"
    )
    assert told == ["#EXTM3U", "#EXTINF:2,", "/p?u=https|cdn.example/a/b/b.ts"]


def test_unknown_tags_and_comments_carry_nothing() -> None:
    told = written(
        "#EXTM3U",
        '#EXT-X-NEW:URI="https://x/y"',
        "# https://x/y",
        '#EXT-X-CONTENT-STEERING:SERVER-URI="https://x/y"',
        '#EXT-X-MEDIA:TYPE=AUDIO,URI="a.m3u8",X-ASSET="https://x/y"',
        "#EXTINF:1,https://x/y",
        '#EXT-X-DEFINE:NAME="host",VALUE="https://x"',
        "#EXT-X-ENDLIST",
    )
    assert told == ["#EXTM3U", "#EXT-X-ENDLIST"]


def test_one_that_names_itself_stops() -> None:
    assert written("#EXTM3U", "#EXT-X-STREAM-INF:BANDWIDTH=1", BASE) == ["#EXTM3U"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"#EXTM3U\n" + b"#EXTINF:1,\n" * 20_001,
        b"#EXTM3U\n" + b"x" * (2 * 1024 * 1024),
        b"\x00#EXTM3U",
        b"#EXTM3UX\nhttp://x/y",
    ],
)
def test_bombs_and_what_is_no_playlist(body: bytes) -> None:
    with pytest.raises(Refused):
        hls.rewritten(body, BASE, sealed)


@given(st.lists(st.text(max_size=60), max_size=30))
def test_no_foreign_address_is_left(lines: list[str]) -> None:
    text = hls.rewritten("\n".join(["#EXTM3U", *lines]).encode("utf-8", "replace"), BASE, lambda _: "/p")
    for line in text.splitlines():
        assert line.startswith("#") or line in {"/p", ""}
        assert "://" not in line


@pytest.mark.parametrize(
    ("lines", "size"),
    [
        (
            ["#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360", "a",
             "#EXT-X-STREAM-INF:RESOLUTION=1920x800", "b"],
            (1920, 800),
        ),
        (["#EXT-X-STREAM-INF:BANDWIDTH=1", "a"], None),
        (["#EXT-X-STREAM-INF:X-RESOLUTION=9999x9999", "a"], None),
        (["#EXT-X-STREAM-INF:RESOLUTION=axb", "a"], None),
        (["# RESOLUTION=1920x1080", "#EXTINF:4,", "a.ts"], None),
    ],
)  # fmt: skip
def test_the_best_picture(lines: list[str], size: tuple[int, int] | None) -> None:
    assert hls.largest("\n".join(["#EXTM3U", *lines]).encode()) == size
