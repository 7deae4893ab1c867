"""Descriptions read by rules, and titles left alone."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sokoul.domain.freetext import understand
from sokoul.domain.media import MediaType
from sokoul.domain.understood import Understood


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "the one with the guy from Drive, in space",
            {"seen_in": ("Drive",), "genres": ("science fiction",), "words": ("space",)},
        ),
        (
            "le film avec le mec de Drive dans l'espace",
            {"seen_in": ("Drive",), "media_type": MediaType.MOVIE, "words": ("space",)},
        ),
        (
            "une comédie française des années 90 avec Gérard Depardieu",
            {
                "people": ("Gérard Depardieu",),
                "genres": ("comedy",),
                "year_from": 1990,
                "year_to": 1999,
                "language": "fr",
            },
        ),
        ("film de guerre avec Tom Hanks", {"people": ("Tom Hanks",), "genres": ("war",)}),
        ("western avec Clint Eastwood avant 1970", {"year_from": None, "year_to": 1969}),
        ("sci-fi between 1985 and 1980 with Harrison Ford", {"year_from": 1980, "year_to": 1985}),
        ("a heist inside dreams", {"genres": ("crime",), "words": ("heist", "inside", "dream")}),
        ("that korean series where children play games", {"language": "ko", "media_type": MediaType.TV}),
        ("scary movie with a shark from the seventies", {"genres": ("horror",), "year_from": 1970}),
    ],
)
def test_descriptions(text: str, parts: dict[str, Any]) -> None:
    found = understand(text)
    assert found is not None
    assert {name: getattr(found, name) for name in parts} == parts
    assert Understood.from_json(found.as_json()) == found


@pytest.mark.parametrize(
    "title",
    [
        "dune 2",
        "The Lord of the Rings",
        "Once Upon a Time in the West",
        "War of the Worlds",
        "No Country for Old Men",
        "The Girl with the Dragon Tattoo",
        "Love Actually",
        "In the Mood for Love",
        "The Good, the Bad and the Ugly",
        "The Bear S02E03",
        "un film sur un robot",
        "",
    ],
)
def test_titles_are_no_descriptions(title: str) -> None:
    assert understand(title) is None


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    understand(text)


@pytest.mark.parametrize("text", ["with " * 60, "guy from " * 40, "with " + "Aa " * 9000, "années " * 99])
def test_hostile_texts_take_no_time(text: str) -> None:
    started = time.perf_counter()
    understand(text)
    assert time.perf_counter() - started < 0.05
