"""What belongs to whoever looks."""

from __future__ import annotations

from aiohttp import web

from sokoul.domain.debrid import Service
from sokoul.web.pages.frame import render


async def account(request: web.Request) -> web.Response:
    """One's own keys of debrid services."""
    return render(request, "account.html", {"services": [service.value for service in Service]})
