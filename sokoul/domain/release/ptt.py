"""PTT's handlers, driven by a loop of our own: the same answers at about half of its cost.

PTT inspects a transformer's signature at each match and builds several dictionaries on the way; here that is
settled once, when the handlers are collected, which happens at the first name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from inspect import signature
from typing import Any

from PTT.handlers import add_defaults
from PTT.parse import BEFORE_TITLE_MATCH_REGEX, clean_title

Facts = dict[str, Any]
_Step = Callable[["_Scan"], tuple[str, int, bool, bool] | None]

# Facts that our own rules read better, or that nobody asks for, and whose matches PTT leaves in the title.
_UNUSED = frozenset({"scene", "adult", "torrent", "convert", "commentary", "country"})


class _Scan:
    """One name on its way through the handlers."""

    __slots__ = ("before", "matched", "result", "title")

    def __init__(self, title: str) -> None:
        self.title = title
        self.result: Facts = {}
        self.matched: dict[str, Any] = {}
        self.before: tuple[str, str] | None = None

    def in_leading_bracket(self, raw: str) -> bool:
        """Whether the text was found inside a bracket that opens the name."""
        if self.before is None or self.before[0] is not self.title:
            opening = BEFORE_TITLE_MATCH_REGEX.match(self.title)
            self.before = (self.title, opening.group(1) if opening else "")
        return raw in self.before[1]


class _Collector:
    """Stands in for PTT's Parser while it registers its defaults."""

    def __init__(self) -> None:
        self.steps: list[_Step] = []

    def add_handler(
        self, name: Any, handler: Any = None, transformer: Any = None, options: Any = None
    ) -> None:
        """Keep one handler in the form the loop runs; the signature is PTT's."""
        if name in _UNUSED:
            return
        if handler is None:
            self.steps.append(_function(name))
        elif hasattr(handler, "search"):
            self.steps.append(_expression(name, handler, transformer or (lambda text: text), options or {}))
        else:
            self.steps.append(_function(handler))


def _function(handler: Callable[[dict[str, Any]], Any]) -> _Step:
    def step(scan: _Scan) -> tuple[str, int, bool, bool] | None:
        found = handler({"title": scan.title, "result": scan.result, "matched": scan.matched})
        if found is None:
            return None
        index = found.get("match_index") or 0
        return (
            found.get("raw_match", ""),
            index,
            found.get("remove", False),
            found.get("skip_from_title", False),
        )

    return step


def _expression(name: str, pattern: Any, transformer: Callable[..., Any], options: dict[str, Any]) -> _Step:
    search = pattern.search
    groups = pattern.groups >= 1
    takes_known = len(signature(transformer).parameters) > 1
    once = options.get("skipIfAlreadyFound", True)
    remove, skip = options.get("remove", False), options.get("skipFromTitle", False)
    skip_first = options.get("skipIfFirst", False)

    def step(scan: _Scan) -> tuple[str, int, bool, bool] | None:
        result = scan.result
        if once and name in result:
            return None
        match = search(scan.title)
        if match is None:
            return None
        raw: str = match.group(0)
        clean = (match.group(1) if groups else raw) or raw
        value = transformer(clean, result.get(name)) if takes_known else transformer(clean)
        if value is None:
            return None
        start: int = match.start()
        if skip_first and _comes_first(name, start, scan.matched):
            return None
        scan.matched.setdefault(name, {"raw_match": raw, "match_index": start})
        result[name] = value.strip() if isinstance(value, str) else value
        return raw, start, remove, skip or scan.in_leading_bracket(raw)

    return step


def _comes_first(name: str, start: int, matched: dict[str, Any]) -> bool:
    others = [m["match_index"] for other, m in matched.items() if other != name]
    return bool(others) and all(start < index for index in others)


@cache
def _steps() -> tuple[_Step, ...]:
    collector = _Collector()
    add_defaults(collector)
    return tuple(collector.steps)


def read(name: str) -> Facts:
    """What PTT makes of a name of at most 255 characters; the keys are PTT's, "title" is always there."""
    scan = _Scan(name.replace("_", " "))
    end = len(scan.title)
    for step in _steps():
        found = step(scan)
        if found is None:
            continue
        raw, index, remove, skip = found
        if remove:
            scan.title = scan.title[:index] + scan.title[index + len(raw) :]
        if not skip and 1 < index < end:
            end = index
        if remove and skip and index < end:
            end -= len(raw)
    scan.result["title"] = clean_title(scan.title[:end])
    return scan.result
