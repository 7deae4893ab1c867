"""What there is: home, films, series, library, one title, one person."""

from __future__ import annotations

from aiohttp import web

from sokoul.domain.errors import NotFound
from sokoul.web import keys
from sokoul.web.body import path_id
from sokoul.web.pages.frame import render


async def home(request: web.Request) -> web.Response:
    """Where one left off, what is new, what runs."""
    known = request.app[keys.CONFIG]().providers.tmdb.api_key is not None
    return render(request, "home.html", {"metadata": known})


async def films(request: web.Request) -> web.Response:
    """The films of the library."""
    return render(request, "library.html", {"kind": "movie", "key": "nav.films"})


async def series(request: web.Request) -> web.Response:
    """The series of the library."""
    return render(request, "library.html", {"kind": "tv", "key": "nav.series"})


async def library(request: web.Request) -> web.Response:
    """Everything that is kept."""
    return render(request, "library.html", {"kind": "", "key": "nav.library"})


async def movie(request: web.Request) -> web.Response:
    """A film by its number at the metadata source."""
    return render(request, "title.html", {"kind": "movie", "tmdb_id": _number(request), "media_id": ""})


async def tv(request: web.Request) -> web.Response:
    """A series by its number at the metadata source."""
    return render(request, "title.html", {"kind": "tv", "tmdb_id": _number(request), "media_id": ""})


async def title(request: web.Request) -> web.Response:
    """Something in the library that the metadata source does not know."""
    return render(request, "title.html", {"kind": "", "tmdb_id": "", "media_id": str(path_id(request))})


async def person(request: web.Request) -> web.Response:
    """Somebody, and what they are known for."""
    return render(request, "person.html", {"person_id": _number(request)})


def _number(request: web.Request) -> int:
    text = request.match_info["id"]
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise NotFound("There is no such title")
    return int(text)
