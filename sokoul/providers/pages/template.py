"""Texts with placeholders: `{title}`, `{season:02}`, `{name:words}`; what is filled in cannot break out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import quote

Values = Mapping[str, str]

_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z_]*)(?::([a-z0-9]+))?\}")
_BRACE: Final = re.compile(r"[{}]")
_WORD: Final = re.compile(r"[^\W_]+")
_LADDER: Final = ((1500, 2160), (1200, 1440), (800, 1080), (530, 720), (500, 576), (400, 480))


def _height(text: str) -> str:
    """`1080p` for 1080, and for 800, which is 1920 pixels wide in a film's shape; nothing for no number."""
    if not text.isdecimal() or not 0 < len(text) < 6:
        return ""
    found = next((name for least, name in _LADDER if int(text) >= least), None)
    return f"{found or 360}p"


_FORMATS: Final[Mapping[str, Callable[[str], str]]] = {
    "words": lambda text: " ".join(_WORD.findall(text)),
    "dash": lambda text: "-".join(_WORD.findall(text)).lower(),
    "02": lambda text: text.zfill(2),
    "p": _height,
    "path": lambda text: text,
    "raw": lambda text: text,
}


class Missing(Exception):
    """A placeholder has no value here."""


def check(text: str) -> None:
    """Raises ValueError for a placeholder that is none."""
    if _BRACE.search(_PLACEHOLDER.sub("", text)):
        raise ValueError("has a brace that is no placeholder such as {title} or {season:02}")
    for found in _PLACEHOLDER.finditer(text):
        if found[2] is not None and found[2] not in _FORMATS:
            raise ValueError(f"knows no format {found[2]!r} (there is: {', '.join(_FORMATS)})")


def names(text: str) -> Iterator[str]:
    """The names in it."""
    return (found[1] for found in _PLACEHOLDER.finditer(text))


def is_whole(text: str) -> bool:
    """Whether it is nothing but one placeholder."""
    return _PLACEHOLDER.fullmatch(text) is not None


def fill(text: str, values: Values) -> str:
    """With every value put in as it is. Raises Missing."""
    return _PLACEHOLDER.sub(lambda found: _value(found, values), text)


def words(text: str, values: Values) -> str:
    """As `fill`, for people: what is missing is left out, and spaces are single."""
    return " ".join(_PLACEHOLDER.sub(lambda found: _value(found, values, lacking=""), text).split())


def address(text: str, values: Values) -> str:
    """As `fill`, percent-encoded: no value can add a path, a parameter or another host. Raises Missing.

    One that is a single placeholder is an address already; it is checked by whoever goes there.
    """
    if is_whole(text):
        return fill(text, values)

    def encoded(found: re.Match[str]) -> str:
        value = _value(found, values)
        if found[2] == "path":
            # No step up: the path stays below what the template says.
            parts = [part for part in value.split("/") if part not in {"", ".", ".."}]
            return "/".join(quote(part, safe="") for part in parts)
        return quote(value, safe="") if value not in {".", ".."} else ""

    return _PLACEHOLDER.sub(encoded, text)


def _value(found: re.Match[str], values: Values, lacking: str | None = None) -> str:
    value = values.get(found[1], "")
    shaped = _FORMATS[found[2]](value) if found[2] else value
    if shaped:
        return shaped
    if lacking is None:
        raise Missing(found[1])
    return lacking
