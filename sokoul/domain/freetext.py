"""A description read by rules: "the one with the guy from Drive, in space", "une comédie des années 90"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from sokoul.domain.freetext_words import (
    DECADES,
    ENGLISH,
    GENRE_WORDS,
    IDLE,
    KIND_WORDS,
    LANGUAGE_WORDS,
    STORY_WORDS,
)
from sokoul.domain.media import MediaType
from sokoul.domain.understood import Understood

LONGEST: Final = 255
_MOST: Final = 4
_FEWEST_WORDS: Final = 3
_END: Final = r"(?=$|[,;.!?]|\s+(?:in|set|where|who|and|from the|dans|où|ou|qui|et|des années)\b)"
_SEEN_IN: Final = re.compile(
    r"\b(?:guy|man|actor|actress|woman|girl|star|cast|kid|lady|people)\s+(?:from|of|in)\s+(?:the\s+(?:film|movie)\s+)?"
    rf"(.{{2,40}}?){_END}"
    r"|\b(?:acteur|actrice|mec|gars|type|fille|femme|homme|héros)\s+(?:du film\s+|de\s+|d['’]|dans\s+)"
    rf"(.{{2,40}}?){_END}",
    re.IGNORECASE,
)
_NAME: Final = r"((?:[A-ZÀ-Þ][\w'’.-]+)(?:\s+(?:d[eu]|van|von|la|le)?\s?[A-ZÀ-Þ][\w'’.-]+){0,2})"
_PEOPLE: Final = re.compile(
    r"\b(?:with|starring|featuring|by|and|avec|de|par|et)\s+(?:the\s+(?:guy|man|actor)\s+)?" + _NAME
)
_DECADE: Final = re.compile(r"\b(?:(?:19|20)?(\d)0['’]?s|ann[ée]es\s+(?:19|20)?(\d)0)\b", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\b((?:19|20)\d\d)\s*(?:-|–|to|and|à|et)\s*((?:19|20)\d\d)\b", re.IGNORECASE)
_SINCE: Final = re.compile(r"\b(?:after|since|depuis|apr[èe]s)\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_UNTIL: Final = re.compile(r"\b(?:before|avant)\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_YEAR: Final = re.compile(r"\b(?:from|in|de|en)\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")


def understand(text: str) -> Understood | None:
    """Its parts, or None where it does not read like a description. Total: any text will do."""
    text = " ".join(text[:LONGEST].split())
    if len(text.split()) < _FEWEST_WORDS:
        return None
    seen_in = _unique(found[1] or found[2] for found in _SEEN_IN.finditer(text))
    rest = _SEEN_IN.sub(" ", text)
    people = _unique(found[1] for found in _PEOPLE.finditer(rest))
    rest = _PEOPLE.sub(" ", rest)
    year_from, year_to = _years(rest)
    words = _WORD.findall(_plain(rest))
    found = Understood(
        people=people,
        seen_in=seen_in,
        genres=_unique(GENRE_WORDS[word] for word in words if word in GENRE_WORDS),
        year_from=year_from,
        year_to=year_to,
        media_type=next((MediaType(KIND_WORDS[word]) for word in words if word in KIND_WORDS), None),
        language=next((LANGUAGE_WORDS[word] for word in words if word in LANGUAGE_WORDS), None),
        words=_unique(ENGLISH.get(word, word) for word in words if _tells(word)),
    )
    return found if _is_description(found) else None


def _is_description(found: Understood) -> bool:
    """Words alone may just as well be a title, and so may one genre ("War of the Worlds")."""
    said = [found.genres, found.year_from or found.year_to, found.language, found.media_type]
    several = sum(map(bool, said)) > 1 or (found.genres and len(found.words) > 1)
    return bool(found.people or found.seen_in or several)


def _years(text: str) -> tuple[int | None, int | None]:
    """The first and the last year that is said, in whatever way."""
    if found := _BETWEEN.search(text):
        first, last = sorted((int(found[1]), int(found[2])))
        return first, last
    if found := _DECADE.search(text):
        digit = int(found[1] or found[2])
        start = (1900 if digit > 2 else 2000) + digit * 10
        return start, start + 9
    for word in _WORD.findall(_plain(text)):
        if word in DECADES:
            return DECADES[word], DECADES[word] + 9
    since, until, exact = _SINCE.search(text), _UNTIL.search(text), _YEAR.search(text)
    if since or until:
        return int(since[1]) if since else None, int(until[1]) - 1 if until else None
    return (int(exact[1]), int(exact[1])) if exact else (None, None)


def _tells(word: str) -> bool:
    known = word in IDLE or word in KIND_WORDS or word in LANGUAGE_WORDS or word in DECADES
    known = known or (word in GENRE_WORDS and word not in STORY_WORDS)
    return not known and len(word) > 2 and not word[0].isdigit()


def _plain(text: str) -> str:
    """Lower case without accents."""
    split = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    plain = "".join(each for each in split if not unicodedata.combining(each))
    return re.sub(r"\b(?:l|d|qu|c|j|s|n)'", "", plain)


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.strip() for each in found if each.strip()))[:_MOST]
