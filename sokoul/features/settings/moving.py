"""A secret is kept for the server it was entered for: another address has to be given it anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

_ADDRESSES: Final = ("url", "base_url", "endpoint")


def texts(body: Any) -> Iterator[str]:
    """Every text in a body: what somebody typed."""
    if isinstance(body, Mapping):
        for inner in body.values():
            yield from texts(inner)
    elif isinstance(body, list):
        for inner in body:
            yield from texts(inner)
    elif isinstance(body, str):
        yield body


def moved_secrets(before: BaseModel, after: BaseModel, *, typed: Collection[str]) -> list[str]:
    """The dotted keys of kept secrets that would go to another server than before."""
    return list(_moved(before, after, "", typed))


def _moved(before: BaseModel, after: BaseModel, above: str, typed: Collection[str]) -> Iterator[str]:
    elsewhere = _server(before) != _server(after)
    for name in type(after).model_fields:
        old, new = getattr(before, name), getattr(after, name)
        if isinstance(new, BaseModel) and isinstance(old, BaseModel):
            yield from _moved(old, new, f"{above}{name}.", typed)
        elif isinstance(new, tuple) and new != old:
            yield from _moved_in_list(old, new, f"{above}{name}.", typed)
        elif elsewhere and isinstance(new, SecretStr) and new == old and _kept(new, typed):
            yield f"{above}{name}"


def _moved_in_list(
    before: tuple[Any, ...], after: tuple[Any, ...], above: str, typed: Collection[str]
) -> Iterator[str]:
    """Whatever an entry is called now and wherever it stands, its secret may be that of any before it."""
    for number, new in enumerate(after):
        for name, secret in vars(new).items() if isinstance(new, BaseModel) else ():
            if not isinstance(secret, SecretStr) or not _kept(secret, typed):
                continue
            sharing = [old for old in before if secret in vars(old).values()]
            if sharing and all(_server(old) != _server(new) for old in sharing):
                yield f"{above}{number}.{name}"


def _kept(secret: SecretStr, typed: Collection[str]) -> bool:
    return secret.get_secret_value() not in typed


def _server(section: BaseModel) -> tuple[str, str]:
    """Scheme, host and port of the server that a group of settings talks to."""
    names = (name for name in _ADDRESSES if name in type(section).model_fields)
    address = getattr(section, next(names, ""), None)
    parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
    return parts.scheme, parts.netloc.lower()
