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

Facts = dict[str, Any]
_Step = Callable[["_Scan"], tuple[str, int, bool] | None]

# What only PTT reads here, and what it must take out of a name before, so as not to mistake it for these.
_USED = frozenset(
    [
        "resolution",
        "date",
        "complete",
        "bitrate",
        "year",
        "quality",
        "region",
        "bit_depth",
        "hdr",
        "codec",
        "channels",
        "audio",
        "volumes",
        "seasons",
        "episodes",
        "episode_code",
        "container",
        "extension",
        "title",
        "site",
        "size",
        "3d",
    ]
)


class _Scan:
    """One name on its way through the handlers."""

    __slots__ = ("matched", "result", "title")

    def __init__(self, title: str) -> None:
        self.title = title
        self.result: Facts = {}
        self.matched: dict[str, Any] = {}


class _Collector:
    """Stands in for PTT's Parser while it registers its defaults."""

    def __init__(self) -> None:
        self.steps: list[_Step] = []

    def add_handler(
        self, name: Any, handler: Any = None, transformer: Any = None, options: Any = None
    ) -> None:
        """Keep one handler in the form the loop runs; the signature is PTT's."""
        if isinstance(name, str) and name not in _USED:
            return
        if handler is None:
            self.steps.append(_function(name))
        elif hasattr(handler, "search"):
            self.steps.append(_expression(name, handler, transformer or (lambda text: text), options or {}))
        else:
            self.steps.append(_function(handler))


def _function(handler: Callable[[dict[str, Any]], Any]) -> _Step:
    def step(scan: _Scan) -> tuple[str, int, bool] | None:
        found = handler({"title": scan.title, "result": scan.result, "matched": scan.matched})
        if found is None:
            return None
        index = found.get("match_index") or 0
        return found.get("raw_match", ""), index, found.get("remove", False)

    return step


def _expression(name: str, pattern: Any, transformer: Callable[..., Any], options: dict[str, Any]) -> _Step:
    search = pattern.search
    groups = pattern.groups >= 1
    takes_known = len(signature(transformer).parameters) > 1
    once = options.get("skipIfAlreadyFound", True)
    remove = options.get("remove", False)
    skip_first = options.get("skipIfFirst", False)

    def step(scan: _Scan) -> tuple[str, int, bool] | None:
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
        return raw, start, remove

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
    """What PTT makes of a name of at most 255 characters: streams, seasons, episodes; the keys are PTT's."""
    scan = _Scan(name.replace("_", " "))
    for step in _steps():
        if (found := step(scan)) and found[2]:
            raw, index = found[0], found[1]
            scan.title = scan.title[:index] + scan.title[index + len(raw) :]
    return scan.result
