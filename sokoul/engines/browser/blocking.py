"""Which addresses a page is not let to: advertising hosts by our own list, and what a definition adds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

_LIST: Final = Path(__file__).with_name("advertising.txt")


@cache
def _own() -> tuple[str, ...]:
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def hosts(more: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Matches a host of the list or of `more`, or one below it."""
    names = sorted({name.lower() for name in (*_own(), *more) if is_host(name)})
    return re.compile(r"(?:^|\.)(?:" + "|".join(map(re.escape, names)) + r")\.?$", re.IGNORECASE)


def addresses(more: Iterable[str]) -> tuple[str, ...]:
    """Those of `more` that are patterns of whole addresses."""
    return tuple(pattern for pattern in more if not is_host(pattern))


def is_host(pattern: str) -> bool:
    """A pattern without `/` and `*` names a host and all below it."""
    return "/" not in pattern and "*" not in pattern


@cache
def matcher(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Matches a whole address by patterns with `*`; an empty list matches nothing."""
    if not patterns:
        return re.compile(r"(?!)")
    alternatives = (".*".join(map(re.escape, pattern.split("*"))) for pattern in patterns)
    return re.compile(rf"(?:{'|'.join(alternatives)})\Z", re.IGNORECASE | re.DOTALL)
