"""A description in two or three sentences: its first ones, or those of a model that kept to it."""

from __future__ import annotations

import re
from typing import Final

from sokoul.domain.meaning import french, tokens

LONGEST: Final = 420  # characters of a short description
_MOST: Final = 3
_ENOUGH: Final = 160  # characters after which two sentences will do
_SENTENCE: Final = re.compile(r"(?<=[.!?…])[\"»”]?\s+(?=[^\W\d_]|[«“\"'])")
_ORDERS: Final = re.compile(
    r"\b(?:ignor\w*|disregard|forget|oubli\w*)\b.{0,60}\b(?:instructions?|rules?|above|previous|prompts?|"
    r"consignes?|r[èe]gles?|pr[ée]c[ée]dent\w*)\b|\b(?:system|assistant|user|syst[èe]me)\s*:|"
    r"\b(?:say|reply|answer|output|r[ée]ponds|dis)\s*:|<\||\[/?INST\]",
    re.IGNORECASE,
)
# Of its telling words, how many a summary must share with what it sums up.
_KEPT: Final = 0.4


def sentences(text: str) -> list[str]:
    """The sentences of a text, as far as their ends can be seen."""
    return [part for part in (piece.strip() for piece in _SENTENCE.split(text)) if part]


def shorten(text: str) -> str:
    """Its first two or three sentences; one that is too long ends at a word. Total: any text will do."""
    told = ""
    for place, sentence in enumerate(sentences(" ".join(text[: tokens.LONGEST].split()))):
        longer = f"{told} {sentence}".strip()
        most = _MOST - 1 if len(told) > _ENOUGH else _MOST
        if place and (place >= most or len(longer) > LONGEST):
            break
        told = longer
    if len(told) <= LONGEST:
        return told
    return told[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:-–") + "…"


def tells(text: str) -> str:
    """A text without the sentences that speak to a machine and not of a story."""
    return " ".join(sentence for sentence in sentences(text) if not _ORDERS.search(sentence))


def speaks(text: str, language: str) -> bool:
    """Whether a text may be in this language, as far as French can be told from others."""
    return french.is_spoken(text) == (language == "fr")


def keeps_to(summary: str, text: str) -> bool:
    """Whether it tells what the text tells; to be asked of texts in one language only."""
    told, source = tokens.stems(summary), tokens.stems(text)
    return bool(told) and sum(stem in source for stem in told) / len(told) >= _KEPT
