"""Settings as plain JSON: whole for the database, masked for everybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, SecretStr

from sokoul.config import schema
from sokoul.config.model import Config
from sokoul.config.problem import Place, dotted

MASK: Final = "********"
# What an address may carry that opens a door: a user or key before the host, a key among the parameters.
_PASSWORD: Final = re.compile(
    r"://[^/@\s]+@|^\w+://\S*[?&](?:api_?key|key|token|passkey|auth|secret|password|pass)=", re.IGNORECASE
)


def masked(config: Config) -> dict[str, Any]:
    """The configuration as JSON without anything secret."""
    shown = hidden(plain(config, secret=lambda _: MASK))
    assert isinstance(shown, dict)
    return shown


def plain(value: Any, *, secret: Any = SecretStr.get_secret_value) -> Any:
    """A value of the configuration as JSON has it; `secret` says what stands for a secret."""
    if isinstance(value, BaseModel):
        names = {name: field.alias or name for name, field in type(value).model_fields.items()}
        return {alias: plain(getattr(value, name), secret=secret) for name, alias in names.items()}
    if isinstance(value, Mapping):
        return {str(key): plain(one, secret=secret) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one, secret=secret) for one in value]
    if isinstance(value, SecretStr):
        return secret(value)
    return str(value) if isinstance(value, Path) else value


def leaves(config: Config, *, secret: Any = SecretStr.get_secret_value) -> dict[str, Any]:
    """The value of every declared key, as `plain`; lists and tables are whole."""
    told = plain(config, secret=secret)
    return {dotted(place): _at(told, place) for place in schema.declared_keys()}


def hidden(value: Any) -> Any:
    """JSON without what addresses may carry: user, password, parameters."""
    if isinstance(value, Mapping):
        return {key: hidden(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [hidden(inner) for inner in value]
    return _bare_address(value) if isinstance(value, str) else value


def secret_places(value: Any, place: Place) -> Iterator[Place]:
    """Where in a plain value of the key at `place` secrets lie, lists and tables included."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from secret_places(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from secret_places(inner, (*place, number))
    elif isinstance(value, str) and (schema.kind(place) is SecretStr or _PASSWORD.search(value)):
        yield place


def _at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


def _bare_address(text: str) -> str:
    """An address without the user, password and parameters that may hold a key."""
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        return MASK
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{MASK}@{host}" if "@" in parts.netloc else host
    return urlunsplit((parts.scheme, netloc, parts.path, MASK if parts.query else "", ""))
