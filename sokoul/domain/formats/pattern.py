"""Regular expressions that people bring along: bounded in length, form and time.

The engine (`regex`) gives up after a time limit, and knows look-behinds of any width, which the formats that
people share use. Text is cut at 255 characters. A pattern that runs out of time again and again is left out.
"""

from __future__ import annotations

import re
from functools import lru_cache

import regex

LONGEST = 1000
LONGEST_TEXT = 255
SECONDS = 0.005
_TRIAL_SECONDS = 0.02
_STRIKES = 3
# Recursion, calls of groups, conditionals, fuzzy counts: what only this engine knows.
_FOREIGN = re.compile(r"\(\?(?![:=!>]|<[=!]|P?<\w+>|-?i[:)])|\\[LKGgX]|\(\*|\{[esid]<?", re.IGNORECASE)
_LITERAL = re.compile(r"\^\(?([\w-]+)\)?\$")


class BadPattern(ValueError):
    """The expression cannot be used; the message says why."""


class Pattern:
    """A compiled expression, without regard to case, that never takes long."""

    __slots__ = ("_compiled", "_strikes", "_tried", "_word")

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise BadPattern(f"is longer than {LONGEST} characters")
        if not text:
            raise BadPattern("is empty")
        if found := _FOREIGN.search(text):
            raise BadPattern(f"holds {found.group()!r}, which is not understood here")
        try:
            self._compiled = regex.compile(text, regex.IGNORECASE | regex.VERSION0)
        except (regex.error, ValueError, OverflowError, RecursionError, MemoryError) as err:
            raise BadPattern(f"is no regular expression: {err}") from err
        literal = _LITERAL.fullmatch(text)
        self._word = literal.group(1).lower() if literal and literal.group(1).isascii() else None
        self._strikes = 0
        self._tried = False

    @property
    def tired(self) -> bool:
        """Whether it ran out of time too often and is left out from now on."""
        return self._strikes >= _STRIKES

    def found_in(self, text: str) -> bool:
        """Whether it is found; not, when that could not be told within some milliseconds."""
        if self._word is not None:
            return text.lower() == self._word
        if self.tired:
            return False
        try:
            return self._compiled.search(text[:LONGEST_TEXT], timeout=SECONDS) is not None
        except (TimeoutError, MemoryError):
            self._strikes += 1
            return False

    def try_out(self) -> None:
        """Run it once against texts made to tire it; raises `BadPattern` when one does."""
        if self._tried:
            return
        for text in _trials(self._compiled.pattern):
            try:
                self._compiled.search(text, timeout=_TRIAL_SECONDS)
            except (TimeoutError, MemoryError) as err:
                raise BadPattern("can take very long on some names; make its repetitions simpler") from err
        self._tried = True


@lru_cache(maxsize=8192)
def pattern(text: str) -> Pattern:
    """The expression, compiled once; raises `BadPattern`."""
    return Pattern(text)


def _trials(text: str) -> list[str]:
    """Long texts of the pattern's own characters, each ending in something that it cannot want."""
    letters = list(dict.fromkeys(re.findall(r"(?<!\\)[A-Za-z0-9 ._-]", text)))[:8] or ["a"]
    words = re.findall(r"[A-Za-z0-9]{2,}", text)[:4]
    units = [*letters, *words, "a", "0", " ", "a.", "a 1", "".join(letters), ".".join(words) or "aA"]
    return [(unit * LONGEST_TEXT)[: LONGEST_TEXT - 1] + "\x01" for unit in dict.fromkeys(units)]
