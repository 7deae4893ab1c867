"""What a body asks for: dotted keys, nested objects, whole lists or single entries."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sokoul.config import schema
from sokoul.config.problem import Place, dotted


@dataclass(frozen=True, slots=True)
class Wish:
    """A value for a declared key, or for what lies below it in a list or table (`below` not empty)."""

    key: Place
    below: tuple[str, ...]
    value: Any

    @property
    def field(self) -> str:
        """As the body named it."""
        return dotted((*self.key, *self.below))


@dataclass(frozen=True, slots=True)
class Unknown:
    """A key that does not exist, and the sentence for it."""

    field: str
    message: str


def read(body: Mapping[str, Any]) -> Iterator[Wish | Unknown]:
    """Each wish in the body, in its order."""
    for key, value in body.items():
        yield from _walk((), tuple(str(key).split(".")), value)


def _walk(above: Place, steps: tuple[str, ...], value: Any) -> Iterator[Wish | Unknown]:
    """`above` is a section; `steps` go down from it."""
    place = (*above, steps[0])
    declared = schema.kind(place)
    if declared is None:
        yield Unknown(dotted((*above, *steps)), _did_you_mean(place, (*above, *steps)))
    elif not schema.is_section(declared):
        yield from _in_key(place, steps[1:], value, declared)
    elif len(steps) > 1:
        yield from _walk(place, steps[1:], value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(place, tuple(str(key).split(".")), inner)
    else:
        yield Unknown(dotted(place), "is a group of settings: give the ones to change, as an object")


def _in_key(place: Place, below: tuple[str, ...], value: Any, declared: Any) -> Iterator[Wish | Unknown]:
    if below and not (schema.is_list(declared) or schema.is_table(declared)):
        yield Unknown(dotted((*place, *below)), f"{dotted(place)} holds one value, nothing lies below it")
    elif not below and isinstance(value, Mapping) and schema.is_list(declared):
        # Entries of a list by their names.
        for name, entry in value.items():
            yield Wish(place, (str(name),), entry)
    else:
        yield Wish(place, below, value)


def _did_you_mean(place: Place, whole: Place) -> str:
    known = [dotted(key) for key in schema.declared_keys()]
    near = difflib.get_close_matches(dotted(whole), known, 1, 0.8)
    likely = near[0] if near else schema.meant(place)
    return "there is no such setting" + (f"; did you mean {likely}?" if likely else "")
