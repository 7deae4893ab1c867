"""Names that say nothing: hashes, random letters, passwords."""

from __future__ import annotations

import re
from itertools import pairwise

_HASH = re.compile(r"(?:[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.IGNORECASE)
_RANDOM_LETTERS = re.compile(r"[0-9a-zA-Z]{24,}|[a-z0-9]{20,}")
_BACKUP = re.compile(r"(?:backup_\d{5,}s\d\d-\d\d|\d{3}|123|abc(?:[ ._-]?xyz)?|b00bs)", re.IGNORECASE)
_CROSSED = re.compile(r"\d{1,2}x\d{1,3}x", re.IGNORECASE)
_READABLE = re.compile(r"[ ._-]")


def is_garbage(text: str) -> bool:
    """Whether a name without its suffix is scrambled; an empty one is."""
    bare = text.strip()
    if not bare or not any(char.isalnum() for char in bare):
        return True
    if _HASH.fullmatch(bare) or _BACKUP.fullmatch(bare):
        return True
    return _is_random(bare)


def _is_random(bare: str) -> bool:
    """Long runs of mixed letters and digits with hardly a space between them."""
    words = [word for word in _READABLE.split(bare) if word]
    longest = max(map(len, words), default=0)
    if len(words) > 3 or longest < 15 or not _RANDOM_LETTERS.search(bare.replace(" ", "")):
        return False
    if any(not word.isalnum() or _CROSSED.match(word) for word in words):
        return False
    return sum(_switches(word) for word in words) >= len(bare) // 5


def _switches(word: str) -> int:
    """How often a word changes between digits, small and capital letters."""
    kinds = ["d" if c.isdigit() else "u" if c.isupper() else "l" for c in word]
    return sum(one != other for one, other in pairwise(kinds))
