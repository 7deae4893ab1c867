"""The year, and whether it is one: titles are full of numbers."""

from __future__ import annotations

import re

_YEAR = re.compile(
    r"(?<!\d)(?<!(?<!\d)\d-)(?<!(?<!\d)\d\d-)(?:(?<![a-z])"
    r"|(?<=[a-z]{3}))(?P<open>[\[(]?)(?P<year>(?:18[89]|19\d|20[0-4])\d)(?P<close>[\])]?)(?![\dpi]|x\d"
    r"|[ ._-]?(?:mb|kbps|fps))"
)


def find(low: str, end: int, numbers_at: int | None) -> tuple[int, int, bool] | None:
    """Year, position, and whether it belongs to the title; `end` is where the technical words begin.

    In brackets beats bare; the last one before the technical words beats an earlier one, which is then
    a title's number (`2012 2009 1080p`); one that opens the name is its title unless brackets close it.
    """
    found = [match for match in _YEAR.finditer(low) if match.start() > 0 or match.group("open")]
    if not found:
        return None
    leading = [
        match for match in found if match.start() < (end if numbers_at is None else min(end, numbers_at))
    ]
    bracketed = [match for match in leading or found if match.group("open") and match.group("close")]
    pool = bracketed or leading
    if pool:
        best = pool[0] if bracketed else pool[-1]
        return int(best.group("year")), best.start(), True
    best = next((match for match in found if match.group("open")), found[0])
    return int(best.group("year")), best.start(), numbers_at is None
