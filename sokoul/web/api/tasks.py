"""Work that goes on in the background: one's own, everybody's for moderators."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel

from sokoul.web.auth import user
from sokoul.web.body import path_id
from sokoul.web.keys import TASK_LIST
from sokoul.web.lists import json_answer, listing, page


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
