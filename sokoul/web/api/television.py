"""The addresses of the media server for televisions; they exist only where the role `dlna` runs."""

from __future__ import annotations

from aiohttp import web

from sokoul.web import keys
from sokoul.web.ports import Television


async def describe(request: web.Request) -> web.StreamResponse:
    return await _television(request).describe(request)


async def describe_service(request: web.Request) -> web.StreamResponse:
    return await _television(request).describe_service(request)


async def icon(request: web.Request) -> web.StreamResponse:
    return await _television(request).icon(request)


async def control(request: web.Request) -> web.StreamResponse:
    return await _television(request).control(request)


async def subscribe(request: web.Request) -> web.StreamResponse:
    return await _television(request).subscribe(request)


async def unsubscribe(request: web.Request) -> web.StreamResponse:
    return await _television(request).unsubscribe(request)


async def file(request: web.Request) -> web.StreamResponse:
    return await _television(request).file(request)


async def poster(request: web.Request) -> web.StreamResponse:
    return await _television(request).poster(request)


def _television(request: web.Request) -> Television:
    television = request.app.get(keys.TELEVISION)
    if television is None:
        raise web.HTTPNotFound
    return television
