"""Answers in JSON, and lists in pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from pydantic_core import to_json

from sokoul.domain.errors import Invalid

LARGEST_PAGE = 200
LAST_PAGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: `number` from 1, `size` items each."""

    number: int = 1
    size: int = 50

    @property
    def limit(self) -> int:
        return self.size

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


def page(request: web.Request) -> Page:
    """From `?page=&page_size=`; raises `Invalid` where they are not numbers in range."""
    return Page(
        _number(request, "page", 1, LAST_PAGE),
        _number(request, "page_size", 50, LARGEST_PAGE),
    )


def json_answer(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """`data` as JSON: dataclasses, pydantic models, UUIDs, enums and aware datetimes included."""
    return json_bytes(to_json(data, inf_nan_mode="null"), status=status, headers=headers)


def json_bytes(data: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """What is JSON already."""
    return web.Response(
        body=data, status=status, headers=headers, content_type="application/json", charset="utf-8"
    )


def accepted(data: Any) -> web.Response:
    """202: the work is a job now."""
    return json_answer(data, status=202)


def created(data: Any) -> web.Response:
    """201."""
    return json_answer(data, status=201)


def nothing() -> web.Response:
    """204."""
    return web.Response(status=204)


def listing(items: Sequence[Any], total: int, where: Page) -> web.Response:
    """One page of a list of `total` items."""
    return json_answer({"items": items, "total": total, "page": where.number, "page_size": where.size})


def listing_of(request: web.Request, found: Sequence[Any]) -> web.Response:
    """The page that is asked for of a list that is at hand as a whole."""
    where = page(request)
    return listing(found[where.offset : where.offset + where.limit], len(found), where)


def _number(request: web.Request, name: str, default: int, largest: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= largest):
        raise Invalid(name, f"should be a number from 1 to {largest}")
    return int(text)
