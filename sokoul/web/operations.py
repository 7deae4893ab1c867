"""Is it alive, how are its parts, what are its figures, what does its contract say."""

from __future__ import annotations

import asyncio
from typing import Literal

from aiohttp import web
from prometheus_client import generate_latest
from pydantic import BaseModel

from sokoul import __version__, metrics
from sokoul.web import keys
from sokoul.web.auth import CLIENT_IP
from sokoul.web.lists import json_answer, json_bytes
from sokoul.web.openapi import DOCUMENT


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"
    version: str = __version__


class Check(BaseModel):
    """One part; `latency_ms` is how long it took to answer."""

    status: Literal["ok", "degraded", "down", "off"]
    latency_ms: float
    message: str | None = None


class Deep(BaseModel):
    """All parts together; `down` when one is that nothing works without."""

    status: Literal["ok", "degraded", "down"]
    checks: dict[str, Check]


async def health(_request: web.Request) -> web.Response:
    """Whether the process answers."""
    return json_bytes(_ALIVE)


async def deep_health(request: web.Request) -> web.Response:
    """How each part is; 503 when a required one is down."""
    found = await request.app[keys.HEALTH].deep()
    down = found.status == "down"
    return json_answer(found, status=503 if down else 200, headers={"Retry-After": "5"} if down else None)


async def figures(_request: web.Request) -> web.Response:
    """All figures in the text form of Prometheus."""
    text = await asyncio.to_thread(generate_latest, metrics.REGISTRY)
    return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


async def contract(request: web.Request) -> web.Response:
    """This document."""
    return json_bytes(request.app[DOCUMENT])


async def live(request: web.Request) -> web.StreamResponse:
    """The WebSocket for what happens right now."""
    return await request.app[keys.HUB].serve(request, request[CLIENT_IP])


_ALIVE = Alive().model_dump_json().encode()
