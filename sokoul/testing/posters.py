"""Pictures for works that have none: real PNG files, drawn here, with the title on a gradient."""

from __future__ import annotations

import colorsys
import struct
import unicodedata
import zlib
from functools import lru_cache
from typing import Final

_WHITE: Final = 255
_SHADES: Final = 160

# Five columns a letter, seven dots each, the topmost in the lowest bit.
_FONT: Final = {
    "0": "3E5149453E", "1": "00427F4000", "2": "4261514946", "3": "2141454B31", "4": "1814127F10",
    "5": "2745454539", "6": "3C4A494930", "7": "0171090503", "8": "3649494936", "9": "064949291E",
    "A": "7E1111117E", "B": "7F49494936", "C": "3E41414122", "D": "7F4141221C", "E": "7F49494941",
    "F": "7F09090901", "G": "3E4149497A", "H": "7F0808087F", "I": "00417F4100", "J": "2040413F01",
    "K": "7F08142241", "L": "7F40404040", "M": "7F020C027F", "N": "7F0408107F", "O": "3E4141413E",
    "P": "7F09090906", "Q": "3E4151215E", "R": "7F09192946", "S": "4649494931", "T": "01017F0101",
    "U": "3F4040403F", "V": "1F2040201F", "W": "3F4038403F", "X": "6314081463", "Y": "0708700807",
    "Z": "6151494543", "'": "0005030000", ":": "0036360000", "-": "0808080808", ".": "0060600000",
    "!": "00005F0000", "&": "3649552250",
}  # fmt: skip


@lru_cache(maxsize=64)
def picture(text: str, seed: int, width: int, height: int) -> bytes:
    """A PNG of `width` × `height` (at most 2000 each), its colours from `seed`, `text` in its lower third."""
    width, height = max(16, min(width, 2000)), max(16, min(height, 2000))
    rows = [bytearray(_row(y, width, height)) for y in range(height)]
    scale = max(1, width // 110)
    lines = _wrapped(_drawable(text), max(4, width // (6 * scale) - 1))
    top = height - (len(lines) * 9 + 6) * scale
    for number, line in enumerate(lines):
        left = max(0, (width - len(line) * 6 * scale) // 2)
        _draw(rows, line, left, max(0, top + number * 9 * scale), scale)
    return _png(width, height, _palette(seed), rows)


def _row(y: int, width: int, height: int) -> bytes:
    """A diagonal band over a gradient from top to bottom."""
    shade = y * (_SHADES - 1) // height
    lighter = max(0, shade - 24)
    start = max(0, min(width, width - (y * width) // height))
    end = min(width, start + width // 3)
    return bytes([shade]) * start + bytes([lighter]) * (end - start) + bytes([shade]) * (width - end)


def _draw(rows: list[bytearray], line: str, left: int, top: int, scale: int) -> None:
    for place, letter in enumerate(line):
        columns = bytes.fromhex(_FONT.get(letter, "0000000000"))
        for x, column in enumerate(columns):
            for y in range(7):
                if column >> y & 1:
                    _dot(rows, left + (place * 6 + x) * scale, top + y * scale, scale)


def _dot(rows: list[bytearray], x: int, y: int, scale: int) -> None:
    for row in rows[y : y + scale]:
        row[x : min(x + scale, len(row))] = bytes([_WHITE]) * max(0, min(scale, len(row) - x))


def _drawable(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.upper().replace("·", "-"))
    return "".join(char for char in plain if char in _FONT or char == " ")


def _wrapped(text: str, longest: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= longest:
            lines[-1] += " " + word
        else:
            lines.append(word[:longest])
    return lines[:5]


def _palette(seed: int) -> bytes:
    hue = seed * 0.754878 % 1
    colours = bytearray()
    for shade in range(_SHADES):
        light = 0.62 - 0.5 * shade / _SHADES
        colours += bytes(int(255 * part) for part in colorsys.hls_to_rgb(hue + shade / 900, light, 0.45))
    return bytes(colours) + b"\xf4\xf4\xf4" * (256 - _SHADES)


def _png(width: int, height: int, palette: bytes, rows: list[bytearray]) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
