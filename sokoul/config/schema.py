"""Questions about the keys that the model declares."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from sokoul.config.model import Config
from sokoul.config.problem import Place, dotted, nearest
from sokoul.config.types import Section


def fields(section: type[Section]) -> dict[str, FieldInfo]:
    """The fields of a section by the name written in a file."""
    return {field.alias or name: field for name, field in section.model_fields.items()}


def kind(place: Place, root: type[Section] = Config) -> Any:
    """The declared type at `place` without None and annotations; None where no key is declared."""
    here: Any = root
    for step in place:
        here = _step(here, step)
        if here is None:
            return None
    return here


def form(declared: Any) -> str:
    """How a page asks for a value: switch, number, secret, choice, list, numbers, entries, table, text."""
    if get_origin(declared) is Literal:
        return "choice"
    if is_list(declared):
        item = _bare(get_args(declared)[0])
        return "entries" if is_section(item) else "numbers" if item is int else "list"
    if is_table(declared):
        return "table"
    plain = {bool: "switch", int: "number", float: "number", SecretStr: "secret"}
    return plain.get(declared, "text")


def choices(declared: Any) -> list[str]:
    """The words that a key takes, where they are counted."""
    return [str(word) for word in get_args(declared)] if get_origin(declared) is Literal else []


def nullable(place: Place) -> bool:
    """Whether the key at `place` may hold nothing."""
    section, name = kind(place[:-1]) if len(place) > 1 else Config, str(place[-1])
    field = fields(section).get(name) if is_section(section) else None
    return field is not None and type(None) in get_args(field.annotation)


def is_section(declared: Any) -> bool:
    """Whether a declared type is a group of keys."""
    return isinstance(declared, type) and issubclass(declared, Section)


def is_list(declared: Any) -> bool:
    """Whether a declared type is written as a list."""
    return get_origin(declared) is tuple


def is_table(declared: Any) -> bool:
    """Whether a declared type is written as a mapping with free names."""
    return get_origin(declared) in (dict, Mapping)


def declared_keys(section: type[Section] = Config, above: Place = ()) -> Iterator[Place]:
    """Every declared key that is not itself a group of keys."""
    for name, field in fields(section).items():
        declared = _bare(field.annotation)
        if is_section(declared):
            yield from declared_keys(declared, (*above, name))
        else:
            yield (*above, name)


def meant(place: Place, root: type[Section] = Config) -> str | None:
    """The dotted key that an unknown `place` likely stands for."""
    section, wrong = kind(place[:-1], root), str(place[-1])
    if is_section(section) and (name := nearest(wrong, fields(section))):
        return dotted((*place[:-1], name))
    elsewhere = sorted((key for key in declared_keys(root) if key[-1] == wrong), key=len)
    return dotted(elsewhere[0]) if elsewhere else None


def _step(declared: Any, step: str | int) -> Any:
    if is_section(declared):
        field = fields(declared).get(str(step))
        return _bare(field.annotation) if field else None
    if is_list(declared) and isinstance(step, int):
        return _bare(get_args(declared)[0])
    if is_table(declared):
        return _bare(get_args(declared)[1])
    return None


def _bare(declared: Any) -> Any:
    while True:
        if get_origin(declared) is Annotated:
            declared = get_args(declared)[0]
        elif get_origin(declared) in (Union, types.UnionType):
            declared = next(one for one in get_args(declared) if one is not type(None))
        else:
            return declared
