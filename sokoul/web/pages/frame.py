"""What every page is given: words, addresses of static files, who looks, and how they like it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web

from sokoul.web.auth import optional_user
from sokoul.web.pages import assets, words

ROOT = Path(__file__).resolve().parents[3] / "web"


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of the pages that are the same for everybody."""

    catalogues: Mapping[str, words.Catalogue]
    assets: assets.Assets
    csrf_token: Callable[[web.Request], str]
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the page."""

    username: str
    role: str

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"


FRAME: web.AppKey[Frame] = web.AppKey("frame", Frame)


def build(*, csrf_token: Callable[[web.Request], str], demo: bool, root: Path = ROOT) -> Frame:
    """Read catalogues and static files from `root`."""
    catalogues = words.load(root / "locales")
    return Frame(catalogues, assets.load(root / "static", catalogues), csrf_token, demo)


def install(app: web.Application, frame: Frame, root: Path = ROOT) -> None:
    """Give `app` its templates: everything is escaped, and a variable nobody set is an error."""
    app[FRAME] = frame
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(root / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        default_helpers=False,
    )


def _given(request: web.Request) -> dict[str, Any]:
    frame = request.app[FRAME]
    catalogue = language(request)
    theme = request.cookies.get("sokoul_theme", "auto")
    return {
        "t": catalogue.say,
        "n": catalogue.count,
        "lang": catalogue.language,
        "languages": [(entry.language, entry.name) for entry in frame.catalogues.values()],
        "catalogue_url": frame.assets.url(f"locales/{catalogue.language}.json"),
        "static": frame.assets.url,
        "theme": theme if theme in ("auto", "dark", "light") else "auto",
        "rail_slim": request.cookies.get("sokoul_rail") == "slim",
        "csrf_token": frame.csrf_token(request),
        "viewer": viewer(request),
        "demo": frame.demo,
        "path": request.path,
    }


def language(request: web.Request) -> words.Catalogue:
    """The language this request is answered in."""
    accepted = request.headers.get("Accept-Language", "")
    return words.choose(request.cookies.get("sokoul_lang"), accepted, request.app[FRAME].catalogues)


def viewer(request: web.Request) -> Viewer | None:
    """The signed-in user as the pages need it."""
    user = optional_user(request)
    return None if user is None else Viewer(user.username, str(user.role))


def render(
    request: web.Request, template: str, given: Mapping[str, Any] | None = None, *, status: int = 200
) -> web.Response:
    """A page; pages are private and never kept by proxies."""
    context = {**_given(request), **(given or {})}
    response = aiohttp_jinja2.render_template(template, request, context, status=status)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response
