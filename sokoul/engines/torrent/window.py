"""Which pieces are wanted how much: a narrow window before every reader, the rest when there is time.

libtorrent's own deadlines start and seek several times slower than a window of two pieces: a deadline is
looked at once a second, and requests that a peer was sent are not taken back. Their number is set by the
peer, not by `max_out_request_queue`. So at any time no more is wanted than half a second brings: what is not
wanted cannot stand before a seek.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from sokoul.domain.payload import is_video
from sokoul.features.download.metainfo import Metainfo, TorrentFile

MIB: Final = 1 << 20
TOP: Final = 7
NEXT: Final = 6
_REST: Final = 3
_NARROW: Final = 0.25  # seconds of download before a reader who waits
_WIDE: Final = 0.3
_LEAST: Final = MIB // 2
_PLENTY_SECONDS: Final = 20.0
_SLOWEST_FILM: Final = 500_000  # bytes/s, assumed of a film whose length is not known
_USUAL_LENGTH: Final = 5400.0
_MOST_PLENTY: Final = 128 * MIB
_MOST_OPENING: Final = 24 * MIB


class Meter:
    """How fast pieces come in, in bytes/s over the last second: libtorrent's own figure lags five behind."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, int]] = deque()
        self._sum = 0

    def add(self, now: float, size: int) -> None:
        """`size` bytes came in at `now` (seconds of a steady clock)."""
        self._recent.append((now, size))
        self._sum += size

    def rate(self, now: float) -> int:
        """Bytes/s; a burst of less than half a second counts as one."""
        while self._recent and now - self._recent[0][0] > 1.0:
            self._sum -= self._recent.popleft()[1]
        if not self._recent:
            return 0
        return int(self._sum / min(max(now - self._recent[0][0], 0.5), 1.0))


@dataclass(slots=True, eq=False)
class Reader:
    """Someone reading bytes `position` to `end` of the torrent; `plenty` is how many ahead are enough."""

    position: int
    end: int
    plenty: int
    full: bool = False

    def look(self, have: bytearray, piece_length: int) -> None:
        """See what is in ahead, and decide whether that is enough, not to flutter at the edge."""
        ahead = buffered(have, piece_length, self.position, self.end)
        enough = self.plenty // 2 if self.full else self.plenty
        self.full = ahead >= enough or self.position + ahead >= self.end


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
    anchor: int = 0  # the piece that was read last
    rate: int = 0
    watched: bool = True  # somebody reads, or may begin to

    def got(self, piece: int) -> None:
        """Note that a piece is in."""
        self.have[piece] = 1
        self.owned[piece] = self.wanted[piece]

    def want(self, pieces: bytearray) -> None:
        """Set what is wanted at all."""
        self.wanted = pieces
        self.owned = bytearray(a & b for a, b in zip(pieces, self.have, strict=True))
        self.anchor = max(pieces.find(1), 0)

    def reset(self, have: Iterable[bool]) -> None:
        """Set what is in, after a check."""
        self.have = bytearray(islice(have, self.count))
        self.have.extend(bytes(self.count - len(self.have)))
        self.owned = bytearray(a & b for a, b in zip(self.wanted, self.have, strict=True))

    @property
    def complete(self) -> bool:
        """Whether every wanted piece is in."""
        return self.owned == self.wanted

    def priorities(self) -> bytearray:
        """The priority of every piece, 0 to 7; pieces that are in keep theirs."""
        for reader in self.readers:
            reader.look(self.have, self.piece_length)
        waiting = [reader for reader in self.readers if not reader.full]
        opening = [piece for piece in self.opening if not self.have[piece]]
        if not waiting and not opening and not self.watched:
            return bytearray(self.wanted)
        wishes = bytearray(self.owned)
        # The ends hold the index, which every player asks for first, so they stay on top.
        _raise(wishes, [piece for piece in self.opening[:4] if not self.have[piece]], TOP)
        for reader in waiting:
            ahead = self._missing(reader.position // self.piece_length, self._last(reader))
            self._take(wishes, ahead, TOP, _NARROW)
        if not waiting:
            self._take(wishes, iter(opening) if opening else self._rest(), NEXT if opening else _REST, _WIDE)
        return wishes

    def _last(self, reader: Reader) -> int:
        return (reader.end - 1) // self.piece_length

    def _missing(self, first: int, last: int) -> Iterator[int]:
        piece = self.have.find(0, first, last + 1)
        while piece >= 0:
            if self.wanted[piece]:
                yield piece
            piece = self.have.find(0, piece + 1, last + 1)

    def _rest(self) -> Iterator[int]:
        """All that is missing: the ends of videos, then on from where was read last, then from the start."""
        anchor = min((reader.position // self.piece_length for reader in self.readers), default=self.anchor)
        yield from (piece for piece in self.edges if not self.have[piece])
        yield from self._missing(anchor, self.count - 1)
        yield from self._missing(0, anchor)

    def _take(self, wishes: bytearray, pieces: Iterator[int], level: int, seconds: float) -> None:
        """Want the first two, and as many more as `seconds` of download bring."""
        budget = max(int(self.rate * seconds), _LEAST, 2 * self.piece_length)
        for piece in pieces:
            if budget <= 0:
                return
            budget -= self.piece_length
            _raise(wishes, [piece], level)
            level = NEXT if level == TOP else level


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
