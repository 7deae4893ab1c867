"""How the fake TMDB finds works by what they are like, people by name, and key words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sokoul.testing import catalogue
from sokoul.testing import tmdb_documents as documents
from sokoul.testing.catalogue import GENRES, Title

Document = dict[str, Any]
_CAST: Final = 5
_YEARS: Final = ("primary_release_year", "first_air_date_year", "year")


def discovered(kind: str, asked: Mapping[str, str]) -> list[Title]:
    """The works that every filter lets pass."""
    return [title for title in catalogue.titles() if title.kind == kind and _passes(title, asked)]


def people(name: str, language: str) -> Document:
    """The people whose name has every word of `name`."""
    words = set(catalogue.words_of(name))
    found = [
        member
        for number, known in documents.people().items()
        if words and words <= set(catalogue.words_of(known))
        for member in [documents.person(number)]
    ]
    return _page([each | {"known_for": _known_for(each["id"], language)} for each in found])


def keywords(text: str) -> Document:
    """The key words that begin so."""
    found = [
        {"id": number, "name": word} for number, word in _all_keywords() if word.startswith(text.lower())
    ]
    return _page(found)


def _all_keywords() -> list[tuple[int, str]]:
    words = {word for words in catalogue.KEYWORDS.values() for word in words}
    return list(enumerate(sorted(words), 1))


def _keyword_ids(title: Title) -> set[int]:
    own = catalogue.KEYWORDS.get((title.kind, title.tmdb_id), ())
    return {number for number, word in _all_keywords() if word in own}


def _passes(title: Title, asked: Mapping[str, str]) -> bool:
    date = "primary_release_date" if title.kind == "movie" else "first_air_date"
    year = next((asked[name] for name in _YEARS if asked.get(name)), "")
    return (
        (not year or str(title.year) == year)
        and asked.get(f"{date}.gte", "") <= title.date
        and title.date <= (asked.get(f"{date}.lte") or "9999")
        and asked.get("with_original_language", title.language) == title.language
        and _has({GENRES[each][0] for each in title.genres}, asked.get("with_genres"))
        and _has(_keyword_ids(title), asked.get("with_keywords"))
        and _has(_cast_ids(title), asked.get("with_people"))
    )


def _cast_ids(title: Title) -> set[int]:
    return {documents.cast_member(title, number)["id"] for number in range(_CAST)}


def _has(own: set[int], wanted: str | None) -> bool:
    """Ids joined by a comma are all wanted, by a bar any of them."""
    if not wanted:
        return True
    ids = {int(number) for number in re.findall(r"\d+", wanted)}
    return bool(own & ids) if "|" in wanted else ids <= own


def _known_for(person_id: int, language: str) -> list[Document]:
    played = (title for title in catalogue.titles() if person_id in _cast_ids(title))
    return [documents.entry(title, language, with_type=True) for title in list(played)[:3]]


def _page(found: list[Document]) -> Document:
    return {"page": 1, "results": found[:20], "total_pages": 1, "total_results": len(found)}
