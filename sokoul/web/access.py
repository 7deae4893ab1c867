"""What a route is: its method, path, handler, who may call it, and what goes in and comes out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Access(Enum):
    """Who may call a route; each is enforced in `web.guard`, before the handler runs."""

    PUBLIC = auto()
    SIGNED = auto()  # the address's own signed token, or a signed-in user
    SEALED = auto()  # the sealed token of a remote address, whoever brings it
    USER = auto()
    MODERATOR = auto()
    ADMIN = auto()
    LAN = auto()  # private and link-local addresses only, without signing in: what televisions ask for
    OPERATIONS = auto()  # admin, `metrics.token`, or loopback without a forwarding header


PUBLIC, SIGNED, USER, MODERATOR = Access.PUBLIC, Access.SIGNED, Access.USER, Access.MODERATOR
SEALED = Access.SEALED
ADMIN, LAN, OPERATIONS = Access.ADMIN, Access.LAN, Access.OPERATIONS


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table in `web.routes`; a GET answers HEAD too."""

    method: str
    path: str
    handler: Handler
    access: Access
    body: type[BaseModel] | None = None  # the JSON that comes in
    bare: bool = False  # it may also come without a body
    upload: str = ""  # the field of a form that brings a file, where a form does instead of JSON
    query: type[BaseModel] | None = None  # the parameters after the question mark
    answer: Any = None  # a pydantic model or any type pydantic can describe
    status: int = 200  # of the good answer
    also: tuple[int, ...] = ()  # other good answers of the same form
    listed: bool = False  # `answer` is one item of a paged list
    limit: Literal["", "search", "none"] = ""  # its own beside those of user and address; or not counted
    page: bool = False  # HTML for people: whoever is not signed in is sent to /login


def page_route(path: str, handler: Handler, access: Access = Access.USER) -> Route:
    """A page for people."""
    return Route("GET", path, handler, access, page=True)
