"""Finding, fetching and watching."""

from __future__ import annotations

from aiohttp import web

from sokoul.domain.errors import NotFound
from sokoul.domain.meaning import is_description
from sokoul.web import keys
from sokoul.web.pages.frame import render

_WATCHABLE = frozenset({"file", "download", "media", "movie", "tv", "episode", "result"})


async def search(request: web.Request) -> web.Response:
    """The search page; the search itself is asked for by the page's script."""
    query = request.query.get("q", "")[:300]
    timeout = request.app[keys.CONFIG]().search.timeout
    return render(
        request,
        "search.html",
        {"query": query, "timeout_ms": round(timeout * 1000), "describes": is_description(query)},
    )


async def downloads(request: web.Request) -> web.Response:
    """What is being fetched and shared."""
    return render(request, "downloads.html")


async def watch(request: web.Request) -> web.Response:
    """The player."""
    kind = request.match_info["type"]
    if kind not in _WATCHABLE:
        raise NotFound("There is nothing to watch here")
    return render(request, "watch.html", {"kind": kind, "id": request.match_info["id"][:64]})
