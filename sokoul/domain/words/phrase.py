"""A sentence that is not worded yet: which one, and what belongs into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

LANGUAGES = ("en", "fr")

Value = Union[str, int, float, tuple[str, ...], "Phrase"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """`kind` is `<code>.<which>`; values are numbers, texts, lists of texts, or phrases inside this one."""

    kind: str
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def code(self) -> str:
        """What it is about: stable, and shared by all sentences about it."""
        return self.kind.partition(".")[0]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` reads them back."""
        return {"kind": self.kind, "values": {name: _plain(value) for name, value in self.values}}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Phrase:
        """A phrase from what `as_json` gave, also through JSON."""
        return cls(told["kind"], tuple((name, _value(value)) for name, value in told["values"].items()))


def phrase(kind: str, /, **values: Value) -> Phrase:
    """The sentence `kind` with these values."""
    return Phrase(kind, tuple(values.items()))


def _plain(value: Value) -> Any:
    if isinstance(value, Phrase):
        return value.as_json()
    return list(value) if isinstance(value, tuple) else value


def _value(told: Any) -> Value:
    if isinstance(told, Mapping):
        return Phrase.from_json(told)
    if isinstance(told, list):
        return tuple(str(each) for each in told)
    return told if isinstance(told, str | int | float) else str(told)
