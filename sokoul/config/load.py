"""From file, environment and command line to one frozen `Config`, or to everything that is wrong at once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sokoul.config import environment, schema
from sokoul.config.model import Config
from sokoul.config.problem import ConfigError, Origin, Place, Problem, dotted
from sokoul.config.types import NameOrFile, Program, Section, is_file
from sokoul.config.wording import words
from sokoul.config.yaml_source import Layer, read_yaml

__all__ = ["ConfigError", "Loaded", "load", "with_settings"]

DEFAULT_FILE = Path("sokoul.yaml")
LARGEST_SECRET = 1 << 16
SectionT = TypeVar("SectionT", bound=Section)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration, the dotted keys that file, environment or flags fix, and the file it came from."""

    config: Config
    locked: frozenset[str]
    file: Path | None = None


def load(
    path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, object] | None = None
) -> Loaded:
    """Read the configuration; `overrides` are dotted keys from the command line.

    Raises ConfigError with a line for every problem found.
    """
    file = path if path is not None else (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)
    layer = _read(file) if file is not None else Layer()
    for place, text, origin in environment.given(environ):
        _put(layer, place, environment.value(place, text), origin)
    for key, value in (overrides or {}).items():
        _put(layer, tuple(key.split(".")), value, Origin("command line"))
    folder = Path(os.path.abspath(file)).parent if file is not None else Path.cwd()  # noqa: PTH100  keeps symlinks
    _read_secrets(layer, layer.value, (), folder)
    _drop_empty(layer.value, ())
    config = _validate(layer)
    return Loaded(_anchored(config, folder), frozenset(_leaves(layer.value, ())), file)


def with_settings(config: Config, locked: frozenset[str], settings: Mapping[str, object]) -> Config:
    """`config` with settings made on the web (dotted keys) where file, environment and flags say nothing.

    Folders in `settings` are absolute. Raises ConfigError.
    """
    layer = Layer(value=config.model_dump(by_alias=True))
    for key, value in settings.items():
        if any(key == one or one.startswith(f"{key}.") or key.startswith(f"{one}.") for one in locked):
            continue
        _put(layer, tuple(key.split(".")), value, Origin("settings"))
    return _anchored(_validate(layer), config.state_dir)


def _read(file: Path) -> Layer:
    try:
        return read_yaml(str(file), file.read_bytes())
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        return Layer(problems=[Problem(Origin(str(file)), (), f"cannot be read: {reason}")])


def _put(layer: Layer, place: Place, value: object, origin: Origin) -> None:
    here: Any = layer.value
    for depth, step in enumerate(place):
        last = depth == len(place) - 1
        if isinstance(here, list | tuple):
            if not isinstance(step, int) or step > len(here) or isinstance(here, tuple):
                layer.problems.append(Problem(origin, place, f"the list has no place {step!r}"))
                return
            if step == len(here):
                here.append(None)
        elif isinstance(here, dict):
            step = str(step)
            here.setdefault(step, None)
        if last:
            here[step] = value
        elif not isinstance(here[step], dict | list | tuple):
            here[step] = [] if schema.is_list(schema.kind(place[: depth + 1])) else {}
        here = here[step]
        layer.origins.setdefault(place[: depth + 1], origin)
    for known in [known for known in layer.origins if known[: len(place)] == place]:
        layer.origins[known] = origin


def _read_secrets(layer: Layer, here: Any, place: Place, folder: Path) -> None:
    for step, value in list(here.items() if isinstance(here, dict) else enumerate(here)):
        below = (*place, step)
        if isinstance(value, dict | list):
            _read_secrets(layer, value, below, folder)
        elif isinstance(value, str) and value.startswith("file:"):
            try:
                here[step] = environment.value(below, _secret(folder / value.removeprefix("file:")))
            except (OSError, ValueError) as error:
                reason = (error.strerror if isinstance(error, OSError) else str(error)) or "unreadable"
                layer.problems.append(Problem(_origin(layer, below), below, f"{value}: {reason.lower()}"))
                here[step] = None


def _secret(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(LARGEST_SECRET + 1)
    if len(content) > LARGEST_SECRET:
        raise ValueError("the file is larger than 64 KiB")
    try:
        text = content.decode("utf-8").strip("\r\n")
    except UnicodeDecodeError as error:
        raise ValueError("the file is not UTF-8 text") from error
    if not text.strip():
        raise ValueError("the file is empty")
    return text


def _drop_empty(here: dict[str, Any], place: Place) -> None:
    """A group, table or list with nothing in it (every line commented out) keeps its defaults."""
    for key, value in list(here.items()):
        declared = schema.kind((*place, key))
        if value is None and (
            schema.is_section(declared) or schema.is_list(declared) or schema.is_table(declared)
        ):
            del here[key]
        elif isinstance(value, dict):
            _drop_empty(value, (*place, key))


def _leaves(here: Mapping[str, Any], place: Place) -> list[str]:
    found: list[str] = []
    for key, value in here.items():
        if isinstance(value, dict):
            found += _leaves(value, (*place, key))
        elif value is not None:
            found.append(dotted((*place, key)))
    return found


def _validate(layer: Layer) -> Config:
    try:
        config = Config.model_validate(layer.value)
    except ValidationError as error:
        spoilt = {problem.place for problem in layer.problems}
        found = [_problem(layer, detail) for detail in error.errors(include_url=False)]
        raise ConfigError([*layer.problems, *(one for one in found if one.place not in spoilt)]) from None
    if layer.problems:
        raise ConfigError(layer.problems)
    return config


def _problem(layer: Layer, detail: ErrorDetails) -> Problem:
    place = tuple(step for step in detail["loc"] if step != "[key]")
    message = words(detail)
    if detail["type"] == "extra_forbidden":
        message = _unknown(place, _origin(layer, place))
    elif detail["type"] == "value_error" and (named := re.match(r"([a-z_]+): (.*)", message)):
        place, message = (*place, named[1]), named[2]
    return Problem(_origin(layer, place), place, message)


def _unknown(place: Place, origin: Origin) -> str:
    likely = schema.meant(place)
    if likely is None:
        return "unknown key"
    name = environment.variable(likely) if origin.source.startswith(environment.PREFIX) else likely
    return f"unknown key; did you mean {name}?"


def _origin(layer: Layer, place: Place) -> Origin:
    """Where `place` was given, or the nearest thing above it that was."""
    while place and place not in layer.origins:
        place = place[:-1]
    return layer.origins.get(place, Origin("defaults"))


def _anchored(section: SectionT, folder: Path) -> SectionT:
    changed: dict[str, object] = {}
    for name, field in type(section).model_fields.items():
        old = getattr(section, name)
        new = _anchor(old, folder, field.metadata)
        if new is not old:
            changed[name] = new
    return section.model_copy(update=changed) if changed else section


def _anchor(value: Any, folder: Path, marks: Sequence[Any]) -> Any:
    if isinstance(value, Path):
        return _absolute(value, folder)
    if isinstance(value, Section):
        return _anchored(value, folder)
    if isinstance(value, tuple) and any(isinstance(one, Path) for one in value):
        return tuple(_absolute(one, folder) for one in value)
    if isinstance(value, str) and "/" in value and any(isinstance(mark, Program) for mark in marks):
        return str(_absolute(Path(value), folder))
    if value and any(isinstance(mark, NameOrFile) for mark in marks):
        return tuple(str(_absolute(Path(one), folder)) if is_file(one) else one for one in value)
    return value


def _absolute(path: Path, folder: Path) -> Path:
    return Path(os.path.normpath(folder / os.path.expanduser(path)))  # noqa: PTH111  never raises
