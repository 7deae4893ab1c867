"""A file's container is what its bytes say, whatever its name says."""

from __future__ import annotations

import pytest

from sokoul.engines.ffmpeg.nal import from_start_codes
from sokoul.engines.ffmpeg.refusal import JobRefused
from sokoul.engines.ffmpeg.sniff import demuxer_of

TS = bytes([0x47]) + bytes(187)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska", ("matroska", "matroska")),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", ("matroska", "webm")),
        (b"\x00\x00\x00\x20ftypisom", ("mov", "mp4")),
        (b"\x00\x00\x10\x00moov", ("mov", "mp4")),
        (b"RIFF\x00\x00\x00\x00AVI LIST", ("avi", "avi")),
        (b"FLV\x01\x05", ("flv", "flv")),
        (b"OggS\x00", ("ogg", "ogg")),
        (b"\x00\x00\x01\xba\x44", ("mpeg", "mpeg")),
        (TS * 6, ("mpegts", "mpegts")),
        (b"\0\0\0\0" + (TS + bytes(4)) * 6, ("mpegts", "mpegts")),
    ],
)
def test_containers_are_known_by_their_first_bytes(head: bytes, expected: tuple[str, str]) -> None:
    assert demuxer_of(head) == expected


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"G",
        b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/secret\n",
        b"\xef\xbb\xbf#EXTM3U\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\n",
        b"<?xml version='1.0'?><MPD>",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\x7fELF\x02\x01\x01",
        b"MZ\x90\x00",
        b"PK\x03\x04",
        TS * 2,
    ],
)
def test_everything_else_is_refused(head: bytes) -> None:
    with pytest.raises(JobRefused) as refusal:
        demuxer_of(head)
    assert refusal.value.code == "not_media"


def test_start_codes_become_lengths() -> None:
    frame = b"\0\0\0\1\x67abc\0\0\1\x68d\0\0\0\1\x65ef\0"
    assert from_start_codes(frame) == b"\0\0\0\4\x67abc\0\0\0\2\x68d\0\0\0\3\x65ef"
    assert from_start_codes(b"no start code") == b""
