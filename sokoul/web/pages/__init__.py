"""The pages for people: shells rendered here, filled and kept alive by the scripts in `web/static/js`."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from sokoul.web.errors import ERROR_PAGE
from sokoul.web.pages import faults, frame

__all__ = ["setup_pages"]


def setup_pages(
    app: web.Application,
    *,
    csrf_token: Callable[[web.Request], str],
    demo: bool = False,
) -> None:
    """Prepare templates, words and static files."""
    frame.install(app, frame.build(csrf_token=csrf_token, demo=demo))
    app[ERROR_PAGE] = faults.show
