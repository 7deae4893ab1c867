"""The years that a description says, in whatever way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from sokoul.domain.meaning.tokens import fold
from sokoul.domain.meaning.wish import EARLIEST, LATEST

_DECADE: Final = re.compile(
    r"\b(?:(?:from|of|in|des?|dans)\s+)?(?:the\s+|les\s+)?(?:(early|late|mid)[- ])?(?:ann[ée]es\s+)?"
    r"'?((?:18|19|20)?[0-9]0)(?:'?s\b|(?=\s|$|[,.;!?]))",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(
    r"\b(?:(?:between|entre|from|de)\s+)?((?:18|19|20)\d\d)\s*(?:-|–|\band\b|\bet\b|\bto\b|\b[àa]\b)\s*"
    r"((?:18|19|20)\d\d)\b",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(r"\b(?:before|avant|older than)\s+((?:18|19|20)\d\d)\b", re.IGNORECASE)
_AFTER: Final = re.compile(
    r"\b(?:after|since|apr[èe]s|depuis|newer than)\s+((?:18|19|20)\d\d)\b", re.IGNORECASE
)
_NAMED: Final = {
    "sixties": 1960, "seventies": 1970, "eighties": 1980, "nineties": 1990, "soixante-dix": 1970,
    "soixante": 1960, "quatre-vingt-dix": 1990, "quatre-vingts": 1980, "quatre-vingt": 1980,
}  # fmt: skip
_NAMED_DECADE: Final = re.compile(
    rf"\b(?:(?:from|of|in|des)\s+)?(?:the\s+)?(?:ann[ée]es\s+)?({'|'.join(_NAMED)})\b", re.IGNORECASE
)
_YEAR: Final = re.compile(
    r"\b(?:from|of|in|de|en)\s+((?:18|19|20)\d\d)\b|\(((?:18|19|20)\d\d)\)", re.IGNORECASE
)
_SILENT_ERA: Final = re.compile(
    r"\b(?:silent (?:film|movie|era)|film muet|cin[ée]ma muet)s?\b", re.IGNORECASE
)


class Said(NamedTuple):
    """The first and the last year that is meant, and the text without them."""

    meant: tuple[int, int]
    rest: str


def said(text: str) -> Said | None:
    """None where no year is said. Total: any text will do."""
    for pattern, read in _READERS:
        found = pattern.search(text)
        if found is not None and (meant := read(found)) is not None:
            if pattern is _SILENT_ERA:  # says what is to be seen as well
                return Said(meant, text)
            return Said(meant, text[: found.start()] + " " + text[found.end() :])
    return None


def _between(found: re.Match[str]) -> tuple[int, int]:
    first, last = sorted((int(found[1]), int(found[2])))
    return first, last


def _named(found: re.Match[str]) -> tuple[int, int]:
    first = _NAMED[fold(found[1])]
    return first, first + 9


def _decade(found: re.Match[str]) -> tuple[int, int] | None:
    """ "80s", "the 1980s", "années 80"; a bare "80" only after « années »."""
    spoken, number = found.group().casefold(), int(found[2])
    if "s" not in spoken[-1:] and "ann" not in spoken:
        return None
    if number < 100:
        number += 1900 if number >= 30 else 2000
    first, last = {"early": (0, 4), "mid": (3, 7), "late": (5, 9)}.get((found[1] or "").casefold(), (0, 9))
    return (number + first, number + last) if EARLIEST <= number <= LATEST else None


def _exact(found: re.Match[str]) -> tuple[int, int]:
    year = int(found[1] or found[2])
    return year, year


_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[int, int] | None]], ...]] = (
    (_BETWEEN, _between),
    (_BEFORE, lambda found: (EARLIEST, int(found[1]) - 1)),
    (_AFTER, lambda found: (int(found[1]), LATEST)),
    (_DECADE, _decade),
    (_NAMED_DECADE, _named),
    (_YEAR, _exact),
    (_SILENT_ERA, lambda _: (1890, 1930)),
)
