"""How many lines the picture has."""

from __future__ import annotations

import re

_LINES = re.compile(r"(?<!\d)(?P<lines>\d{3,4})(?:0)?[pi](?:\d\d)?(?![a-z])")
_SIZE = re.compile(r"(?<!\d)\d{3,4}(?:[x×*]|\s[x×*]\s)(?P<lines>\d{3,4})(?!\d)")
_WORD = re.compile(
    r"(?<![a-z0-9])(?:(?P<four>4k|uhd(?:tv|rip|bd|remux|2bd)?|ultra.?hd|netflixuhd)|(?P<full>fhd|full.?hd)|(?P<two>qhd|2k))(?![a-z0-9])"
)
_BARE = re.compile(r"(?<!\d)(?<![^\d]\d\.)(?P<lines>1080|2160|720)(?![\da-z])")
_HEIGHTS = (240, 360, 404, 480, 540, 576, 720, 960, 1080, 1440, 2160, 4320)
_WIDE_SCREEN = {3840: 2160, 1920: 1080, 1280: 720}


def find(low: str) -> tuple[int, int] | None:
    """Lines and position; a stated number beats a word, the last number beats the first (`4Kto1080p`)."""
    stated = [found for found in _LINES.finditer(low) if _known(int(found.group("lines")))]
    if stated:
        best = stated[-1]
        return _folded(int(best.group("lines"))), stated[0].start()
    if (size := _SIZE.search(low)) and (lines := _of_size(size.group())):
        return lines, size.start()
    if word := _WORD.search(low):
        return (2160 if word.group("four") else 1080 if word.group("full") else 1440), word.start()
    if bare := _BARE.search(low):
        return int(bare.group("lines")), bare.start()
    return None


def _known(lines: int) -> bool:
    return lines in _HEIGHTS or lines in (1086, 2159)


def _folded(lines: int) -> int:
    return 720 if lines == 960 else lines


def _of_size(size: str) -> int | None:
    """`1920x800` is a 1080p picture with its bars cut off."""
    width, height = (int(number) for number in re.findall(r"\d+", size))
    if width in _WIDE_SCREEN and height <= _WIDE_SCREEN[width]:
        return _WIDE_SCREEN[width]
    return height if 200 <= height <= 4320 and width > height else None
