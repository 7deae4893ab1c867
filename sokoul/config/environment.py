"""Configuration keys given as environment variables: SOKOUL_HTTP__PORT=3300."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sokoul.config import schema
from sokoul.config.model import Config
from sokoul.config.problem import Origin, Place, nearest
from sokoul.config.yaml_source import parse_value

PREFIX = "SOKOUL_"
NOT_CONFIGURATION = frozenset({"SOKOUL_SHARED", "SOKOUL_REQUIRE_SHARED", "SOKOUL_SETUP"})


def given(environ: Mapping[str, str]) -> Iterator[tuple[Place, str, Origin]]:
    """The place, text and origin of each key in the environment; empty variables count as not set.

    A name that is no key stays in, for the check that refuses it; one without `__` that resembles no key
    is left alone, because container platforms set such names for their own use.
    """
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in NOT_CONFIGURATION or not environ[name].strip():
            continue
        words = name.removeprefix(PREFIX).lower().split("__")
        top = schema.fields(Config)
        if len(words) > 1 or words[0] in top or _resembles(words[0], top):
            place = tuple(int(word) if word.isdecimal() and len(word) < 4 else word for word in words)
            yield place, environ[name], Origin(name)


def variable(key: str) -> str:
    """The variable that gives a dotted key."""
    return PREFIX + key.replace(".", "__").upper()


def value(place: Place, text: str) -> Any:
    """A text as the value that the key at `place` wants: `123` is a number for a port, a text for a token."""
    parsed, declared = parse_value(text), schema.kind(place)
    if declared is None or isinstance(parsed, str) or _fits(declared, parsed) or not _fits(declared, text):
        return parsed
    return text


def _fits(declared: Any, candidate: Any) -> bool:
    if candidate is None:
        return True
    try:
        TypeAdapter(declared).validate_python(candidate)
    except ValidationError:
        return False
    return True


def _resembles(word: str, known: Mapping[str, object]) -> bool:
    found = nearest(word, known)
    return found is not None and abs(len(found) - len(word)) <= 1
