"""Which pieces are wanted before whom."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sokoul.engines.torrent.window import Meter, Plan, Reader, buffered, opening_of, plenty, wanted_pieces
from sokoul.features.download.metainfo import TorrentFile

PIECE = 256 * 1024
FILM = TorrentFile(0, "Film.mkv", 290 * PIECE + 7, 0)
COUNT = 291


def plan(*, have: range = range(0), rate: int = 0, watched: bool = True) -> Plan:
    made = Plan(PIECE, COUNT, bytearray(COUNT), bytearray(COUNT), rate=rate, watched=watched)
    for piece in have:
        made.have[piece] = 1
    made.want(bytearray(b"\1" * COUNT))
    made.opening = opening_of(FILM, PIECE)
    return made


def wanted(made: Plan) -> list[int]:
    return [piece for piece, level in enumerate(made.priorities()) if level and not made.have[piece]]


def reader(at: int, to: int = COUNT) -> Reader:
    return Reader(at * PIECE, min(to * PIECE, FILM.size_bytes), plenty(FILM.size_bytes))


def test_the_ends_come_first() -> None:
    made = plan()
    assert made.opening[:4] == [0, 1, 289, 290]
    levels = made.priorities()
    assert [levels[piece] for piece in (0, 1, 289, 290)] == [7, 7, 7, 7]
    assert sum(1 for level in levels if level) == 4


def test_before_a_waiting_reader_only_two_pieces_and_the_ends() -> None:
    made = plan()
    made.readers.append(reader(200))
    assert wanted(made) == [0, 1, 200, 201, 289, 290]
    levels = made.priorities()
    assert (levels[200], levels[201]) == (7, 6)


def test_the_window_moves_with_the_reader_and_with_what_is_in() -> None:
    made = plan(have=range(210))
    made.got(289)
    made.got(290)
    made.readers.append(reader(205))
    assert wanted(made) == [210, 211]
    made.got(210)
    assert wanted(made) == [211, 212]
    made.readers[0].position = 100 * PIECE
    assert made.readers[0].full is False
    assert wanted(made)[0] == 211


def test_several_readers_have_a_window_each() -> None:
    made = plan(have=range(2))
    made.readers += [reader(50), reader(150)]
    assert {50, 51, 150, 151} <= set(wanted(made))


def test_a_fast_swarm_widens_the_window() -> None:
    made = plan(rate=40 * PIECE)
    made.readers.append(reader(100))
    assert {100, 101, 102, 105, 109} <= set(wanted(made))


def test_a_full_buffer_lets_the_rest_come() -> None:
    made = plan(have=range(60))
    made.got(289)
    made.got(290)
    made.readers.append(reader(0))
    assert wanted(made) == [60, 61]
    assert made.priorities()[60] < 7
    made.watched = False
    assert wanted(made)[0] == 60


def test_without_anybody_everything_is_wanted() -> None:
    made = plan(have=range(10), watched=False)
    made.got(289)
    made.got(290)
    assert len(wanted(made)) == COUNT - 12


def test_what_is_not_wanted_is_never_asked_for() -> None:
    other = TorrentFile(1, "Other.mkv", 10 * PIECE, 300 * PIECE)
    made = Plan(PIECE, 310, bytearray(310), bytearray(310))
    made.want(wanted_pieces([other], PIECE, 310))
    made.readers.append(Reader(0, 310 * PIECE, PIECE))
    assert set(wanted(made)) <= set(range(300, 310))


@given(st.sets(st.integers(0, COUNT - 1)), st.lists(st.integers(0, COUNT - 1), max_size=3), st.booleans())
def test_something_is_always_asked_for_until_all_is_in(have: set[int], at: list[int], watched: bool) -> None:
    made = plan(watched=watched)
    for piece in have:
        made.got(piece)
    made.readers += [reader(place) for place in at]
    assert made.complete == (len(have) == COUNT)
    assert bool(wanted(made)) == (not made.complete)


def test_the_buffer_ends_at_the_first_gap() -> None:
    have = bytearray([1, 1, 0, 1])
    assert buffered(have, 10, 5, 40) == 15
    assert buffered(have, 10, 25, 40) == 0
    assert buffered(have, 10, 30, 38) == 8
    assert buffered(have, 10, 40, 40) == 0


def test_the_meter_forgets_after_a_second() -> None:
    meter = Meter()
    assert meter.rate(0.0) == 0
    for tick in range(10):
        meter.add(tick / 10, 100)
    assert 900 <= meter.rate(0.95) <= 1100
    assert meter.rate(3.0) == 0
