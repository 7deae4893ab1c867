"""The catalogue of films and series, and its pictures."""

from __future__ import annotations

from typing import Annotated, Literal

from aiohttp import web
from pydantic import Field

from sokoul.domain.errors import NotFound
from sokoul.web import keys
from sokoul.web.body import Body, parse_query
from sokoul.web.lists import json_bytes

_LONG = {"Cache-Control": "private, max-age=604800, immutable"}

Page = Annotated[int, Field(ge=1, le=500)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}(?:-[A-Z]{2})?$")]
Year = Annotated[int, Field(ge=1870, le=2200)]
Genres = Annotated[str, Field(pattern=r"^[0-9]{1,6}(?:[,|][0-9]{1,6}){0,9}$")]
Sort = Annotated[str, Field(pattern=r"^[a-z_]{1,40}\.(?:asc|desc)$")]


class InLanguage(Body):
    """The language of titles and texts; the configured one when left out."""

    language: Language | None = None


class Paged(InLanguage):
    """A page of a list."""

    page: Page = 1


class TrendingQuery(Paged):
    """Of which kind, of today or of the week."""

    media_type: Literal["all", "movie", "tv", "person"] = "all"
    window: Literal["day", "week"] = "week"


class DiscoverQuery(Paged):
    """By kind, genre, year and order."""

    media_type: Literal["movie", "tv"] = "movie"
    genre: Genres | None = None
    year: Year | None = None
    sort: Sort = "popularity.desc"


class SearchQuery(Paged):
    """By title."""

    query: Annotated[str, Field(min_length=1, max_length=200)]
    media_type: Literal["multi", "movie", "tv", "person"] = "multi"
    year: Year | None = None


async def trending(request: web.Request) -> web.Response:
    """What is watched now."""
    asked = parse_query(request, TrendingQuery)
    return await _fetch(request, f"trending/{asked.media_type}/{asked.window}", asked)


async def discover(request: web.Request) -> web.Response:
    """Films or series by genre and year."""
    asked = parse_query(request, DiscoverQuery)
    more = {"sort_by": asked.sort, "include_adult": "false"}
    if asked.genre is not None:
        more["with_genres"] = asked.genre
    if asked.year is not None:
        name = "primary_release_year" if asked.media_type == "movie" else "first_air_date_year"
        more[name] = str(asked.year)
    return await _fetch(request, f"discover/{asked.media_type}", asked, more)


async def search(request: web.Request) -> web.Response:
    """Films, series and people by name."""
    asked = parse_query(request, SearchQuery)
    more = {"query": asked.query, "include_adult": "false"}
    if asked.year is not None:
        more["year"] = str(asked.year)
    return await _fetch(request, f"search/{asked.media_type}", asked, more)


async def movie(request: web.Request) -> web.Response:
    """A film."""
    return await _work(request, "movie")


async def series(request: web.Request) -> web.Response:
    """A series."""
    return await _work(request, "tv")


async def season(request: web.Request) -> web.Response:
    """A season with its episodes."""
    path = f"tv/{_number(request, 'id')}/season/{_number(request, 'n')}"
    return await _fetch(request, path, parse_query(request, InLanguage))


async def credits_of(request: web.Request) -> web.Response:
    """Who plays and who made it."""
    return await _about(request, "credits")


async def videos(request: web.Request) -> web.Response:
    """Trailers."""
    return await _about(request, "videos")


async def watch_providers(request: web.Request) -> web.Response:
    """Where it streams, by country."""
    return await _about(request, "watch/providers")


async def similar(request: web.Request) -> web.Response:
    """Works like it."""
    asked = parse_query(request, Paged)
    return await _fetch(request, f"{_kind(request)}/{_number(request, 'id')}/similar", asked)


async def person(request: web.Request) -> web.Response:
    """A person with what they did."""
    asked = parse_query(request, InLanguage)
    more = {"append_to_response": "combined_credits"}
    return await _fetch(request, f"person/{_number(request, 'id')}", asked, more)


async def image(request: web.Request) -> web.Response:
    """A picture, from the household's own store."""
    body, kind = await request.app[keys.PICTURES].get(request.match_info["size"], request.match_info["name"])
    return web.Response(body=body, content_type=kind, headers=_LONG)


async def _work(request: web.Request, kind: str) -> web.Response:
    more = {"append_to_response": "external_ids,credits,videos"}
    return await _fetch(request, f"{kind}/{_number(request, 'id')}", parse_query(request, InLanguage), more)


async def _about(request: web.Request, what: str) -> web.Response:
    path = f"{_kind(request)}/{_number(request, 'id')}/{what}"
    return await _fetch(request, path, parse_query(request, InLanguage))


async def _fetch(
    request: web.Request, path: str, asked: InLanguage, more: dict[str, str] | None = None
) -> web.Response:
    parameters = dict(more or {})
    if asked.language is not None:
        parameters["language"] = asked.language
    if isinstance(asked, Paged):
        parameters["page"] = str(asked.page)
    return json_bytes(await request.app[keys.METADATA].fetch(path, parameters))


def _kind(request: web.Request) -> str:
    kind = request.match_info["type"]
    if kind not in {"movie", "tv"}:
        raise NotFound("There is no such kind of work")
    return kind


def _number(request: web.Request, name: str) -> int:
    text = request.match_info[name]
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise NotFound("There is no such thing")
    return int(text)
