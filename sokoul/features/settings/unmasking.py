"""What came back from a page: stars mean "as it is", blank means "nothing"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sokoul.features.settings.shapes import MASK


class Starred(Exception):
    """Stars where nothing is kept that they could stand for."""


def unmasked(sent: Any, kept: Any, shown: Any) -> Any:
    """`sent` with the kept value wherever it is what was shown of it; raises Starred."""
    if sent == shown:
        return kept
    if isinstance(sent, Mapping):
        kept_in, shown_in = _mapping(kept), _mapping(shown)
        return {key: unmasked(one, kept_in.get(key), shown_in.get(key)) for key, one in sent.items()}
    if isinstance(sent, list):
        pairs = list(zip(_list(kept), _list(shown), strict=False))
        return [unmasked(one, *_counterpart(one, number, pairs)) for number, one in enumerate(sent)]
    if isinstance(sent, str) and MASK[:4] in sent:
        if sent.strip("*") == "" and shown == MASK:
            return kept
        raise Starred
    return sent


def named(entries: Any, name: str) -> int | None:
    """Where in a list the entry of that name is, or of that number where none is called so."""
    for number, entry in enumerate(_list(entries)):
        if isinstance(entry, Mapping) and entry.get("name") == name:
            return number
    return int(name) if name.isdecimal() and len(name) < 5 and int(name) <= len(_list(entries)) else None


def _counterpart(one: Any, number: int, pairs: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    """The entry of the same name; without one the entry at the same place."""
    if isinstance(one, Mapping) and "name" in one:
        found = named([kept for kept, _ in pairs], str(one["name"]))
        if found is not None and found < len(pairs):
            return pairs[found]
    return pairs[number] if number < len(pairs) else (None, None)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
