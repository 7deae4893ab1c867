"""What comes in with a request, checked before any handler sees it."""

from __future__ import annotations

import asyncio
import uuid
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from sokoul.domain.errors import NotFound
from sokoul.web.errors import Malformed, NotValid, TooBig

LARGEST = 1 << 20
SLOWEST = 30.0  # seconds in which a body must be here

M = TypeVar("M", bound=BaseModel)


class Body(BaseModel):
    """Base of what comes in: unknown fields are ignored, never passed on."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


async def parse(request: web.Request, model: type[M]) -> M:
    """The JSON body; raises `Malformed` (400), `NotValid` (422) or `TooBig` (413, more than 1 MiB)."""
    if (request.content_length or 0) > LARGEST:
        raise TooBig("The body is larger than 1 MiB")
    try:
        async with asyncio.timeout(SLOWEST):
            raw = await request.read()
    except TimeoutError as err:
        raise Malformed("The body came too slowly") from err
    except web.HTTPRequestEntityTooLarge as err:
        raise TooBig("The body is larger than 1 MiB") from err
    except web.RequestPayloadError as err:
        raise Malformed("The body could not be read") from err
    if b"\\u0000" in raw:
        raise NotValid([("body", "holds a NUL character")])
    try:
        return model.model_validate_json(raw)
    except ValidationError as err:
        raise _problem(err) from err


def parse_query(request: web.Request, model: type[M]) -> M:
    """The parameters after the question mark; a repeated one counts once, the last. Raises `NotValid`."""
    try:
        return model.model_validate_strings(dict(request.query))
    except ValidationError as err:
        raise _problem(err) from err


def path_id(request: web.Request, name: str = "id") -> uuid.UUID:
    """The id in the path; raises `NotFound` where it is not even a UUID."""
    try:
        return uuid.UUID(request.match_info[name])
    except ValueError as err:
        raise NotFound("There is no such thing") from err


def _problem(error: ValidationError) -> Malformed | NotValid:
    errors = error.errors(include_url=False, include_input=False, include_context=False)
    if any(e["type"] == "json_invalid" for e in errors):
        return Malformed("The body is not JSON")
    return NotValid(problems(error))


def problems(error: ValidationError) -> list[tuple[str, str]]:
    """Field and message of each of the first fifty faults."""
    errors = error.errors(include_url=False, include_input=False, include_context=False)[:50]
    return [
        (".".join(str(part) for part in e["loc"]) or "body", e["msg"].removeprefix("Value error, "))
        for e in errors
    ]
