"""Descriptions read by rules, and titles left alone."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sokoul.domain.meaning import Wish, read
from sokoul.domain.media import MediaType


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "the one with the guy from Drive, in space",
            {"seen_in": ("Drive",), "likely_genres": {"science_fiction"}, "words": ("space",)},
        ),
        (
            "le film avec le mec de Drive dans l'espace",
            {"seen_in": ("Drive",), "media_type": MediaType.MOVIE, "words": ("space",)},
        ),
        (
            "une comédie française des années 90 avec Gérard Depardieu",
            {
                "people": ("Gérard Depardieu",),
                "genres": {"comedy"},
                "year_from": 1990,
                "year_to": 1999,
                "language": "fr",
            },
        ),
        ("film de guerre avec Tom Hanks", {"people": ("Tom Hanks",), "genres": {"war"}}),
        ("western avec Clint Eastwood avant 1970", {"year_from": None, "year_to": 1969}),
        ("sci-fi between 1985 and 1980 with Harrison Ford", {"year_from": 1980, "year_to": 1985}),
        ("a heist inside dreams", {"hints": {"crime"}, "words": ("heist", "inside", "dream")}),
        ("un film de guerre par Spielberg", {"people": ("Spielberg",), "genres": {"war"}}),
        ("western with Clint Eastwood and Cher", {"people": ("Clint Eastwood", "Cher"), "words": ()}),
        ("movie with the guy from Drive and the actress from Alien", {"seen_in": ("Drive", "Alien")}),
        ("un film où un requin attaque une plage en 1975", {"words": ("shark", "attack", "beach")}),
        ("un film des années soixante-dix sur la guerre", {"years": (1970, 1979), "hints": {"war"}}),
        ("a film with French subtitles from 1990", {"people": (), "language": None}),
        ("that korean series where children play games", {"language": "ko", "media_type": MediaType.TV}),
        ("scary movie with a shark from the seventies", {"genres": {"horror"}, "year_from": 1970}),
    ],
)
def test_descriptions(text: str, parts: dict[str, Any]) -> None:
    found = read(text)
    assert found.is_no_title
    assert {name: getattr(found, name) for name in parts} == parts
    assert Wish.from_json(json.loads(json.dumps(found.as_json()))) == found


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
    assert not read(title).is_no_title


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    read(text)


@pytest.mark.parametrize("text", ["with " * 60, "guy from " * 40, "with " + "Aa " * 9000, "années " * 99])
def test_hostile_texts_take_no_time(text: str) -> None:
    started = time.perf_counter()
    read(text)
    assert time.perf_counter() - started < 0.05
