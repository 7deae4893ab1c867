"""Segments begin at keyframes, the first ones soon, and the playlist tells the truth."""

from __future__ import annotations

import itertools
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sokoul.features.playback.cuts import KeyframeIndex, cut, even, playlist, segment_at


def index_of(seconds: list[float], duration: float, *, origin: float = 0.0) -> KeyframeIndex:
    keys = tuple(round((second + origin) * 1000) for second in seconds)
    return KeyframeIndex(keys, 0, False, Fraction(1, 1000), origin, duration)


def test_the_first_segments_are_short() -> None:
    segments = cut(index_of([float(second) for second in range(60)], 60.0))
    assert [round(segment.lasts) for segment in segments[:6]] == [1, 2, 4, 6, 6, 6]


def test_what_is_still_coming_is_cut_into_short_pieces() -> None:
    segments = cut(index_of([second / 2 for second in range(40)], 20.0), usual=2.0)
    assert [segment.lasts for segment in segments[:5]] == [1.0, 2.0, 2.0, 2.0, 2.0]


def test_keyframes_far_apart_make_long_segments() -> None:
    segments = cut(index_of([0.0, 10.0, 20.0], 25.0))
    assert [(s.begins, s.ends) for s in segments] == [(0.0, 10.0), (10.0, 20.0), (20.0, 25.0)]


def test_a_film_that_does_not_begin_at_zero_is_counted_from_its_beginning() -> None:
    segments = cut(index_of([0.04, 6.0], 12.0, origin=1.4))
    assert [(s.begins, s.ends) for s in segments] == [(0.0, 6.0), (6.0, 12.0)]


def test_decoding_times_are_shifted_to_times_of_showing() -> None:
    index = KeyframeIndex((-1024, 75_776), 1024, True, Fraction(1, 12_800), 0.0, 12.0)
    assert [segment.begins for segment in cut(index)] == [0.0, 6.0]


@given(
    st.lists(st.floats(0.04, 12.0), max_size=200),
    st.floats(0.0, 5.0),
)
def test_segments_are_the_whole_film_without_gap(steps: list[float], origin: float) -> None:
    times = [0.0]
    for step in steps:
        times.append(round(times[-1] + step, 3))
    index = index_of(times, times[-1] + 1.0, origin=origin)
    segments = cut(index)
    assert segments[0].start == index.keys[0]
    assert segments[-1].end is None
    assert abs(segments[-1].ends - index.duration) < 0.2
    for before, after in itertools.pairwise(segments):
        assert before.end == after.start
        assert before.ends == after.begins
        assert before.lasts > 0


@given(st.floats(0.01, 20_000))
def test_even_segments_are_the_whole_film(duration: float) -> None:
    segments = even(duration)
    assert (segments[0].begins, segments[-1].ends, segments[-1].end) == (0.0, duration, None)
    assert all(0 < segment.lasts <= 4.5 for segment in segments)
    assert all(before.ends == after.begins for before, after in itertools.pairwise(segments))
    assert all(segment.end is not None for segment in segments[:-1])


def test_the_playlist_names_every_segment_and_carries_the_token() -> None:
    segments = cut(index_of([0.0, 2.0, 9.5], 12.25))
    assert playlist(segments, "?token=abc").split("\n") == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:8",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="init.mp4?token=abc"',
        "#EXTINF:2.000000,",
        "segments/0.m4s?token=abc",
        "#EXTINF:7.500000,",
        "segments/1.m4s?token=abc",
        "#EXTINF:2.750000,",
        "segments/2.m4s?token=abc",
        "#EXT-X-ENDLIST",
        "",
    ]


def test_a_time_finds_its_segment() -> None:
    segments = cut(index_of([0.0, 2.0, 9.5], 12.0))
    assert [segment_at(segments, at).number for at in (-1.0, 0.0, 1.9, 2.0, 9.6, 99.0)] == [0, 0, 0, 1, 2, 2]
