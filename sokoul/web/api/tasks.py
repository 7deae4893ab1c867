"""Work that goes on in the background: one's own, everybody's for moderators."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel

from sokoul.domain.errors import Invalid
from sokoul.web.auth import user
from sokoul.web.body import Body, parse, path_id
from sokoul.web.keys import LIBRARY, TASK_LIST
from sokoul.web.lists import accepted, json_answer, listing, page


class TaskPayload(Body):
    """What the work is about, where it is about one title."""

    media_id: uuid.UUID | None = None


class TaskBody(Body):
    """Work to be begun: a scan of all folders, or one title's metadata anew."""

    type: Literal["library.scan", "library.enrich"]
    payload: TaskPayload = TaskPayload()


class TaskAnswer(BaseModel):
    """One piece of work; `progress` in percent."""

    id: uuid.UUID
    type: str
    status: Literal["pending", "running", "completed", "failed", "cancelled"]
    user_id: uuid.UUID | None
    payload: dict[str, Any]
    result: Any
    progress: float
    retry_count: int
    error: str | None
    trail_id: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def _whose(request: web.Request) -> uuid.UUID | None:
    who = user(request)
    return None if who.moderates else who.id


async def tasks(request: web.Request) -> web.Response:
    """The newest first."""
    where = page(request)
    found = request.app[TASK_LIST]
    items, total = await found.page(user_id=_whose(request), limit=where.limit, offset=where.offset)
    return listing(items, total, where)


async def one_task(request: web.Request) -> web.Response:
    """One piece of work."""
    return json_answer(await request.app[TASK_LIST].one(path_id(request), user_id=_whose(request)))


async def start_task(request: web.Request) -> web.Response:
    """Begin a piece of work; one that waits already is that one."""
    given, who, library = await parse(request, TaskBody), user(request), request.app[LIBRARY]
    if given.type == "library.scan":
        return accepted({"task_id": await library.ask_scan(who.id)})
    if given.payload.media_id is None:
        raise Invalid("payload.media_id", "says which title")
    return accepted({"task_id": await library.ask_enrich(given.payload.media_id, who.id)})
