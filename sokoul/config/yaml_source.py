"""YAML into plain values that know the line they stand on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from sokoul.config.problem import Origin, Place, Problem

LARGEST = 1 << 20
MOST_NODES = 20_000
DEEPEST = 32


@dataclass(slots=True)
class Layer:
    """The values of one source, where each was given, and what was wrong with the source."""

    value: dict[str, Any] = field(default_factory=dict)
    origins: dict[Place, Origin] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # a base chosen at run time
    """YAML 1.2 scalars only: `no`, `off`, `12:30` and dates stay the texts that people mean."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  PyYAML's own name


for _tag, _pattern, _first in (
    ("null", r"(~|null|Null|NULL|)", ["~", "n", "N", ""]),
    ("bool", r"(true|True|TRUE|false|False|FALSE)", list("tTfF")),
    ("int", r"([-+]?[0-9]{1,20}|0x[0-9a-fA-F]{1,16})", list("-+0123456789")),
    ("float", r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]{1,4})?", list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^{_pattern}$"), _first)


def parse_value(text: str) -> Any:
    """One value as YAML reads it; what is not YAML is the text itself."""
    reader = _Reader("")
    try:
        node = yaml.compose(text, Loader=_Loader)
        value = None if node is None else reader.read(node, ())
    except (yaml.YAMLError, _TooMuch):
        return text
    return text if reader.layer.problems else value


def read_yaml(name: str, content: bytes) -> Layer:
    """A whole file; `name` is what messages call it."""
    reader = _Reader(name)
    try:
        reader.read_file(content)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reader.complain(Origin(name, line), (), "the file is not UTF-8 text")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reader.complain(Origin(name, mark.line + 1 if mark else 0), (), f"not YAML: {error.problem}")
    except yaml.YAMLError:
        reader.complain(Origin(name), (), "not YAML: it holds control characters")
    except _TooMuch as error:
        reader.complain(Origin(name), (), str(error))
    return reader.layer


class _TooMuch(Exception):
    """The file is too big, too deep or multiplies itself by aliases."""


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes = 0
        self.layer = Layer()

    def complain(self, origin: Origin, place: Place, message: str) -> None:
        self.layer.problems.append(Problem(origin, place, message))

    def read_file(self, content: bytes) -> None:
        if len(content) > LARGEST:
            raise _TooMuch(f"the file is larger than {LARGEST} bytes")
        root = yaml.compose(content.decode("utf-8-sig"), Loader=_Loader)
        if root is None:
            return
        value = self.read(root, ())
        if isinstance(value, dict):
            self.layer.value = value
        elif value is not None:
            self.complain(self._origin(root), (), "the file should hold keys with values")

    def read(self, node: yaml.Node, place: Place) -> Any:
        self._nodes += 1
        if self._nodes > MOST_NODES or len(place) > DEEPEST:
            raise _TooMuch("the file holds too much: too many values, or too deep")
        self.layer.origins[place] = self._origin(node)
        if not node.tag.startswith("tag:yaml.org,2002:") or "python" in node.tag:
            self.complain(self._origin(node), place, f"the tag {node.tag!r} is not allowed here")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(child, (*place, index)) for index, child in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        value: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, child in node.value:
            origin = self._origin(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self.complain(origin, place, "a key should be a plain word")
                continue
            key = key_node.value
            if key in value:
                self.complain(origin, (*place, key), f"given twice, first in line {lines[key]}")
                continue
            value[key], lines[key] = self.read(child, (*place, key)), origin.line
            self.layer.origins[(*place, key)] = origin
        return value

    def _scalar(self, node: yaml.Node, place: Place) -> Any:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        text: str = node.value
        if kind == "str":
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind in ("int", "float"):
            return self._number(kind, text, node, place)
        self.complain(self._origin(node), place, f"the tag {node.tag!r} is not allowed here")
        return None

    def _number(self, kind: str, text: str, node: yaml.Node, place: Place) -> int | float | None:
        try:
            return float(text) if kind == "float" else int(text, 16 if text.startswith("0x") else 10)
        except ValueError:
            self.complain(self._origin(node), place, "should be a number")
            return None

    def _origin(self, node: yaml.Node) -> Origin:
        return Origin(self._name, node.start_mark.line + 1)
