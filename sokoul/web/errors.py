"""Every failure as an answer: RFC 9457 problem documents for programs, a page for people."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web

from sokoul.domain import errors
from sokoul.web.lists import json_answer

log = structlog.get_logger(__name__)


class Malformed(errors.SokoulError):
    """The request is not even well-formed (400)."""


class TooBig(errors.SokoulError):
    """The body is larger than allowed (413)."""


class Misdirected(errors.SokoulError):
    """The request names a host that is not ours (421)."""


class NotValid(errors.Faulty):
    """The body or the parameters have wrong fields (422)."""


STATUS: tuple[tuple[type[errors.SokoulError], int], ...] = (
    (Malformed, 400),
    (errors.NotSignedIn, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.WrongState, 409),
    (errors.Gone, 410),
    (TooBig, 413),
    (Misdirected, 421),
    (errors.Faulty, 422),
    (errors.Invalid, 422),
    (errors.Refused, 422),
    (errors.TooMany, 429),
    (errors.Unavailable, 503),
)

ErrorPage = Callable[[web.Request, int, str], Awaitable[web.Response]]
ERROR_PAGE: web.AppKey[ErrorPage] = web.AppKey("error_page")
REQUEST_ID: web.RequestKey[str] = web.RequestKey("request_id", str)


def status_of(error: errors.SokoulError) -> int:
    """The status that tells of this error; 500 for one that nobody thought of."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


async def answer(request: web.Request, error: Exception) -> web.StreamResponse:
    """The answer to a failed request; what nobody foresaw is logged and tells nothing."""
    if isinstance(error, web.HTTPException):
        return await _from_aiohttp(request, error)
    if isinstance(error, errors.SokoulError) and (status := status_of(error)) != 500:
        return await _say(request, status, str(error), _more(error), _headers(error))
    log.error("request failed", method=request.method, path=request.path, exc_info=error)
    return await _say(request, 500, "Something went wrong here; the log knows more.", {}, {})


def problem(
    request: web.Request,
    status: int,
    detail: str,
    *,
    more: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> web.Response:
    """A problem document."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **(more or {}),
        "request_id": request.get(REQUEST_ID, ""),
    }
    response = json_answer(document, status=status, headers=headers)
    response.headers["Content-Type"] = "application/problem+json"
    return response


async def _from_aiohttp(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    if error.status < 400:
        kept = {name: text for name, text in error.headers.items() if not name.startswith("Content-")}
        return web.Response(status=error.status, headers=kept)
    if error.status == 413:
        error.text = "The body is too big"
    kept = {name: error.headers[name] for name in ("Allow", "Retry-After") if name in error.headers}
    detail = error.text if error.text and not error.text.startswith(f"{error.status}:") else error.reason
    return await _say(request, error.status, detail or "", {}, kept)


async def _say(
    request: web.Request, status: int, detail: str, more: dict[str, Any], headers: dict[str, str]
) -> web.StreamResponse:
    page = request.app.get(ERROR_PAGE)
    if page is None or not _wants_page(request):
        return problem(request, status, detail, more=more, headers=headers)
    response = await page(request, status, detail)
    response.headers.update(headers)
    return response


def _wants_page(request: web.Request) -> bool:
    apart = ("/api/", "/ws", "/health", "/metrics", "/static/", "/dlna/")
    return not request.path.startswith(apart) and "text/html" in request.headers.get("Accept", "")


def _more(error: errors.SokoulError) -> dict[str, Any]:
    if isinstance(error, errors.Invalid):
        return {"errors": [{"field": error.field, "message": error.message}]}
    if isinstance(error, errors.Faulty):
        return {"errors": [{"field": field, "message": message} for field, message in error.problems]}
    if isinstance(error, errors.Refused):
        return {"code": error.code}
    return {}


def _headers(error: errors.SokoulError) -> dict[str, str]:
    if isinstance(error, errors.TooMany | errors.Unavailable):
        return {"Retry-After": str(max(1, math.ceil(error.retry_after)))}
    if isinstance(error, errors.NotSignedIn):
        return {"WWW-Authenticate": "Bearer"}
    return {}
