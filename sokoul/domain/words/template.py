"""The little language of the tables: `{name}`, `{name:form}`, and `{name|one|many}` for words that count."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HOLE = re.compile(r"\{(\w+)(?::(\w+)|\|([^|{}]*)\|([^|{}]*))?\}")


@dataclass(frozen=True, slots=True)
class Hole:
    """A place to be filled: by the value in a form, or by one of two words, as the value counts."""

    name: str
    form: str = "text"
    plural: tuple[str, str] | None = None


Template = tuple[str | Hole, ...]


def compiled(text: str) -> Template:
    """A sentence cut at its holes."""
    parts: list[str | Hole] = []
    place = 0
    for found in _HOLE.finditer(text):
        if found.start() > place:
            parts.append(text[place : found.start()])
        name, form, one, many = found.groups()
        parts.append(Hole(name, form or "text", None if one is None else (one, many)))
        place = found.end()
    if place < len(text):
        parts.append(text[place:])
    return tuple(parts)
