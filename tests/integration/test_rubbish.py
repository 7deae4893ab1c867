"""Rubbish at every route of the whole application: an answer with a reason, never a failure of ours."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from typing import Any
from urllib.parse import quote

from yarl import URL

from sokoul.web.access import Route
from sokoul.web.routes import ROUTES
from tests.integration.house import House

# These end sessions, or stay open.
APART = {"/api/v1/auth/logout", "/ws", "/api/v1/auth/sessions/{id}"}
WORDS = (
    "nonsense",
    str(uuid.UUID(int=5)),
    "0",
    "-1",
    "9" * 30,
    "é",
    "%00",
    "..%2f..%2fetc%2fpasswd",
    "movie",
    "a b",
)
VALUES: tuple[Any, ...] = (
    None,
    "",
    "x" * 3000,
    0,
    -1,
    2**70,
    1.5,
    True,
    [],
    {},
    [None],
    "\u202e",
    "movie",
    "🎬",
)
BODIES = ("", "{", "[]", "null", "5", '"text"', "{}", "[" * 10_000, '{"a": ' * 500)


def _paths(route: Route) -> list[str]:
    template = re.sub(r"\{(\w+)(:[^{}]+)?\}", r"{\1}", route.path)
    if "{" not in template:
        return [template]
    return [re.sub(r"\{\w+\}", quote(word, safe="%"), template) for word in WORDS]


def _bodies(route: Route) -> list[str]:
    if route.method not in ("POST", "PUT"):
        return [""]
    fields = list(route.body.model_fields) if route.body is not None else []
    whole = [json.dumps(dict.fromkeys(fields, value)) for value in VALUES]
    return [*BODIES, *whole, *(json.dumps({field: value}) for field in fields for value in VALUES)]


def _queries(route: Route) -> list[str]:
    if route.method != "GET":
        return [""]
    names = [
        *(route.query.model_fields if route.query is not None else ()),
        "page",
        "page_size",
        "q",
        "token",
    ]
    values = [quote(str(value)) for value in VALUES]
    return [
        "",
        *(f"?{name}={value}" for name in names for value in values),
        "?a=%ff&%ff=b",
        "?" + "a=b&" * 500,
    ]


async def test_rubbish_gets_an_answer_with_a_reason(house: House) -> None:
    failures: list[str] = []
    gate = asyncio.Semaphore(8)

    async def attempt(route: Route, path: str, body: str) -> None:
        url = URL(house.url + path, encoded=True)
        headers = {"Authorization": f"Bearer {house.tokens['root']}", "Accept": "*/*"}
        async with (
            gate,
            house.http.request(
                route.method, url, data=body.encode() or None, headers=headers, allow_redirects=False
            ) as reply,
        ):
            text = await reply.text(errors="replace")
            if reply.status >= 500 and reply.status != 503:
                failures.append(f"{reply.status} {route.method} {path[:120]} {body[:120]} → {text[:200]}")
            elif reply.status >= 400 and route.path.startswith("/api/") and reply.method != "HEAD":
                problem = json.loads(text)
                if problem["status"] != reply.status or "request_id" not in problem:
                    failures.append(f"not a problem: {route.method} {path[:120]} → {text[:200]}")

    await asyncio.gather(
        *(
            attempt(route, path + query, body)
            for route in ROUTES
            if route.path not in APART
            for number, path in enumerate(_paths(route))
            for query in (_queries(route) if number == 0 else [""])
            for body in (_bodies(route) if number == 0 else _bodies(route)[:3])
        )
    )
    assert failures == []
