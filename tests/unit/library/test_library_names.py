"""What paths say, and which subtitles belong to which film."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sokoul.domain import naming
from sokoul.domain.media import MediaType, Work
from sokoul.domain.mediafacts import MediaFacts, VideoFacts, lines
from sokoul.features.library import sidecars
from sokoul.features.library.names import Guess, Shelf, read_path

MOVIES, SERIES = Shelf.MOVIES, Shelf.SERIES


def read(path: str, shelf: Shelf = MOVIES) -> Guess:
    return read_path(PurePosixPath(path), shelf)


@pytest.mark.parametrize(
    ("path", "title", "year"),
    [
        ("Dune Part Two (2024)/Dune Part Two (2024) - 1080p.mkv", "Dune Part Two", 2024),
        ("1917 (2019)/1917 (2019) - 2160p (2).mkv", "1917", 2019),
        ("Sintel.2010.1080p.BluRay.x264-GRP.mkv", "Sintel", 2010),
        ("Sintel.2010.1080p.BluRay.x264-GRP/a8f7sd98f.mkv", "Sintel", 2010),
        ("Le Fabuleux Destin d'Amélie Poulain (2001)/film.mkv", "Le Fabuleux Destin d'Amélie Poulain", 2001),
        ("千と千尋の神隠し (2001)/x.mkv", "千と千尋の神隠し", 2001),
    ],
)
def test_films(path: str, title: str, year: int) -> None:
    guess = read(path)
    assert (guess.work.media_type, guess.work.title, guess.work.year) == (MediaType.MOVIE, title, year)
    assert guess.certain


@pytest.mark.parametrize(
    ("path", "title", "season", "episodes"),
    [
        ("Show (2010)/Season 01/Show (2010) - S01E02 - Title.mkv", "Show", 1, (2,)),
        ("Show (2010)/Season 01/Show (2010) - S01E02-E04.mkv", "Show", 1, (2, 3, 4)),
        ("Show/Saison 2/03 - Pilote.mkv", "Show", 2, (3,)),
        ("Show/Specials/S00E05.mkv", "Show", 0, (5,)),
        ("Show.S02.1080p.WEB-GRP/Show.S02E05E06.1080p.mkv", "Show", 2, (5, 6)),
        ("Show/1x07.mkv", "Show", 1, (7,)),
    ],
)
def test_episodes(path: str, title: str, season: int, episodes: tuple[int, ...]) -> None:
    guess = read(path, SERIES)
    assert (guess.work.media_type, guess.work.title) == (MediaType.TV, title)
    assert (guess.season, guess.episodes) == (season, episodes)


def test_ids_in_folder_names_count() -> None:
    assert read("Film [tmdbid-43074]/Film.mkv").work.tmdb_id == 43074
    assert read("Film (2021) {imdb-tt0111161}/Film.mkv").work.imdb_id == "tt0111161"


def test_what_says_nothing_stays_unknown() -> None:
    assert read("VID_2.mkv").work.media_type is MediaType.UNKNOWN
    assert read("Unidentified/Dune (2021)/Dune (2021).mkv").work.media_type is MediaType.UNKNOWN


@given(
    st.text(min_size=1, max_size=60).filter(lambda t: t.strip(" ./") and "/" not in t), st.sampled_from(Shelf)
)
def test_any_name_is_read(name: str, shelf: Shelf) -> None:
    guess = read_path(PurePosixPath("folder", f"{name}.mkv"), shelf)
    assert guess.work.title


@given(st.integers(0, 60), st.integers(1, 900), st.integers(1900, 2100))
def test_our_own_names_are_understood_again(season: int, episode: int, year: int) -> None:
    series = Work(MediaType.TV, "A Show: Again", year=year)
    path = naming.episode_path(series, season, [episode], "A Name", ".mkv")
    guess = read_path(path, SERIES)
    assert (guess.season, guess.episodes, guess.work.year) == (season, (episode,), year)
    assert guess.episode_title == "A Name"
    film = read_path(naming.movie_path(Work(MediaType.MOVIE, "A Film", year=year), 1080, ".mkv"), MOVIES)
    assert (film.work.title, film.work.year) == ("A Film", year)


def found(video: str, *others: str, alone: bool = True) -> list[tuple[str, str | None, bool, bool]]:
    paths = [PurePosixPath(other) for other in others]
    return [
        (one.path.name, one.language, one.forced, one.sdh)
        for one in sidecars.of_video(PurePosixPath(video), paths, alone=alone)
    ]


def test_subtitles_of_a_film() -> None:
    others = [
        "Film.srt",
        "Film.fr.srt",
        "Film.en.forced.srt",
        "Film.en.hi.srt",
        "Film.hi.srt",
        "Other.fr.srt",
    ]
    assert found("Film.mkv", *others) == [
        ("Film.en.forced.srt", "en", True, False),
        ("Film.en.hi.srt", "en", False, True),
        ("Film.fr.srt", "fr", False, False),
        ("Film.hi.srt", "hi", False, False),
        ("Film.srt", None, False, False),
    ]


def test_subtitles_in_folders_of_their_own() -> None:
    assert found("F/Film.mkv", "F/Subs/2_English.srt", "F/Subs/French (SDH).srt") == [
        ("2_English.srt", "en", False, False),
        ("French (SDH).srt", "fr", False, True),
    ]
    pack = ("P/Subs/Show.S01E01/2_English.srt", "P/Subs/Show.S01E02/2_English.srt")
    assert len(found("P/Show.S01E01.mkv", *pack, alone=False)) == 1
    assert found("P/Show.S01E01.mkv", "P/Subs/English.srt", alone=False) == []


def test_names_beside_the_video() -> None:
    (one,) = sidecars.of_video(PurePosixPath("a.mkv"), [PurePosixPath("a.english.forced.SRT")], alone=True)
    assert one.beside("Film (2021) - 1080p") == "Film (2021) - 1080p.en.forced.srt"
    assert one.beside("Film", 2) == "Film.en.forced.2.srt"
    assert len(one.beside("é" * 200).encode()) <= 255


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1920, 1080, 1080),
        (1920, 800, 1080),
        (1440, 1080, 1080),
        (3840, 1600, 2160),
        (1280, 536, 720),
        (720, 576, 576),
        (720, 480, 480),
        (640, 360, 360),
        (1080, 1920, 1080),
        (0, 0, None),
    ],
)
def test_resolution_classes(width: int, height: int, expected: int | None) -> None:
    facts = MediaFacts("matroska", 1.0, VideoFacts(0, "h264", width, height))
    assert lines(facts) == expected
