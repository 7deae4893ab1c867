"""The doors: first start, signing in, static files."""

from __future__ import annotations

from aiohttp import web

from sokoul.web.front import own_path
from sokoul.web.pages import assets
from sokoul.web.pages.frame import FRAME, render, viewer


async def setup(request: web.Request) -> web.Response:
    """The wizard; its first step makes the account, the others need it."""
    return render(request, "setup.html")


async def login(request: web.Request) -> web.StreamResponse:
    """The sign-in form; `next` leads to one of our own pages or home."""
    target = own_path(request.query.get("next", ""))
    if viewer(request) is not None:
        raise web.HTTPFound(target)
    return render(request, "login.html", {"next": target})


async def static(request: web.Request) -> web.StreamResponse:
    """One static file."""
    return assets.answer(request, request.app[FRAME].assets)
