"""Words from outside made fit to store, to show and to log."""

from __future__ import annotations

import re
from typing import Final

# Control and direction characters, and halves of surrogate pairs, which no database takes.
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_KEY_LIKE: Final = re.compile(r"[0-9A-Za-z_-]{16,}")


def clean(text: str, longest: int) -> str:
    """One line without control or direction characters, cut to `longest`."""
    return " ".join(CONTROL.sub(" ", text[: longest * 4]).split())[:longest]


def quoted(text: str, longest: int = 120) -> str:
    """What a source said, for an error message; anything that may be a key is left out."""
    return _KEY_LIKE.sub("…", clean(text, longest))
