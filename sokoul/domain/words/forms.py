"""How values are written: numbers, sizes, days, languages and lists, as each language writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from sokoul.domain.meaning.genres import NAMES as GENRES
from sokoul.domain.words.languages import NAMES, WISHES
from sokoul.domain.words.phrase import Value

NBSP: Final = "\u00a0"
_LONGEST: Final = 160
_UNITS: Final = {"en": ("B", "KB", "MB", "GB", "TB"), "fr": ("o", "ko", "Mo", "Go", "To")}
_MONTHS: Final = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
        "novembre", "décembre",
    ),
}  # fmt: skip
_WORDS: Final = {"en": {"and": "and", "or": "or"}, "fr": {"and": "et", "or": "ou"}}
_BEFORE_SIGN: Final = re.compile(r" (?=[:;!?»%])")


def typeset(french: str) -> str:
    """French as it is set: no line ends before a double sign or inside « », and apostrophes are round."""
    text = _BEFORE_SIGN.sub(NBSP, french).replace("« ", f"«{NBSP}")
    return text.replace("'", "’")


def _text(language: str, value: Value) -> str:
    """A text from outside: only what can be seen, and not too much of it."""
    del language
    text = str(value)
    if not text.isprintable():
        text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _number(language: str, value: Value) -> str:
    if not isinstance(value, int | float):
        return str(value)
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return text.translate(_FRENCH) if language == "fr" else text


_FRENCH: Final = {ord(","): "\u202f", ord("."): ","}


def _size(language: str, value: Value) -> str:
    """Bytes as people say them: "4.2 GB", "830 MB"; "4,2 Go", "830 Mo"."""
    amount = float(value) if isinstance(value, int | float) else 0.0
    unit = 0
    while amount >= 1000 and unit < 4:
        amount, unit = amount / 1000, unit + 1
    text = f"{amount:.1f}" if unit >= 3 else f"{amount:.0f}"
    if language == "fr":
        text = text.replace(".", ",")
    return f"{text}{NBSP}{_UNITS[language][unit]}"


def _lines(language: str, value: Value) -> str:
    del language
    return f"{value}p"


def _plain(language: str, value: Value) -> str:
    """Years, season numbers, ids: digits alone."""
    del language
    return str(value)


def _day(language: str, value: Value) -> str:
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value)
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number}{NBSP}{_MONTHS[language][day.month - 1]} {day.year}"


def _spoken(language: str, value: Value) -> str:
    """Languages by name, joined by "and"."""
    return _joined(language, _names(language, value), "and")


def _spoken_or(language: str, value: Value) -> str:
    return _joined(language, _names(language, value), "or")


def _all(language: str, value: Value) -> str:
    return _joined(language, [_text(language, each) for each in _listed(value)], "and")


def _any(language: str, value: Value) -> str:
    return _joined(language, [_text(language, each) for each in _listed(value)], "or")


def _joined(language: str, words: list[str], last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {_WORDS[language][last]} {words[-1]}"


def _genres(language: str, value: Value) -> str:
    place = 0 if language == "en" else 1
    named = (GENRES[code][place] if code in GENRES else _text(language, code) for code in _listed(value))
    return _joined(language, list(named), "and")


def _quoted(language: str, value: Value) -> str:
    """Words as somebody wrote them, each in quotation marks."""
    marks = ("“", "”") if language == "en" else (f"«{NBSP}", f"{NBSP}»")
    return _joined(
        language, [f"{marks[0]}{_text(language, word)}{marks[1]}" for word in _listed(value)], "and"
    )


def _names(language: str, value: Value) -> list[str]:
    place = 0 if language == "en" else 1
    known = [NAMES.get(code) or WISHES.get(code) for code in _listed(value)]
    return [
        names[place] if names else _text(language, code)
        for code, names in zip(_listed(value), known, strict=True)
    ]


def _listed(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


FORMS: Final[Mapping[str, Callable[[str, Value], str]]] = {
    "text": _text,
    "n": _number,
    "plain": _plain,
    "size": _size,
    "lines": _lines,
    "day": _day,
    "spoken": _spoken,
    "spoken_or": _spoken_or,
    "all": _all,
    "any": _any,
    "genres": _genres,
    "quoted": _quoted,
}
