"""Names in the library, whatever a metadata source or a torrent says."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sokoul.domain.media import MediaType, Work
from sokoul.domain.naming import clean_name, clean_suffix, episode_path, movie_path, unknown_path


def film(title: str, year: int | None = 2024) -> Work:
    return Work(MediaType.MOVIE, title, year)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            movie_path(film("Dune: Part Two"), 1080, ".mkv"),
            "Dune - Part Two (2024)/Dune - Part Two (2024) - 1080p.mkv",
        ),
        (movie_path(film("Dune"), None, "mp4"), "Dune (2024)/Dune (2024).mp4"),
        (movie_path(film("../../etc/x", None), 720, ".mkv"), "etc x/etc x - 720p.mkv"),
        (
            movie_path(film("{{7*7}} {0.__class__}"), None, ".mkv"),
            "{{7 7}} {0.__class__} (2024)/{{7 7}} {0.__class__} (2024).mkv",
        ),
        (movie_path(film("CON", None), None, ".mkv"), "_CON/_CON.mkv"),
        (
            episode_path(Work(MediaType.TV, "The Bear", 2022), 2, [3], "Sundae", ".mkv"),
            "The Bear (2022)/Season 02/The Bear (2022) - S02E03 - Sundae.mkv",
        ),
        (
            episode_path(Work(MediaType.TV, "The Bear", 2022), 1, [2, 1], None, ".mkv"),
            "The Bear (2022)/Season 01/The Bear (2022) - S01E01-E02.mkv",
        ),
        (
            episode_path(Work(MediaType.TV, "The Bear", 2022), 0, [1], "A/B", ".mkv"),
            "The Bear (2022)/Season 00/The Bear (2022) - S00E01 - A B.mkv",
        ),
        (unknown_path("some.thing", ".mkv"), "some.thing/some.thing.mkv"),
        (unknown_path("", ""), "Untitled/Untitled"),
    ],
)
def test_paths(path: PurePosixPath, expected: str) -> None:
    assert str(path) == expected


hostile = st.one_of(
    st.text(max_size=600),
    st.text(alphabet="./\\ .:*?\x00\u202e{}%$`|<>\"'aé漢😀\u0301", max_size=600),
    st.sampled_from(["..", ".", "/", "CON", "nul.txt", "a" * 5000, "漢" * 300, " . ", "\ud800x"]),
)


@given(hostile, hostile, hostile, st.integers(-5, 10_000), st.lists(st.integers(-5, 10_000), max_size=5))
def test_a_path_never_leaves_the_library(
    title: str, other: str, suffix: str, season: int, episodes: list[int]
) -> None:
    work = Work(MediaType.MOVIE, title, 2024)
    paths = [
        (movie_path(work, 1080, suffix), 2),
        (episode_path(work, season, episodes, other, suffix), 3),
        (unknown_path(title, suffix), 2),
    ]
    for path, depth in paths:
        assert not path.is_absolute() and len(path.parts) == depth
        for part in path.parts:
            assert part not in ("", ".", "..") and "\\" not in part and "\x00" not in part
            assert len(part.encode()) <= 255 and part == part.strip() and not part.endswith(".")
            assert part.isprintable()


@given(hostile)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_name(clean_name(text)) == clean_name(text)
    assert clean_suffix(clean_suffix(text)) == clean_suffix(text)
