"""The genres that TMDB's lists give by number alone, in English and French."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_LISTED: Final = """
28|Action|Action
12|Adventure|Aventure
16|Animation|Animation
35|Comedy|Comédie
80|Crime|Crime
99|Documentary|Documentaire
18|Drama|Drame
10751|Family|Familial
14|Fantasy|Fantastique
36|History|Histoire
27|Horror|Horreur
10402|Music|Musique
9648|Mystery|Mystère
10749|Romance|Romance
878|Science Fiction|Science-Fiction
53|Thriller|Thriller
10752|War|Guerre
37|Western|Western
10759|Action & Adventure|Action & Adventure
10762|Kids|Kids
10765|Sci-Fi & Fantasy|Science-Fiction & Fantastique
10768|War & Politics|War & Politics
"""
_NAMES: Final = {
    int(number): (english, french)
    for number, english, french in (line.split("|") for line in _LISTED.strip().splitlines())
}


def names(numbers: object, language: str) -> Iterator[str]:
    """The names of those that are known."""
    place = 1 if language.startswith("fr") else 0
    for number in numbers[:20] if isinstance(numbers, list) else []:
        if isinstance(number, int) and number in _NAMES:
            yield _NAMES[number][place]
