"""Reading .torrent files and magnet links that nobody can be trusted about."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sokoul.domain.errors import Refused
from sokoul.features.download.metainfo import read_info, read_magnet, read_torrent, trimmed_magnet
from sokoul.testing.fake_torrents import make_torrent

V1 = "c9e15763f722f23e98a29decdfae341b98d53056"
V2 = "caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e"


def test_files_and_hash_of_a_torrent() -> None:
    swarm = make_torrent("Season", {"a/b.mkv": b"x" * 20_000, "c.srt": b"yy"})
    meta = read_torrent(swarm.torrent)
    assert [(file.path, file.size_bytes, file.offset) for file in meta.files] == [
        ("Season/a/b.mkv", 20_000, 0),
        ("Season/c.srt", 2, 20_000),
    ]
    assert (meta.name, meta.total_bytes, meta.piece_length) == ("Season", 20_002, 16_384)
    assert meta.info_hash_v1 is not None and meta.info_hash_v2 is None


def test_v2_files_begin_at_pieces() -> None:
    leaf = b"d0:d6:lengthi20000e11:pieces root32:" + b"r" * 32 + b"ee"
    tree = b"d5:a.mkv" + leaf + b"5:b.mkv" + leaf + b"e"
    info = b"d9:file tree" + tree + b"12:meta versioni2e4:name1:s12:piece lengthi16384ee"
    meta = read_info(info)
    assert [(file.path, file.offset) for file in meta.files] == [("s/a.mkv", 0), ("s/b.mkv", 32_768)]
    assert meta.info_hash == meta.info_hash_v2


def test_pad_files_and_links_are_told_apart() -> None:
    listed = (
        b"d6:lengthi5e4:pathl5:a.mkveed4:attr1:p6:lengthi11e4:pathl4:.pad2:11ee"
        b"d4:attr1:l6:lengthi0e4:pathl5:b.mkve12:symlink pathl3:etcee"
    )
    meta = read_info(
        b"d5:filesl" + listed + b"e4:name1:s12:piece lengthi16384e6:pieces20:" + b"h" * 20 + b"e"
    )
    assert [(file.pad, file.symlink) for file in meta.files] == [(False, False), (True, False), (False, True)]
    assert [file.index for file in meta.content] == [0, 2]


def test_two_lists_that_differ_are_refused() -> None:
    leaf = b"d0:d6:lengthi5e11:pieces root32:" + b"r" * 32 + b"ee"
    info = (
        b"d9:file treed5:b.mkv" + leaf + b"e5:filesld6:lengthi5e4:pathl5:a.mkveee12:meta versioni2e"
        b"4:name1:s12:piece lengthi16384e6:pieces20:" + b"h" * 20 + b"e"
    )
    with pytest.raises(Refused, match="differ"):
        read_info(info)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"i1e", b"d", b"d4:info", b"d4:infod4:name1:xee", b"d4:infoi1ee", b"l" * 100_000,
        b"d4:infod12:piece lengthi0e6:pieces0:ee", b"99999999999999999999:x", b"d1:ai" + b"9" * 9999 + b"ee",
        b"d4:infod4:name1:x12:piece lengthi16384e6:pieces20:" + b"h" * 20 + b"6:lengthi-5eee",
        b"d4:infod6:lengthi" + str(2**63).encode() + b"e4:name1:x12:piece lengthi16384e6:pieces0:ee",
        b"d1:ai1e1:ai2ee", b"l" + b"le" * 400_000 + b"e", b"d4:infod5:files" + b"l" * 60 + b"e" * 62,
    ],
)  # fmt: skip
def test_broken_or_wicked_torrents_are_refused_quickly(data: bytes) -> None:
    begun = time.process_time()
    with pytest.raises(Refused):
        read_torrent(data)
    assert time.process_time() - begun < 1


def test_a_file_over_ten_megabytes_is_not_even_read() -> None:
    with pytest.raises(Refused, match="10 MB"):
        read_torrent(b"d" * (10 * 1024 * 1024 + 1))


@given(st.binary(max_size=300))
def test_anything_is_refused_or_understood(data: bytes) -> None:
    for read in (read_torrent, read_info):
        try:
            read(data)
        except Refused:
            continue


@pytest.mark.parametrize(
    ("link", "v1", "v2"),
    [
        (f"magnet:?xt=urn:btih:{V1}", V1, None),
        (f"magnet:?xt=urn:btih:{V1.upper()}&dn=Film%202021&tr=udp%3A%2F%2Fx", V1, None),
        ("magnet:?xt=urn:btih:ZHQVOY7XELZD5GFCTXWN7LRUDOMNKMCW", V1, None),
        (f"magnet:?xt=urn:btmh:1220{V2}", None, V2),
        (f"magnet:?xt.1=urn:btih:{V1}&xt.2=urn:btmh:1220{V2}", V1, V2),
        (f"magnet:?dn=first&xt=urn:btih:{V1}", V1, None),
    ],
)
def test_magnets(link: str, v1: str | None, v2: str | None) -> None:
    magnet = read_magnet(link)
    assert (magnet.info_hash_v1, magnet.info_hash_v2) == (v1, v2)
    assert magnet.info_hash == (v1 or v2)


@pytest.mark.parametrize(
    "link",
    ["", "magnet:", "magnet:?xt=urn:btih:123", "magnet:?xt=urn:sha1:abc", "http://x/?xt=urn:btih:" + V1,
     "magnet:?xt=urn:btmh:1220" + "z" * 64, "magnet:?xt=urn:btih:" + "g" * 40, "x" * 2_000_000],
)  # fmt: skip
def test_no_magnets(link: str) -> None:
    with pytest.raises(Refused):
        read_magnet(link)


def test_a_magnet_is_cut_to_what_is_needed() -> None:
    link = f"magnet:?xt=urn:btih:{V1}&dn=Film" + "".join(f"&tr=http%3A%2F%2Ft{n}.org" for n in range(10_000))
    kept = trimmed_magnet(link + "&junk=" + "x" * 100)
    assert len(kept) < 66_000
    assert read_magnet(kept) == read_magnet(link)
    assert kept.count("&tr=") > 1000
    assert "junk" not in kept
