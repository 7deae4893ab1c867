"""Which pieces are wanted how much: a narrow window before every reader, the rest when there is time.

libtorrent's own deadlines start and seek several times slower than a window of two pieces: a deadline is
looked at once a second, and queued requests are not taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sokoul.domain.payload import is_video
from sokoul.features.download.metainfo import Metainfo, TorrentFile

MIB: Final = 1 << 20
TOP: Final = 7
NEXT: Final = 6
_PLENTY_SECONDS: Final = 20.0
_SLOWEST_FILM: Final = 500_000  # bytes/s, assumed of a film whose length is not known
_USUAL_LENGTH: Final = 5400.0
_MOST_PLENTY: Final = 128 * MIB
_MOST_OPENING: Final = 24 * MIB
_WIDEST: Final = 8


@dataclass(slots=True, eq=False)
class Reader:
    """Someone reading bytes `position` to `end` of the torrent; `plenty` is how many ahead are enough."""

    position: int
    end: int
    plenty: int
    full: bool = False

    def look(self, have: bytearray, piece_length: int) -> int:
        """Bytes ahead that are in; also decides whether that is enough, not to flutter at the edge."""
        ahead = buffered(have, piece_length, self.position, self.end)
        enough = self.plenty // 2 if self.full else self.plenty
        self.full = ahead >= enough or self.position + ahead >= self.end
        return ahead


@dataclass(slots=True)
class Plan:
    """The wishes for one torrent; everything is counted in pieces, one byte each."""

    piece_length: int
    count: int
    have: bytearray
    wanted: bytearray
    owned: bytearray = field(default_factory=bytearray)  # wanted and in
    opening: list[int] = field(default_factory=list)
    edges: list[int] = field(default_factory=list)
    readers: list[Reader] = field(default_factory=list)
    rate: int = 0

    def got(self, piece: int) -> None:
        """Note that a piece is in."""
        self.have[piece] = 1
        self.owned[piece] = self.wanted[piece]

    def want(self, pieces: bytearray) -> None:
        """Set what is wanted at all."""
        self.wanted = pieces
        self.owned = bytearray(a & b for a, b in zip(pieces, self.have, strict=True))

    def reset(self, have: Iterable[bool]) -> None:
        """Set what is in, after a check."""
        self.have = bytearray(have)
        self.have.extend(bytes(self.count - len(self.have)))
        self.want(self.wanted)

    @property
    def complete(self) -> bool:
        """Whether every wanted piece is in."""
        return self.owned == self.wanted

    def priorities(self) -> bytearray:
        """The priority of every piece, 0 to 7; while somebody waits only the window is above 0."""
        opening = [piece for piece in self.opening if not self.have[piece]]
        ahead = [reader.look(self.have, self.piece_length) for reader in self.readers]
        waiting = any(not reader.full for reader in self.readers)
        strict = waiting or (not self.readers and bool(opening))
        wishes = bytearray(self.owned if strict else self.wanted)
        if not strict:
            _raise(wishes, (piece for piece in self.edges if not self.have[piece]), 2)
        # The ends hold the index, which every player asks for first, so they stay on top.
        for rank, piece in enumerate(opening[:4] if waiting else opening):
            _raise(wishes, [piece], TOP if rank < 4 else NEXT if rank < 6 else 4)
        for reader, buffered_bytes in zip(self.readers, ahead, strict=True):
            self._before(reader, buffered_bytes, wishes)
        return wishes

    def _before(self, reader: Reader, ahead: int, wishes: bytearray) -> None:
        last = (reader.end - 1) // self.piece_length
        piece = self.have.find(0, reader.position // self.piece_length, last + 1)
        level = TOP if not reader.full else NEXT
        for _ in range(self._width(reader, ahead)):
            if piece < 0:
                return
            _raise(wishes, [piece], level)
            level = NEXT
            piece = self.have.find(0, piece + 1, last + 1)

    def _width(self, reader: Reader, ahead: int) -> int:
        by_rate = self.rate // 4 // self.piece_length
        comfort = min(ahead * 4 // max(reader.plenty, 1), 3)
        return max(2 + comfort * (_WIDEST - 2) // 3, by_rate)


def _raise(wishes: bytearray, pieces: Iterable[int], level: int) -> None:
    for piece in pieces:
        wishes[piece] = max(wishes[piece], level)


def buffered(have: bytearray, piece_length: int, position: int, end: int) -> int:
    """How many bytes from `position` on are in without a gap."""
    if position >= end:
        return 0
    last = (end - 1) // piece_length
    missing = have.find(0, position // piece_length, last + 1)
    return (end if missing < 0 else max(missing * piece_length, position)) - position


def pieces_of(file: TorrentFile, piece_length: int) -> range:
    """The pieces that hold the file."""
    if file.size_bytes == 0:
        return range(0)
    return range(file.offset // piece_length, (file.offset + file.size_bytes - 1) // piece_length + 1)


def wanted_pieces(files: Iterable[TorrentFile], piece_length: int, count: int) -> bytearray:
    """One byte for each piece: 1 where one of these files has a part of it."""
    wanted = bytearray(count)
    for file in files:
        span = pieces_of(file, piece_length)
        wanted[span.start : span.stop] = b"\1" * len(span)
    return wanted


def opening_of(file: TorrentFile, piece_length: int) -> list[int]:
    """What must be in before the file can be played, most needed first: two at each end, then the start."""
    span = pieces_of(file, piece_length)
    minute = 60 * bytes_per_second(file.size_bytes)
    first = min(file.size_bytes // 50, minute, _MOST_OPENING)
    start = range(span.start, min(span.stop, (file.offset + first) // piece_length + 1))
    order = [*span[:2], *span[-2:], *start]
    return list(dict.fromkeys(order))


def edges_of(files: Sequence[TorrentFile], piece_length: int) -> list[int]:
    """Two pieces at each end of every video."""
    found: list[int] = []
    for file in files:
        if is_video(file.path):
            span = pieces_of(file, piece_length)
            found += [*span[:2], *span[-2:]]
    return list(dict.fromkeys(found))


def bytes_per_second(size: int, duration: float | None = None) -> int:
    """How fast a film of this size is played; its length is guessed when unknown."""
    return max(int(size / duration), 1) if duration else max(int(size / _USUAL_LENGTH), _SLOWEST_FILM)


def plenty(size: int) -> int:
    """How many bytes ahead of a reader let it rest."""
    return min(int(bytes_per_second(size) * _PLENTY_SECONDS), _MOST_PLENTY)


def piece_count(meta: Metainfo) -> int:
    """How many pieces the torrent has."""
    end = max((file.offset + file.size_bytes for file in meta.files), default=0)
    return -(-end // meta.piece_length)
