"""Descriptions taken apart by rules, genres however they are called, kinship and variety."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sokoul.domain.meaning import Sought, Story, is_description, match, read
from sokoul.domain.meaning.affinity import Suggested, affinity, franchise, varied
from sokoul.domain.meaning.french import in_english
from sokoul.domain.meaning.genres import NAMES, codes, labels
from sokoul.domain.media import MediaType
from sokoul.domain.words import phrase


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a heist inside dreams", {"plot": "a heist inside dreams"}),
        ("films like Inception", {"like": ("Inception",), "plot": ""}),
        ("something like Alien but funny", {"like": ("Alien",), "genres": {"comedy"}}),
        ("un film comme Amélie", {"like": ("Amélie",), "media_type": MediaType.MOVIE}),
        ("a man who looks like his father", {"like": (), "plot": "a man who looks like his father"}),
        ("the one with the guy from Drive, in space", {"seen_in": ("Drive",), "plot": "in space"}),
        ("films avec l'actrice de La Môme", {"seen_in": ("La Môme",)}),
        ("80s horror set in a hotel", {"years": (1980, 1989), "genres": {"horror"}}),
        ("un film des années 90 avec Omar Sy", {"years": (1990, 1999), "people": ("Omar Sy",)}),
        ("early 2000s romance", {"years": (2000, 2004), "genres": {"romance"}}),
        ("crime series between 1994 and 1999", {"years": (1994, 1999), "media_type": MediaType.TV}),
        ("war film before 1960", {"years": (1870, 1959), "genres": {"war"}}),
        ("after the war a soldier comes home", {"genres": set(), "years": None}),
        ("a family is haunted", {"genres": set()}),
        ("l'histoire d'un enfant perdu", {"genres": set()}),
        ("science fiction directed by Denis Villeneuve", {"people": ("Denis Villeneuve",)}),
        ("un polar français sur un braquage", {"language": "fr", "genres": {"crime"}}),
        ("a korean thriller", {"language": "ko", "genres": {"thriller"}}),
        ("a French spy in Berlin", {"language": None}),
        ("no horror, a war film about friendship", {"without": {"horror"}, "genres": {"war"}}),
        ("guy whose whole life is a TV show", {"plot": "guy whose whole life is a TV show"}),
        ("silent film about a vampire", {"years": (1890, 1930)}),
    ],
)
def test_a_wish_is_taken_apart(text: str, expected: dict[str, Any]) -> None:
    wish = read(text)
    assert {name: getattr(wish, name) for name in expected} == expected


@settings(deadline=None)  # the machine may be busy; the test below measures
@given(st.text(max_size=400))
def test_any_text_is_a_wish(text: str) -> None:
    wish = read(text)
    assert len(wish.text) <= 300 and isinstance(is_description(text), bool)


@pytest.mark.parametrize(
    "text", ["like " * 60, "a and " * 60, "with A B " * 40, "'" * 300, "80 " * 100, "guy from " * 40]
)
def test_no_text_takes_long(text: str) -> None:
    began = time.perf_counter()
    read(text)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "text", ["Dune 2", "the matrix", "Inception 2010", "1917", "Breaking Bad S01E02 1080p", ""]
)
def test_titles_are_no_descriptions(text: str) -> None:
    assert not is_description(text)


@pytest.mark.parametrize(
    "text",
    ["a heist inside dreams", "films like Inception", "un braquage dans les rêves", "80s horror hotel"],
)
def test_descriptions_are_told_from_titles(text: str) -> None:
    assert is_description(text)


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("un braquage dans les rêves", "heist robbery dream"),
        ("le roi qui bégaie", "king stammer speech impediment"),
        ("un requin à Nice", "shark nice"),
        ("a heist inside dreams", None),
        ("la la land", None),
        ("le xylophage turlupin des zigomars", None),
        ("", None),
    ],
)
def test_a_french_plot_is_told_in_english_word_by_word(french: str, english: str | None) -> None:
    assert in_english(french) == english


def test_genres_are_one_whatever_the_catalogue() -> None:
    assert codes("Science Fiction") == codes("Science-Fiction") == codes("sci-fi") == {"science_fiction"}
    assert codes("Action & Adventure") == {"action", "adventure"}
    assert codes("Science-Fiction & Fantastique") == {"science_fiction", "fantasy"}
    assert codes("Comédie") == {"comedy"} and codes("Histoire") == {"history"} and codes("???") == frozenset()
    for code in NAMES:
        assert all(code in codes(label) for label in labels(code))


def test_what_a_plot_hints_at_is_no_wish() -> None:
    wish = read("a heist inside dreams")
    assert (wish.genres, wish.hints, wish.is_narrow) == (set(), {"crime"}, False)


def test_people_are_found_by_their_last_name() -> None:
    film = story("Salt", people=("Gérard Depardieu",))
    reasons = match(Sought(read("un film avec Depardieu")), film, None).reasons
    assert [reason.kind for reason in reasons] == ["meaning.people"]
    assert match(Sought(read("un film avec Gérard")), film, None).reasons == ()


def story(title: str, *genres: str, **more: Any) -> Story:
    return Story(uuid.uuid4(), MediaType.MOVIE, title, genres=genres, **more)


def test_points_stay_between_zero_and_a_hundred_and_fall_with_what_was_not_wanted() -> None:
    film = story("Salt", "Horror", overview="A whale dreams.", year=1985)
    best = match(Sought(read("salt")), film, 1.0)
    assert best.score == 100 and best.reasons[0].kind == "meaning.title"
    assert match(Sought(read("nothing alike")), film, float("nan")).score == 0
    wanted, unwanted = (
        match(Sought(read(text)), film, 0.4).points
        for text in ("a whale dreams", "a whale dreams, no horror")
    )
    assert unwanted < wanted


def test_kinship_names_what_is_shared() -> None:
    one = story("A", "Crime", "Thriller", keywords=("heist", "casino"), people=("Ana Sol",))
    tie = phrase("because.finished", title="B")

    about = affinity(one, story("B", "Crime", keywords=("heist",)), None).because(tie)
    people = affinity(one, story("B", people=("Ana Sol",)), None).because(tie)
    genres = affinity(one, story("B", "Thriller"), None).because(tie)
    alike = affinity(one, story("B", "Drama"), 0.7).because(tie)

    kinds = [one.kind for one in (about, people, genres, alike)]
    assert kinds == ["because.about", "because.people", "because.genres", "because.story"]


@pytest.mark.parametrize(
    ("title", "name"),
    [("Dune: Part Two", "dune"), ("Rocky 4", "rocky"), ("Heat", "heat"), ("1917", "1917"), ("28", "28")],
)
def test_parts_of_a_franchise_have_one_name(title: str, name: str) -> None:
    assert franchise(title) == name


def test_variety_holds_even_where_there_is_little_else() -> None:
    saga = [Suggested(story(f"Saga: Part {n}", "War"), 1.0, phrase("because.popular")) for n in range(9)]
    other = Suggested(story("Alone", "Drama"), 0.1, phrase("because.popular"))

    assert [one.story.title for one in varied([*saga, other], 10)] == [
        "Saga: Part 0",
        "Saga: Part 1",
        "Alone",
    ]
