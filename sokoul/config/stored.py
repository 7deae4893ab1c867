"""Settings made on the web, beneath what file, environment and flags say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sokoul.config import schema
from sokoul.config.load import ConfigError, with_settings
from sokoul.config.model import Config
from sokoul.config.problem import Place, Problem, dotted

_TOO_EARLY: Final = "it is needed before the database that holds the settings is open"
_PROGRAM: Final = "it names a program to run, which nobody may choose over the network"

# What only the file, the environment or a flag may say, and why.
FIXED: Final[Mapping[str, str]] = {
    "state_dir": _TOO_EARLY,
    "services": _TOO_EARLY,
    "roles": "each machine of the household has roles of its own",
    "playback.ffmpeg": _PROGRAM,
    "playback.ffprobe": _PROGRAM,
    "providers.pages.chromium": _PROGRAM,
}

# What is heard while the daemon runs; everything else waits for the next start.
AT_ONCE: Final = (
    "providers",
    "search",
    "quality",
    "limits",
    "cache",
    "oracle",
    "library",
    "sentinel",
    "http.outbound_allow",
    "log",
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A configuration, and the stored keys that do not fit it any more with the reason of each."""

    config: Config
    aside: Mapping[str, str]


def settle(given: Config, locked: frozenset[str], stored: Mapping[str, Any]) -> Settled:
    """`given` with what is stored, as far as it still fits: a stored value never stops the boot."""
    fits = {key: value for key, value in stored.items() if schema.kind(place_of(key)) and not fixed(key)}
    aside = {key: "this version has no such setting" for key in stored if key not in fits}
    while True:
        try:
            return Settled(with_settings(given, locked, fits), aside)
        except ConfigError as error:
            for key, reason in _blamed(fits, error.problems).items():
                aside[key] = reason
                del fits[key]


def _blamed(stored: Mapping[str, Any], problems: tuple[Problem, ...]) -> dict[str, str]:
    """The keys that a problem names; else those of its section, else all: never none."""
    for near in (_touches, _shares_section, lambda *_: True):
        pairs = ((key, problem) for problem in problems for key in stored)
        if found := {key: problem.message for key, problem in pairs if near(place_of(key), problem.place)}:
            return found
    raise AssertionError("a configuration without stored settings is valid")


def _touches(key: Place, place: Place) -> bool:
    shorter = min(len(key), len(place))
    return key[:shorter] == place[:shorter]


def _shares_section(key: Place, place: Place) -> bool:
    return key[:1] == place[:1]


def place_of(key: str) -> Place:
    """`a.b` as `("a", "b")`."""
    return tuple(key.split("."))


def editable() -> frozenset[str]:
    """The declared keys that may be set on the web."""
    return frozenset(key for place in schema.declared_keys() if not fixed(key := dotted(place)))


def fixed(key: str) -> str | None:
    """Why only file, environment or flags may set a key; None where the web may too."""
    return next((why for one, why in FIXED.items() if _within(key, one)), None)


def locked_by(key: str, locked: frozenset[str]) -> str | None:
    """The key of file, environment or flags that decides about this one, if any does."""
    return next((one for one in sorted(locked) if _within(key, one) or _within(one, key)), None)


def at_once(key: str) -> bool:
    """Whether a change of the key is heard without a restart."""
    return any(_within(key, one) for one in AT_ONCE)


def _within(key: str, above: str) -> bool:
    return key == above or key.startswith(f"{above}.")
