"""What a try of an integration gets, and what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr, ValidationError

from sokoul.config import providers as settings
from sokoul.config.types import Section
from sokoul.domain.errors import Invalid
from sokoul.outbound import OutboundGuard

PATIENCE: Final = 20.0  # seconds
_LONGEST: Final = 2000

SectionT = TypeVar("SectionT", bound=Section)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it works, in plain words, and what to do where it does not."""

    ok: bool
    message: str
    cure: str | None = None


Values = Mapping[str, Any]
Test = Callable[[Values], Awaitable[Verdict]]
Trial = Callable[[settings.Providers, Values], Awaitable[Verdict]]


def completed(configured: SectionT, values: Values) -> SectionT:
    """The configured section with what the page says; blank and masked texts mean "as configured".

    Raises Invalid; also where a key that is kept would go to another address than the one it is kept for.
    """
    told: dict[str, Any] = configured.model_dump()
    given = {name: text for name in told if (text := given_text(values, name))}
    kept = [name for name, value in told.items() if isinstance(value, SecretStr) and name not in given]
    for name in ("url", "base_url"):
        if kept and name in given and not same_origin(given[name], told[name]):
            raise Invalid(kept[0], "type the key again: the one that is kept belongs to another address")
    secrets = {name for name, value in told.items() if isinstance(value, SecretStr) or name == "api_key"}
    told |= {name: SecretStr(text) if name in secrets else text for name, text in given.items()}
    return validated(type(configured), told)


def validated(section: type[SectionT], told: Mapping[str, Any]) -> SectionT:
    """The section; raises Invalid with the field that is wrong."""
    try:
        return section.model_validate(told)
    except ValidationError as err:
        first = err.errors(include_url=False, include_input=False)[0]
        raise Invalid(".".join(map(str, first["loc"])) or "body", first["msg"]) from None


def given_text(values: Values, name: str) -> str:
    """What the page says; nothing for a masked text, which only says that something is kept."""
    value = values.get(name)
    text = value.strip()[:_LONGEST] if isinstance(value, str) else ""
    return text if text.strip("*") else ""


def same_origin(one: str, other: str | None) -> bool:
    """Whether both addresses are of the same server."""
    a, b = urlsplit(one), urlsplit(other or "")
    return (a.scheme, a.netloc.lower()) == (b.scheme, b.netloc.lower())


def way_out(url: str) -> aiohttp.ClientSession:
    """A session that may reach this one address, wherever it is, and nothing else inside."""
    guard = OutboundGuard()
    try:
        guard.allow_url(url)
    except ValueError:
        raise Invalid("url", "should be an address such as http://host:port") from None
    return guard.session(timeout=PATIENCE)
