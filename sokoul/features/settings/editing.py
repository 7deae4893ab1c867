"""From what is stored and what is wished for to what is to be stored; decides all, writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from sokoul.config import schema
from sokoul.config.load import ConfigError, with_settings
from sokoul.config.model import Config
from sokoul.config.problem import dotted
from sokoul.config.stored import fixed, locked_by, settle
from sokoul.domain.errors import SokoulError, WrongState
from sokoul.features.settings.moving import moved_secrets, texts
from sokoul.features.settings.shapes import MASK, hidden, leaves
from sokoul.features.settings.unmasking import Starred, named, unmasked
from sokoul.features.settings.wishes import Unknown, Wish, read

_MOST: Final = 500
_AGAIN: Final = "type it again: the one that is kept belongs to another address"


class Rejected(SokoulError):
    """Fields that are wrong: pairs of field and message."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Given:
    """What file, environment and flags say, and the keys they fix."""

    config: Config
    locked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Edit:
    """The new configuration; `put` and `drop` are stored keys, `old` and `new` masked values by key."""

    config: Config
    put: Mapping[str, Any]
    drop: tuple[str, ...]
    old: Mapping[str, Any]
    new: Mapping[str, Any]


def edit(given: Given, stored: Mapping[str, Any], body: Mapping[str, Any]) -> Edit:
    """The whole body or nothing; raises Rejected, and WrongState for a key that is decided elsewhere."""
    settled = settle(given.config, given.locked, stored)
    before, usual = settled.config, leaves(given.config)
    now = leaves(before)
    wished = _wished(before, list(read(body))[:_MOST], usual)
    values = {key: value for key, value in wished.items() if value != now[key] or key in stored}
    for key in (key for key in values if values[key] != now[key]):
        _refuse_locked(key, given.locked)
    _refuse_relative(values)
    drop = tuple(key for key, value in values.items() if value == usual[key])
    # What was left aside before is no fault of this change.
    kept = {key: value for key, value in stored.items() if key not in settled.aside} | values
    after = _valid(given, {key: value for key, value in kept.items() if key not in drop})
    if moved := moved_secrets(before, after, typed=set(texts(body))):
        raise Rejected([(field, _AGAIN) for field in moved])
    then, shown, seen = leaves(after), _shown(before), _shown(after)
    changed = [key for key, value in then.items() if value != now[key]]
    return Edit(
        after,
        put={key: then[key] for key in values if key not in drop},
        drop=drop,
        old={key: shown[key] for key in changed},
        new={key: seen[key] for key in changed},
    )


def _wished(before: Config, wishes: list[Wish | Unknown], usual: Mapping[str, Any]) -> dict[str, Any]:
    """The new whole value of each key that is named; raises Rejected."""
    now, shown = leaves(before), _shown(before)
    values: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for wish in wishes:
        if isinstance(wish, Unknown):
            problems.append((wish.field, wish.message))
            continue
        key = dotted(wish.key)
        try:
            values[key] = _value(wish, values.get(key, now[key]), shown[key], usual[key])
        except Starred:
            problems.append((wish.field, "holds stars, but nothing is kept here: give the whole value"))
        except _Misplaced as error:
            problems.append((wish.field, str(error)))
    if problems:
        raise Rejected(problems)
    return values


class _Misplaced(Exception):
    """There is no such entry."""


def _value(wish: Wish, now: Any, shown: Any, usual: Any) -> Any:
    if not wish.below:
        if wish.value is None or wish.value == "":
            return None if schema.nullable(wish.key) else usual if wish.value is None else wish.value
        return unmasked(wish.value, now, shown)
    if schema.is_list(schema.kind(wish.key)):
        return _with_entry(wish, list(now), list(shown))
    return _with_row(wish, dict(now), dict(shown))


def _with_entry(wish: Wish, now: list[Any], shown: list[Any]) -> list[Any]:
    """The list with one entry added, changed or (None) removed."""
    name, *deeper = wish.below
    place = named(now, name)
    if wish.value is None and not deeper:
        if place is None or place >= len(now):
            raise _Misplaced(f"there is no entry {name!r}")
        return now[:place] + now[place + 1 :]
    if place is None or place == len(now):
        if deeper or not isinstance(wish.value, Mapping):
            raise _Misplaced(f"there is no entry {name!r}")
        fresh = dict(wish.value) if name.isdecimal() else {"name": name, **wish.value}
        return [*now, unmasked(fresh, None, None)]
    seen = shown[place] if place < len(shown) else None
    now[place] = _merged(now[place], seen, deeper, wish.value)
    return now


def _with_row(wish: Wish, now: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    """The table with one row added, changed or (None) removed."""
    name, *deeper = wish.below
    if wish.value is None and not deeper:
        if name not in now:
            raise _Misplaced(f"there is no {name!r}")
        del now[name]
        return now
    now[name] = _merged(now.get(name), shown.get(name), deeper, wish.value)
    return now


def _merged(kept: Any, shown: Any, deeper: list[str], value: Any) -> Any:
    """An entry with one field changed, or with those that an object gives; nothing else takes fields."""
    if deeper:
        if len(deeper) > 1 or not isinstance(kept, Mapping):
            raise _Misplaced("nothing lies so deep")
        value = {deeper[0]: value}
    if not isinstance(kept, Mapping) or not isinstance(value, Mapping):
        return unmasked(value, kept, shown)
    fresh = unmasked(dict(value), kept, shown)
    return {**kept, **{key: None if one == "" else one for key, one in fresh.items()}}


def _valid(given: Given, stored: Mapping[str, Any]) -> Config:
    try:
        return with_settings(given.config, given.locked, stored)
    except ConfigError as error:
        raise Rejected([(dotted(one.place), one.message) for one in error.problems]) from None


def _refuse_relative(changed: Mapping[str, Any]) -> None:
    for key, value in changed.items():
        folder = schema.kind(tuple(key.split(".")))
        is_path = isinstance(folder, type) and issubclass(folder, PurePath)
        if is_path and isinstance(value, str) and not value.startswith(("/", "~")):
            raise Rejected([(key, "give the whole address of the folder, beginning with /")])


def _refuse_locked(key: str, locked: frozenset[str]) -> None:
    if (why := fixed(key)) is not None:
        raise WrongState(f"{key} can only be set in the configuration file: {why}")
    if (by := locked_by(key, locked)) is not None:
        name = key if by == key or by.startswith(f"{key}.") else by
        raise WrongState(
            f"{name} is set in the configuration file or by an environment variable, which come first; "
            "change it there, or remove it there to set it here"
        )


def _shown(config: Config) -> dict[str, Any]:
    return {key: hidden(value) for key, value in leaves(config, secret=lambda _: MASK).items()}
