"""What a person's words mean."""

from __future__ import annotations

import pytest

from sokoul.domain.identity import choose, normalise, read_query
from sokoul.domain.media import MediaType, Work

MOVIE, TV = MediaType.MOVIE, MediaType.TV


def film(title: str, year: int, popularity: float = 10.0, **more: object) -> Work:
    return Work(MOVIE, title, year, popularity=popularity, **more)  # type: ignore[arg-type]  # the tests name the fields


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("dune 2", ("dune 2", None, None, None)),
        ("The Bear S02E03", ("The Bear", None, 2, 3)),
        ("The Bear 2x03", ("The Bear", None, 2, 3)),
        ("The Bear season 2", ("The Bear", None, 2, None)),
        ("Alien 1979", ("Alien", 1979, None, None)),
        ("Alien (1979)", ("Alien", 1979, None, None)),
        ("1917", ("1917", None, None, None)),
        ("Blade Runner 2049", ("Blade Runner 2049", None, None, None)),
        ("  ", ("", None, None, None)),
    ],
)
def test_numbers_in_a_query(text: str, meaning: tuple[object, ...]) -> None:
    assert read_query(text) == meaning


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dune: Part Two", "dune part ii"),
        ("Amélie", "AMELIE"),
        ("Law & Order", "Law and Order"),
        ("S.W.A.T.", "S W A T"),
        ("Ocean's Eleven", "Oceans Eleven"),
        ("Rocky II", "Rocky 2"),
        ("Spider-Man: No Way Home", "Spider.Man.No.Way.Home"),
    ],
)
def test_the_same_title(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ring", "The Ring"), ("Dune", "Dune 2"), ("Alien", "Aliens"), ("V", "5")]
)
def test_another_title(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


DUNES = [
    film("Dune", 2021, 120),
    film("Dune", 1984, 30),
    film("Dune Drifter", 2020, 3),
    film("Dune: Part Two", 2024, 300, tmdb_id=693134),
    film("Dune: Part Three", 2026, 90),
    film("Jodorowsky's Dune", 2013, 8),
]


@pytest.mark.parametrize(
    ("query", "year", "expected"),
    [
        ("Dune 2", None, ("Dune: Part Two", 2024)),
        ("dune part two", None, ("Dune: Part Two", 2024)),
        ("Dune II", None, ("Dune: Part Two", 2024)),
        ("Dune", None, ("Dune", 2021)),
        ("Dune", 1984, ("Dune", 1984)),
        ("Dune 3", None, ("Dune: Part Three", 2026)),
    ],
)
def test_the_work_that_is_meant(query: str, year: int | None, expected: tuple[str, int]) -> None:
    for candidates in (DUNES, list(reversed(DUNES))):
        work, rivals = choose(query, year, None, candidates)
        assert work and (work.title, work.year) == expected and rivals == []


def test_a_sequel_is_never_the_first_film() -> None:
    assert choose("Dune 2", None, None, [film("Dune", 2021, 500)]) == (None, [])


def test_a_number_may_belong_to_the_title() -> None:
    candidates = [film("Wonder Woman", 2017, 90), film("Wonder Woman 1984", 2020, 60)]
    title, year, _, _ = read_query("Wonder Woman 1984")

    assert choose(title, year, None, candidates)[0] == candidates[1]


def test_a_tie_is_handed_back_best_first() -> None:
    candidates = [film("Pinocchio", 2022, 40), film("Pinocchio", 2022, 35), film("Pinocchio", 1940, 2)]

    assert choose("pinocchio", None, None, candidates) == (None, candidates[:2])


def test_the_kind_is_kept() -> None:
    candidates = [film("Fargo", 1996, 50), Work(TV, "Fargo", 2014, popularity=20)]

    assert choose("Fargo", None, TV, candidates)[0] == candidates[1]


def test_an_alias_is_a_title() -> None:
    candidates = [
        film("Le Fabuleux Destin d'Amélie Poulain", 2001, 20, aliases=("Amélie",)),
        film("Amélie 3", 1999, 1),
    ]

    assert choose("amelie", None, None, candidates)[0] == candidates[0]
