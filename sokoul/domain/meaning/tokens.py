"""Words made comparable: folded, cut at everything that is no letter or digit, their endings taken off."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from sokoul.domain.meaning.stopwords import STOP

LONGEST: Final = 20_000
_LETTERS: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ß": "ss", "’": "'", "‘": "'", "–": "-", "—": "-"}
)
_WORD: Final = re.compile(r"[^\W_]+", re.UNICODE)
_ENDINGS: Final = (
    "ements", "ement", "ations", "ation", "ingly", "iness", "ness", "ments", "ment", "ings", "ing", "ies",
    "ied", "ers", "ed", "er", "es", "ly", "ees", "ee", "e", "s", "y",
)  # fmt: skip


def fold(text: str) -> str:
    """Lower case, without accents and typographic signs, one space between words."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST].casefold().translate(_LETTERS))
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def words(text: str) -> list[str]:
    """The words of a text that mean something, in order, as they stand but folded."""
    return [word for word in _WORD.findall(fold(text)) if len(word) > 1 and word not in STOP]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A word without its usual ending, so that "dreams" meets "dream" and "rêver" meets "rêves"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def stems(text: str) -> dict[str, str]:
    """The stems of a text, each with the word it was first met as."""
    found: dict[str, str] = {}
    for word in words(text):
        found.setdefault(stem(word), word)
    return found
