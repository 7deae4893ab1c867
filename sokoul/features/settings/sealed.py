"""Stored values with their secrets sealed, and back."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from sokoul.config.stored import place_of
from sokoul.domain.errors import SokoulError
from sokoul.features.settings.ports import Vault
from sokoul.features.settings.shapes import secret_places

# A secret is stored as an object of this one key, so that no text can be taken for it.
_SEAL: Final = "$sealed"


def closed(key: str, value: Any, vault: Vault) -> Any:
    """The value as it is stored."""
    place = place_of(key)
    whole = {"": deepcopy(value)}
    for secret in list(secret_places(value, place)):
        holder, last = _holder(whole, secret[len(place) :])
        holder[last] = {_SEAL: vault.seal(holder[last], key)}
    return whole[""]


def opened(stored: Mapping[str, Any], vault: Vault) -> tuple[dict[str, Any], dict[str, str]]:
    """The values by key, and why others could not be opened."""
    values: dict[str, Any] = {}
    closed_for: dict[str, str] = {}
    for key, value in stored.items():
        try:
            values[key] = _open(value, key, vault)
        except SokoulError as error:
            closed_for[key] = str(error)
    return values, closed_for


def _open(value: Any, key: str, vault: Vault) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {_SEAL}:
            return vault.open(str(value[_SEAL]), key)
        return {name: _open(inner, key, vault) for name, inner in value.items()}
    if isinstance(value, list):
        return [_open(inner, key, vault) for inner in value]
    return value


def _holder(whole: dict[str, Any], below: tuple[str | int, ...]) -> tuple[Any, str | int]:
    here: Any = whole
    steps: tuple[str | int, ...] = ("", *below)
    for step in steps[:-1]:
        here = here[step]
    return here, steps[-1]
