"""What admins do: users, the log of changes, jobs that died, the machine."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import BaseModel, Field

from sokoul import __version__
from sokoul.domain.users import UserRole
from sokoul.features.accounts.ports import Change
from sokoul.features.health import system
from sokoul.web.api.accounts import Email, Name, Password
from sokoul.web.auth import caller
from sokoul.web.body import Body, parse, path_id
from sokoul.web.keys import ACCOUNTS, CACHE, CONFIG, DEAD_LETTERS
from sokoul.web.lists import created, json_answer, listing, nothing, page

# What lies in the cache, by how its keys begin; limits and sessions are no answers and stay.
_ANSWERS: Final = {"search": ("search:",), "metadata": ("tmdb:", "tvmaze:")}


class AddUserBody(Body):
    """A new account, made by an admin."""

    username: Name
    email: Email
    password: Password
    role: UserRole = UserRole.USER


class RoleBody(Body):
    """The role to have from now on."""

    role: UserRole


class UserBody(Body):
    """What is to change; what is absent stays."""

    disabled: bool | None = None
    password: Annotated[str, Field(min_length=8, max_length=72)] | None = None


class AccountAnswer(BaseModel):
    """A user as admins see them."""

    id: uuid.UUID
    username: str
    email: str
    role: UserRole
    disabled: bool
    created_at: datetime
    last_login_at: datetime | None


class AuditAnswer(BaseModel):
    """One change."""

    id: uuid.UUID
    at: datetime
    user_id: uuid.UUID | None
    username: str | None
    action: str
    object_type: str
    object_id: str | None
    old_value: Any
    new_value: Any
    ip_address: str | None
    request_id: str | None


class DeadLetterAnswer(BaseModel):
    """A job that failed too often."""

    id: uuid.UUID
    subject: str
    message_id: str
    payload: dict[str, Any]
    error: str
    deliveries: int
    trail_id: str
    created_at: datetime
    retried_at: datetime | None


class DiskAnswer(BaseModel):
    """One file system; sizes in bytes."""

    folders: list[str]
    total_bytes: int
    free_bytes: int


class StatsAnswer(BaseModel):
    """The machine; sizes in bytes, times in seconds."""

    version: str
    uptime_seconds: float
    cpu_percent: float
    cpu_count: int
    memory_total_bytes: int
    memory_available_bytes: int
    process_bytes: int
    disks: list[DiskAnswer]


class CacheAnswer(BaseModel):
    """How many answers are kept, in all and by kind."""

    keys: int
    kinds: dict[str, int]


async def users(request: web.Request) -> web.Response:
    """All accounts by name."""
    where = page(request)
    items, total = await request.app[ACCOUNTS].accounts(limit=where.limit, offset=where.offset)
    return listing(items, total, where)


async def add_user(request: web.Request) -> web.Response:
    """Make an account for somebody."""
    given = await parse(request, AddUserBody)
    account = await request.app[ACCOUNTS].add(
        given.username, given.email, given.role, given.password, caller(request)
    )
    return created(account)


async def one_user(request: web.Request) -> web.Response:
    """One account."""
    return json_answer(await request.app[ACCOUNTS].account(path_id(request)))


async def change_user(request: web.Request) -> web.Response:
    """Disable or enable an account, or give it a new password; its devices are signed out."""
    given, user_id = await parse(request, UserBody), path_id(request)
    accounts = request.app[ACCOUNTS]
    account = await accounts.account(user_id)
    if given.password is not None:
        await accounts.set_password_of(user_id, given.password, caller(request))
    if given.disabled is not None:
        account = await accounts.set_disabled(user_id, caller(request), disabled=given.disabled)
    return json_answer(account)


async def set_role(request: web.Request) -> web.Response:
    """Change a role; the user's devices are signed out."""
    given = await parse(request, RoleBody)
    return json_answer(await request.app[ACCOUNTS].set_role(path_id(request), given.role, caller(request)))


async def audit_logs(request: web.Request) -> web.Response:
    """Who changed what, the newest first."""
    where = page(request)
    items, total = await request.app[ACCOUNTS].audit_rows(limit=where.limit, offset=where.offset)
    return listing(items, total, where)


async def dead_letters(request: web.Request) -> web.Response:
    """Jobs that failed five times, the newest first."""
    where = page(request)
    items, total = await request.app[DEAD_LETTERS].page(limit=where.limit, offset=where.offset)
    return listing(items, total, where)


async def retry_dead_letter(request: web.Request) -> web.Response:
    """Try it once more."""
    letter_id = path_id(request)
    await request.app[DEAD_LETTERS].retry(letter_id)
    change = Change("dead_letter.retry", "dead_letter", str(letter_id))
    await request.app[ACCOUNTS].audit(change, caller(request))
    return json_answer({"id": letter_id, "status": "queued"}, status=202)


async def drop_dead_letter(request: web.Request) -> web.Response:
    """Throw it away."""
    letter_id = path_id(request)
    await request.app[DEAD_LETTERS].purge(letter_id)
    change = Change("dead_letter.drop", "dead_letter", str(letter_id))
    await request.app[ACCOUNTS].audit(change, caller(request))
    return nothing()


async def stats(request: web.Request) -> web.Response:
    """Processor, memory and disks."""
    config = request.app[CONFIG]()
    folders = [config.state_dir, config.torrent.directory, config.library.movies, config.library.series]
    found = await asyncio.to_thread(system.look, folders)
    return json_answer(
        StatsAnswer(
            version=__version__,
            uptime_seconds=round(found.uptime_seconds, 1),
            cpu_percent=found.cpu_percent,
            cpu_count=found.cpu_count,
            memory_total_bytes=found.memory_total_bytes,
            memory_available_bytes=found.memory_available_bytes,
            process_bytes=found.process_bytes,
            disks=[
                DiskAnswer(
                    folders=list(disk.folders), total_bytes=disk.total_bytes, free_bytes=disk.free_bytes
                )
                for disk in found.disks
            ],
        )
    )


async def cache(request: web.Request) -> web.Response:
    """What the cache holds."""
    kept = request.app[CACHE]
    kinds = {kind: await kept.count(*beginnings) for kind, beginnings in _ANSWERS.items()}
    return json_answer(CacheAnswer(keys=sum(kinds.values()), kinds=kinds))


async def clear_cache(request: web.Request) -> web.Response:
    """Forget every kept answer: what is asked next is asked anew."""
    await request.app[CACHE].clear(*(one for beginnings in _ANSWERS.values() for one in beginnings))
    await request.app[ACCOUNTS].audit(Change("cache.clear", "cache", None), caller(request))
    return nothing()
