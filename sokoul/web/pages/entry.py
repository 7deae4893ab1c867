"""The doors: first start, signing in, static files."""

from __future__ import annotations

import re

from aiohttp import web

from sokoul.web.pages import assets
from sokoul.web.pages.frame import FRAME, render, viewer

_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


async def setup(request: web.Request) -> web.Response:
    """The wizard; its first step makes the account, the others need it."""
    return render(request, "setup.html")


async def login(request: web.Request) -> web.StreamResponse:
    """The sign-in form; `next` leads to one of our own pages or home."""
    target = own_path(request.query.get("next", ""))
    if viewer(request) is not None:
        raise web.HTTPFound(target)
    return render(request, "login.html", {"next": target})


def own_path(target: str) -> str:
    """`target` when it is a path of ours, else "/": no other host, no scheme, no tricks with slashes."""
    return target if len(target) < 2000 and _OWN_PATH.fullmatch(target) else "/"


async def static(request: web.Request) -> web.StreamResponse:
    """One static file."""
    return assets.answer(request, request.app[FRAME].assets)
