"""One's own keys of debrid services: written, never read back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from aiohttp import web
from pydantic import BaseModel, Field

from sokoul.domain.debrid import Service
from sokoul.domain.errors import NotFound
from sokoul.features.accounts.ports import Change
from sokoul.features.debrid.keys import LONGEST_KEY
from sokoul.features.debrid.model import DebridTrouble, KeyState
from sokoul.features.settings.shapes import MASK
from sokoul.web import keys
from sokoul.web.auth import caller, user
from sokoul.web.body import Body, parse
from sokoul.web.lists import json_answer, nothing

Key = Annotated[str, Field(min_length=1, max_length=LONGEST_KEY, json_schema_extra={"format": "password"})]
_KNOWN: Final = ", ".join(Service)


class KeyBody(Body):
    """The key as the service's own page shows it."""

    api_key: Key


class TryBody(Body):
    """A key to be tried before it is kept; without one that in use is tried."""

    api_key: Key | None = None


class KeyAnswer(BaseModel):
    """Whether there is a key, and whose: `own`, `household` or nobody's; the key itself is masked."""

    service: str
    name: str
    owner: str | None
    api_key: str | None
    set_at: datetime | None


class TryAnswer(BaseModel):
    """Whether it works; `cure` says what to do where it does not."""

    ok: bool
    message: str
    cure: str | None = None


class KeysAnswer(BaseModel):
    """Every service."""

    items: list[KeyAnswer]


async def listed(request: web.Request) -> web.Response:
    """Whose key is used at which service."""
    states = await request.app[keys.DEBRID].keys.states(user(request).id)
    return json_answer({"items": [_shown(state) for state in states]})


async def put(request: web.Request) -> web.Response:
    """Keep one's own key, sealed."""
    service, body = _service(request), await parse(request, KeyBody)
    who = user(request)
    await request.app[keys.DEBRID].keys.put(who.id, service, body.api_key)
    await _note(request, "debrid_key.set", service)
    states = await request.app[keys.DEBRID].keys.states(who.id)
    return json_answer(next(_shown(state) for state in states if state.service is service))


async def drop(request: web.Request) -> web.Response:
    """Forget it."""
    service = _service(request)
    await request.app[keys.DEBRID].keys.drop(user(request).id, service)
    await _note(request, "debrid_key.drop", service)
    return nothing()


async def test(request: web.Request) -> web.Response:
    """Ask the service whose key it is, and say in plain words what is wrong."""
    service = _service(request)
    body = await parse(request, TryBody) if request.can_read_body else TryBody()
    try:
        account = await request.app[keys.DEBRID].keys.test(user(request).id, service, body.api_key)
    except DebridTrouble as trouble:
        return json_answer(TryAnswer(ok=False, message=f"{trouble}.", cure=trouble.cure))
    told = account.told(service)
    return json_answer(TryAnswer(ok=account.premium, message=told, cure=account.cure(service)))


async def _note(request: web.Request, action: str, service: Service) -> None:
    change = Change(action, "debrid_key", service.value)
    await request.app[keys.ACCOUNTS].audit(change, caller(request))


def _service(request: web.Request) -> Service:
    try:
        return Service(request.match_info["service"])
    except ValueError as err:
        raise NotFound(f"There is no such service; there are: {_KNOWN}") from err


def _shown(state: KeyState) -> KeyAnswer:
    return KeyAnswer(
        service=state.service.value,
        name=state.service.called,
        owner=state.owner,
        api_key=MASK if state.owner else None,
        set_at=state.set_at,
    )
