"""How the box is doing and how it is set."""

from __future__ import annotations

from aiohttp import web

from sokoul import __version__
from sokoul.web.pages.frame import render


async def settings(request: web.Request) -> web.Response:
    """What is set, and from where."""
    return render(request, "settings.html")


async def system(request: web.Request) -> web.Response:
    """Health as sentences, then figures."""
    return render(request, "system.html", {"version": __version__})


async def logs(request: web.Request) -> web.Response:
    """What happens, as it happens."""
    return render(request, "logs.html")
