"""The settings in force, without their secrets, and a try of each integration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from aiohttp import web
from pydantic import BaseModel, JsonValue, RootModel

from sokoul.config.model import Config
from sokoul.domain.errors import NotFound
from sokoul.web.body import parse
from sokoul.web.keys import CONFIG, LOCKED, TESTER
from sokoul.web.lists import json_answer

MASK = "********"


class TestBody(RootModel[dict[str, JsonValue]]):
    """The values on the page, e.g. `url` and `api_key`; what is absent is taken from the configuration."""


class TestAnswer(BaseModel):
    """Whether it works; `cure` says what to do where it does not."""

    ok: bool
    message: str
    cure: str | None = None


class SettingsAnswer(BaseModel):
    """Every key with its value, secrets masked; `locked` are those that file or environment set."""

    settings: dict[str, Any]
    locked: list[str]


async def settings(request: web.Request) -> web.Response:
    """Every setting; a secret shows only whether it is set."""
    config = request.app[CONFIG]
    return json_answer({"settings": masked(config), "locked": sorted(request.app.get(LOCKED, ()))})


async def test(request: web.Request) -> web.Response:
    """Try an integration and say in plain words what is wrong."""
    given = await parse(request, TestBody) if request.can_read_body else TestBody({})
    tester = request.app.get(TESTER)
    if tester is None:
        raise NotFound("Nothing can be tried here")
    verdict = await tester.test(request.match_info["integration"], given.root)
    return json_answer({"ok": verdict.ok, "message": verdict.message, "cure": verdict.cure})


def masked(config: Config) -> dict[str, Any]:
    """The configuration as JSON without anything secret."""
    shown = _without_secrets(config.model_dump(mode="json", by_alias=True))
    assert isinstance(shown, dict)
    return shown


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_secrets(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_without_secrets(inner) for inner in value]
    if isinstance(value, str):
        return MASK if value and not value.strip("*") else _bare_address(value)
    return value


def _bare_address(text: str) -> str:
    """An address without the user, password and parameters that may hold a key."""
    if "://" not in text:
        return text
    parts = urlsplit(text)
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{MASK}@{host}" if "@" in parts.netloc else host
    return urlunsplit((parts.scheme, netloc, parts.path, MASK if parts.query else "", ""))
