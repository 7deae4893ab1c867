"""Definitions from files, folders and the names of those that ship; what is wrong is told with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sokoul.config import schema
from sokoul.config.problem import Origin, Place, Problem, dotted
from sokoul.config.types import is_file
from sokoul.config.wording import words
from sokoul.config.yaml_source import Layer, read_yaml
from sokoul.providers.pages import reading
from sokoul.providers.pages.definition import Definition

SHIPPED: Final = Path(__file__).with_name("shipped")
ENDINGS: Final = (".yaml", ".yml")
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Broken:
    """A definition that cannot be used, and everything that is wrong with it."""

    name: str
    problems: tuple[str, ...]


def shipped() -> list[Definition]:
    """Those that come with Sokoul, all for openly licensed films."""
    found = [read(file) for file in sorted(SHIPPED.glob("*.yaml"))]
    return [each for each in found if isinstance(each, Definition)]


def load(named: Iterable[str]) -> list[Definition | Broken]:
    """What the configuration names, each name once; a folder stands for the definitions in it."""
    found: dict[str, Definition | Broken] = {}
    for file in _files(named):
        one = file if isinstance(file, Broken) else read(file)
        if one.name in found:
            problem = f"there are two definitions called {one.name!r}: give one another `name`"
            one = Broken(f"{one.name}-{len(found)}", (problem,))
        found[one.name] = one
        if len(found) >= MOST:
            break
    return list(found.values())


def read(file: Path) -> Definition | Broken:
    """One definition."""
    try:
        layer = read_yaml(str(file), file.read_bytes())
    except OSError as error:
        why = (error.strerror or "unreadable").lower()
        return Broken(file.stem, (f"{file}: cannot be read: {why}",))
    try:
        definition = Definition.model_validate(layer.value)
    except ValidationError as error:
        found = [_problem(layer, detail) for detail in error.errors(include_url=False)]
        return Broken(file.stem, _lines([*layer.problems, *found]))
    problems = [*layer.problems, *_selectors(layer, definition)]
    return Broken(file.stem, _lines(problems)) if problems else definition


def _files(named: Iterable[str]) -> Iterator[Path | Broken]:
    for name in named:
        path = Path(name)
        if not is_file(name):
            known = SHIPPED / f"{name}.yaml"
            there = ", ".join(sorted(file.stem for file in SHIPPED.glob("*.yaml")))
            yield (
                known
                if known.is_file()
                else Broken(name, (f"no definition called {name!r} comes with Sokoul (there is: {there})",))
            )
        elif path.is_dir():
            yield from sorted(file for file in path.iterdir() if file.suffix in ENDINGS)
        else:
            yield path


def _selectors(layer: Layer, definition: Definition) -> Iterator[Problem]:
    for name, stage in (("search", definition.search), ("detail", definition.detail)):
        if stage is not None and (wrong := reading.check_selectors(stage)) is not None:
            place = (name, *wrong[0].split("."))
            yield Problem(_origin(layer, place), place, f"{wrong[1]!r} is not a CSS selector")


def _problem(layer: Layer, detail: ErrorDetails) -> Problem:
    place: Place = tuple(step for step in detail["loc"] if step != "[key]")
    message = words(detail)
    if detail["type"] == "extra_forbidden":
        likely = schema.meant(place, Definition)
        message = f"unknown key; did you mean {likely}?" if likely else "unknown key"
    elif detail["type"] == "value_error":
        inner, colon, rest = message.partition(": ")
        if colon and all(part.isidentifier() for part in inner.split(".")):
            place, message = (*place, *inner.split(".")), rest
    return Problem(_origin(layer, place), _written(layer, place), message)


def _written(layer: Layer, place: Place) -> Place:
    """Without the names of alternatives that the checker adds at the end."""
    return next((place[:end] for end in range(len(place), 0, -1) if place[:end] in layer.origins), place)


def _origin(layer: Layer, place: Place) -> Origin:
    while place and place not in layer.origins:
        place = place[:-1]
    return layer.origins.get(place, Origin(_name(layer)))


def _name(layer: Layer) -> str:
    return next((origin.source for origin in layer.origins.values()), "definition")


def _lines(problems: Iterable[Problem]) -> tuple[str, ...]:
    ordered = sorted(set(problems), key=lambda one: (one.origin, dotted(one.place)))
    return tuple(dict.fromkeys(map(str, ordered)))
