"""What can be wrong with a configuration, said so that a person finds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Place = tuple[str | int, ...]


@dataclass(frozen=True, order=True, slots=True)
class Origin:
    """Where a value was given: a file and its line (0: the whole file), a variable, the command line."""

    source: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    origin: Origin
    place: Place
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (str(self.origin), dotted(self.place), self.message) if part)


class ConfigError(Exception):
    """The configuration is wrong; `lines` has one line for each problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        ordered = sorted(set(problems), key=lambda one: (one.origin, [str(step) for step in one.place]))
        self.problems = tuple(ordered)
        self.lines = [str(problem) for problem in ordered]
        super().__init__("\n".join(self.lines))


def dotted(place: Place) -> str:
    """`("a", "b", 0)` as `a.b.0`."""
    return ".".join(str(step) for step in place)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was likely meant, if any is near enough."""
    import difflib  # only a mistake pays for loading it

    plain = {name.replace("_", "").replace("-", "").casefold(): name for name in known}
    found = difflib.get_close_matches(word.replace("_", "").replace("-", "").casefold(), plain, 1, 0.6)
    return plain[found[0]] if found else None
