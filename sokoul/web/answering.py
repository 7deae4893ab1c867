"""What every answer carries, and what is noted of every request."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from aiohttp import web
from aiohttp.http import SERVER_SOFTWARE

from sokoul import metrics
from sokoul.web import errors
from sokoul.web.access import Handler, Route
from sokoul.web.errors import REQUEST_ID
from sokoul.web.front import Front
from sokoul.web.guard import VERDICT, Guard
from sokoul.web.limits import LimitReached, headers

log = structlog.get_logger(__name__)

_STARTED: web.RequestKey[bool] = web.RequestKey("answer_started", bool)

# hls.js hands video over as blob: and runs its demuxer in a worker made from one.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
BYTES_POLICY = "frame-ancestors 'none'"
ALLOWED_HEADERS = "Authorization, Content-Type, X-Api-Key, X-Request-Id"
EXPOSED_HEADERS = "X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After"

# Whatever is in these depends on who asks.
_PERSONAL = frozenset({"application/json", "application/problem+json", "text/html"})
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "SUBSCRIBE", "UNSUBSCRIBE"})


class Answering:
    """The one middleware: names the request, checks the host, guards, maps failures, keeps figures."""

    def __init__(self, table: dict[web.AbstractRoute, Route], front: Front, guard: Guard) -> None:
        self._table, self._front, self._guard = table, front, guard

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Always gives an answer, unless the client is gone."""
        started = time.perf_counter()
        request[REQUEST_ID] = name = _name(request)
        structlog.contextvars.bind_contextvars(request_id=name)
        route = self._table.get(request.match_info.route)
        try:
            response = await self._answer(request, route, handler)
        except web.HTTPException as error:
            response = await errors.answer(request, error)
        except LimitReached as error:
            request[VERDICT] = headers(error.verdict)
            response = await errors.answer(request, error)
        except Exception as error:
            gone = request.transport is None or request.transport.is_closing()
            if request.get(_STARTED, False) or gone:
                raise  # half of an answer is out already, or nobody waits for one: the connection ends
            response = await errors.answer(request, error)
        _note(request, route, response, time.perf_counter() - started)
        return response

    async def decorate(self, request: web.Request, response: web.StreamResponse) -> None:
        """Headers that every answer carries, streams included; what a handler set itself stays."""
        request[_STARTED] = True
        fields = response.headers
        fields["X-Request-Id"] = request.get(REQUEST_ID) or _name(request)
        fields["X-Content-Type-Options"] = "nosniff"
        if fields.get("Server") == SERVER_SOFTWARE:
            fields["Server"] = "Sokoul"  # which library of which version is nobody's business
        fields.setdefault("Referrer-Policy", "same-origin")
        fields.setdefault("Content-Security-Policy", _policy(response.content_type))
        if (verdict := request.get(VERDICT)) is not None:
            fields.update(verdict)
        if response.content_type in _PERSONAL:
            fields.setdefault("Cache-Control", "no-store")
        if "Origin" in request.headers and (origin := self._front.cors(request)) is not None:
            fields["Access-Control-Allow-Origin"] = origin
            fields["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
            fields.add("Vary", "Origin")

    async def _answer(
        self, request: web.Request, route: Route | None, handler: Handler
    ) -> web.StreamResponse:
        self._front.check_host(request)
        if "%00" in request.raw_path:
            raise errors.Malformed("The address holds a NUL character")
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return self._preflight(request)
        if route is None:
            await self._guard.stranger(request)
            return await handler(request)
        return await self._guard.admit(request, route, handler)

    def _preflight(self, request: web.Request) -> web.Response:
        if self._front.cors(request) is None:
            return web.Response(status=403)
        allowed = {
            "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE",
            "Access-Control-Allow-Headers": ALLOWED_HEADERS,
            "Access-Control-Max-Age": "600",
        }
        return web.Response(status=204, headers=allowed)


def _name(request: web.Request) -> str:
    given = request.headers.get("X-Request-Id", "")
    return given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex


def _policy(content_type: str) -> str:
    if content_type == "text/html":
        return PAGE_POLICY
    return BYTES_POLICY if content_type.startswith(("video/", "audio/", "image/")) else DATA_POLICY


def _note(request: web.Request, route: Route | None, response: web.StreamResponse, took: float) -> None:
    endpoint = route.path if route else "unmatched"
    method = request.method if request.method in _METHODS else "OTHER"
    metrics.API_REQUESTS.labels(endpoint, method, str(response.status)).inc()
    if isinstance(response, web.Response):
        metrics.API_DURATION.labels(endpoint, method).observe(took)
    metrics.API_REQUEST_SIZE.labels(endpoint).inc(request.content_length or 0)
    sent = response.content_length if isinstance(response, web.Response) else response.body_length
    metrics.API_RESPONSE_SIZE.labels(endpoint).inc(sent or 0)
