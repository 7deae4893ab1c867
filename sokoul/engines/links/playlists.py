"""What of an HLS stream is to be kept: the best variant, its pieces in order, their keys."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sokoul.domain import hls
from sokoul.domain.errors import Refused

_ATTRIBUTE: Final = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')
MOST_PIECES: Final = 15_000
_LONGEST_PIECE: Final = 600.0


@dataclass(frozen=True, slots=True)
class Key:
    """How a piece is locked: AES-128 in blocks, with the key at `url`; `iv` None: the piece's own number."""

    url: str
    iv: bytes | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: bytes of `url`, all or `stretch` (start, end)."""

    url: str
    seconds: float
    number: int
    stretch: tuple[int, int] | None = None
    key: Key | None = None
    initial: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """One quality of a stream; `sound` where its sound is a playlist of its own."""

    url: str
    bandwidth: int
    lines: int
    sound: bool


def variants(lines: Sequence[str], base: str) -> list[Variant]:
    """The qualities that a master playlist names, the best first; none of a media playlist."""
    apart = {
        told.get("GROUP-ID", "")
        for line in lines
        if hls.tag_of(line) == "#EXT-X-MEDIA"
        and (told := _attributes(line)).get("TYPE") == "AUDIO"
        and told.get("URI")
    }
    found = []
    pending: Mapping[str, str] | None = None
    for line in lines:
        if hls.tag_of(line) == "#EXT-X-STREAM-INF":
            pending = _attributes(line)
        elif line and not line.startswith("#") and pending is not None:
            if (url := hls.absolute(line, base)) is not None and url != base:
                height = pending.get("RESOLUTION", "").lower().partition("x")[2]
                sound = pending.get("AUDIO", "") in apart if pending.get("AUDIO") else False
                found.append(Variant(url, _number(pending.get("BANDWIDTH")), _number(height), sound))
            pending = None
    return sorted(found, key=lambda one: (one.lines, one.bandwidth), reverse=True)


def pieces(lines: Sequence[str], base: str) -> list[Piece]:
    """The pieces of a media playlist, the initial one first; raises Refused for what can't be kept whole."""
    if not any(hls.tag_of(line) == "#EXT-X-ENDLIST" for line in lines):
        raise Refused("live", "this stream is still going on; only one that has an end can be kept")
    reader = _Reader(base)
    for line in lines:
        reader.take(line)
    if not reader.found or len(reader.found) > MOST_PIECES:
        raise Refused("no_playlist", "there is nothing in this stream that can be kept")
    return reader.found


class _Reader:
    def __init__(self, base: str) -> None:
        self._base = base
        self.found: list[Piece] = []
        self._key: Key | None = None
        self._seconds = 0.0
        self._range: tuple[int, int | None] | None = None
        self._after: dict[str, int] = {}
        self._number = 0

    def take(self, line: str) -> None:
        """One line."""
        value = line.partition(":")[2]
        match hls.tag_of(line):
            case "#EXT-X-MEDIA-SEQUENCE":
                self._number = _number(value)
            case "#EXTINF":
                self._seconds = _seconds(value)
            case "#EXT-X-BYTERANGE":
                self._range = _byte_range(value)
            case "#EXT-X-KEY":
                self._key = self._locked(_attributes(line))
            case "#EXT-X-MAP":
                self._map(_attributes(line))
            case _:
                if line and not line.startswith("#"):
                    self._piece(line)

    def _piece(self, line: str) -> None:
        url = self._address(line)
        self.found.append(Piece(url, self._seconds, self._number, self._stretch(url), self._key))
        self._number += 1
        self._seconds, self._range = 0.0, None

    def _map(self, told: Mapping[str, str]) -> None:
        if any(one.initial for one in self.found):
            raise Refused("changing", "this stream changes its form on the way: no one file can hold it")
        url = self._address(told.get("URI", ""))
        self._range = _byte_range(told["BYTERANGE"]) if "BYTERANGE" in told else None
        self.found.append(Piece(url, 0.0, 0, self._stretch(url), self._key, initial=True))
        self._range = None

    def _stretch(self, url: str) -> tuple[int, int] | None:
        if self._range is None:
            return None
        length, start = self._range
        start = self._after.get(url, 0) if start is None else start
        self._after[url] = start + length
        return start, start + length

    def _locked(self, told: Mapping[str, str]) -> Key | None:
        method = told.get("METHOD", "NONE")
        if method == "NONE":
            return None
        if method != "AES-128" or told.get("KEYFORMAT", "identity") != "identity":
            raise Refused("protected", "this stream is protected, and is played where it is")
        iv = told.get("IV", "").lower().removeprefix("0x")
        if iv and not re.fullmatch(r"[0-9a-f]{1,32}", iv):
            raise Refused("no_playlist", "the playlist holds something that is no playlist")
        return Key(self._address(told.get("URI", "")), bytes.fromhex(iv.zfill(32)) if iv else None)

    def _address(self, uri: str) -> str:
        url = hls.absolute(uri, self._base)
        if url is None:
            raise Refused("bad_url", "the playlist leads to an address that is not fetched")
        return url


def _attributes(line: str) -> dict[str, str]:
    return {name: value.strip('"') for name, value in _ATTRIBUTE.findall(line.partition(":")[2])}


def _number(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _seconds(text: str) -> float:
    try:
        return min(max(float(text.partition(",")[0]), 0.0), _LONGEST_PIECE)
    except ValueError:
        return 0.0


def _byte_range(text: str) -> tuple[int, int | None]:
    length, _, start = text.strip('"').partition("@")
    return _number(length), _number(start) if start else None
