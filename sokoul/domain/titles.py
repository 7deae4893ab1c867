"""Titles made comparable, so that equality means the same work and nothing less does."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NUMBER_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
    "un": "1", "deux": "2", "trois": "3", "quatre": "4",
    "premiere": "1", "partie": "part",
}  # fmt: skip
_ROMAN = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
    "xiii": "13",
}  # fmt: skip
_ROMAN_AFTER_COUNTER = _ROMAN | {"i": "1", "v": "5", "x": "10"}
_COUNTERS = frozenset(
    {"part", "chapter", "volume", "vol", "episode", "pt", "partie", "chapitre", "teil", "parte"}
)
_COUNTER_FORMS = {"pt": "part", "partie": "part", "parte": "part", "teil": "part", "vol": "volume"}
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i",
     "&": " and ",     "+": " plus ", "@": "a", "·": " ", "’": "'", "‘": "'", "`": "'", "´": "'",
     "²": " 2", "³": " 3", "½": " 1 2"}
)  # fmt: skip
_INSIDE_WORD = re.compile(r"(?<=\w)'(?=\w)|(?<=\w)'(?=\s|$)|(?<=\d),(?=\d{3})")
_INITIALS = re.compile(r"\b(?:\w[. ]){2,}\w?(?=\W|$)")
_LITTLE = frozenset({"a", "an", "the", "and", "or", "of"})
_PERCENT = re.compile(r"(?<=\d)%")
ARTICLES = frozenset(
    {"the", "a", "an", "le", "la", "les", "l", "un", "une", "el", "los", "las", "il", "der", "die", "das"}
)


@lru_cache(maxsize=8192)
def normalise(title: str) -> str:
    """Lower case, no accents or punctuation, "&" as "and", sequel numbers as digits, one space between words.

    "Dune: Part Two" and "Dune - Part II" become "dune part 2"; articles stay, for *Ring* is not *The Ring*.
    """
    text = title.casefold().translate(_LETTERS)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = _INITIALS.sub(lambda found: re.sub(r"[. ]", "", found.group()) + " ", text)
    text = _INSIDE_WORD.sub("", text)
    words = re.sub(r"[\W_]+", " ", text).split()
    return " ".join(_numbers(words))


def _numbers(words: list[str]) -> list[str]:
    result: list[str] = []
    for place, word in enumerate(words):
        after_counter = place > 0 and words[place - 1] in _COUNTERS
        if after_counter:
            word = _NUMBER_WORDS.get(word) or _ROMAN_AFTER_COUNTER.get(word, word)
        elif place > 0:
            word = _ROMAN.get(word, word)
        if word in _COUNTER_FORMS and place + 1 < len(words) and _counts(words[place + 1]):
            word = _COUNTER_FORMS[word]
        result.append(str(int(word)) if word.isascii() and word.isdigit() and len(word) < 5 else word)
    return result


def _counts(word: str) -> bool:
    return word.isdigit() or word in _NUMBER_WORDS or word in _ROMAN_AFTER_COUNTER


@lru_cache(maxsize=8192)
def clean(title: str) -> str:
    """One word without accents, marks and the little words inside: "Law & Order: SVU" is "lawordersvu".

    As loose as `loose`, and for the same use: names leave out and add "the", "of" and "and" as they like.
    """
    text = unicodedata.normalize("NFKD", _PERCENT.sub(" percent ", title.casefold()))
    text = "".join(char for char in text if not unicodedata.combining(char) and char not in "'’`")
    words = re.sub(r"[\W_]+", " ", text).split()
    return "".join(words[:1] + [word for word in words[1:-1] if word not in _LITTLE] + words[1:][-1:])


def loose(key: str) -> str:
    """A key without spaces, leading article and the word before a sequel number: "dune part 2" is "dune2".

    Looser than identity may be: use it only together with another proof, such as the exact year.
    """
    words = [word for word in key.split() if word != "and"]
    if len(words) > 1 and words[0] in ARTICLES:
        words = words[1:]
    kept = [
        w
        for i, w in enumerate(words)
        if not (w in _COUNTERS and i + 1 < len(words) and words[i + 1].isdigit())
    ]
    return "".join(kept)
