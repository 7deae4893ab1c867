"""Whether it corrects an earlier release."""

from __future__ import annotations

import re

_REPACK = re.compile(r"(?<![a-z0-9])(?:repack|rerip)(?P<number>\d)?(?![a-z])")
_PROPER = re.compile(r"(?<![a-z0-9])(?:real[ ._-])?proper(?![a-z])")
_VERSION = re.compile(
    r"(?:(?<=\d)|(?<=\[)(?=v\d\])|(?<=\d[ ._])|(?<=[\])][ _]))v(?P<number>[2-9])(?=[ ._\-\])]|$)"
)


def find(low: str, title_end: int) -> int:
    """1 for the first, 2 for a proper, repack or v2, one more for each further one."""
    if found := _REPACK.search(low, title_end):
        return int(found.group("number") or 1) + 1
    if _PROPER.search(low, max(0, title_end - 1)):
        return 2
    found = _VERSION.search(low, 1)
    return int(found.group("number")) if found else 1
