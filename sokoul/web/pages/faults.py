"""A failure as a page: what happened, what it means, what to do."""

from __future__ import annotations

from aiohttp import web

from sokoul.web.errors import REQUEST_ID
from sokoul.web.pages.frame import FRAME, render

_KNOWN = frozenset({400, 401, 403, 404, 410, 421, 429, 500, 503})


async def show(request: web.Request, status: int, detail: str) -> web.Response:
    """The error page; the words of the failure itself stand beneath our own."""
    if FRAME not in request.app:
        return web.Response(status=status, text=detail)
    given = {
        "status": status,
        "key": str(status) if status in _KNOWN else "500" if status >= 500 else "400",
        "detail": detail if status not in (404, 500) else "",
        "request_id": request.get(REQUEST_ID, ""),
    }
    return render(request, "error.html", given, status=status)
