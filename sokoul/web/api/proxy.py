"""The stream proxy's door."""

from __future__ import annotations

from aiohttp import web

from sokoul.web import keys
from sokoul.web.errors import Malformed


async def stream(request: web.Request) -> web.StreamResponse:
    """A remote stream by its token; nothing else that a client says becomes part of the question."""
    if len(request.query) != 1 or "token" not in request.query:
        raise Malformed("Only `token` is understood here, once")
    ticket = request.app[keys.TICKETS].open(request.query["token"])
    return await request.app[keys.PROXY].answer(request, ticket)
