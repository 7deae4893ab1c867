"""The settings in force, without their secrets; changing them; a try of each integration."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from pydantic import BaseModel, JsonValue, RootModel

from sokoul.domain.errors import NotFound
from sokoul.features.settings.editing import Rejected
from sokoul.features.settings.ports import By
from sokoul.web.auth import caller
from sokoul.web.body import parse
from sokoul.web.errors import NotValid
from sokoul.web.keys import PROVIDERS, SETTINGS, TESTER
from sokoul.web.lists import json_answer


class TestBody(RootModel[dict[str, JsonValue]]):
    """The values on the page, e.g. `url` and `api_key`; what is absent is taken from the configuration."""


class TestAnswer(BaseModel):
    """Whether it works; `cure` says what to do where it does not."""

    ok: bool
    message: str
    cure: str | None = None


class ChangeBody(RootModel[dict[str, JsonValue]]):
    """Dotted keys or nested objects; a list whole, or one entry by its name; null takes a value back."""


class AsideAnswer(BaseModel):
    """A stored setting that does not fit any more."""

    key: str
    reason: str


class SettingsAnswer(BaseModel):
    """Every key with its value, secrets masked.

    `locked` are the keys that file, environment or flags decide, `editable` those that can be changed here,
    `made` those that were, `aside` those that are stored and do not fit any more, `restart_required` those
    that were changed and wait for a restart; `forms` says how each is written.
    """

    settings: dict[str, Any]
    locked: list[str]
    editable: list[str]
    made: list[str]
    aside: list[AsideAnswer]
    restart_required: list[str]
    forms: dict[str, str]
    choices: dict[str, list[str]]


class ChangedAnswer(BaseModel):
    """The keys that differ now; those that wait for a restart; those without effect in this version."""

    changed: list[str]
    restart_required: list[str]
    without_effect: list[str]


async def settings(request: web.Request) -> web.Response:
    """Every setting; a secret shows only whether it is set."""
    seen = request.app[SETTINGS].overview()
    aside = [{"key": key, "reason": reason} for key, reason in sorted(seen.aside.items())]
    return json_answer(
        {
            "settings": seen.settings,
            "locked": list(seen.locked),
            "editable": list(seen.editable),
            "made": list(seen.made),
            "aside": aside,
            "restart_required": list(seen.restart_required),
            "forms": seen.forms,
            "choices": seen.choices,
        }
    )


async def change(request: web.Request) -> web.Response:
    """Change settings, all or none; a secret sent back as stars stays what it is."""
    given = await parse(request, ChangeBody)
    who = caller(request)
    try:
        done = await request.app[SETTINGS].change(given.root, By(who.user_id, who.ip, who.request_id))
    except Rejected as refusal:
        raise NotValid(refusal.problems[:50]) from None
    return json_answer(
        {
            "changed": list(done.changed),
            "restart_required": list(done.restart_required),
            "without_effect": list(done.without_effect),
        }
    )


async def test(request: web.Request) -> web.Response:
    """Try an integration and say in plain words what is wrong."""
    given = await parse(request, TestBody) if request.can_read_body else TestBody({})
    tester = request.app.get(TESTER)
    if tester is None:
        raise NotFound("Nothing can be tried here")
    integration = request.match_info["integration"]
    verdict = await tester.test(integration, given.root)
    if verdict.ok and (providers := request.app.get(PROVIDERS)) is not None:
        await providers.works(integration, str(given.root.get("name", "")))
    return json_answer({"ok": verdict.ok, "message": verdict.message, "cure": verdict.cure})
