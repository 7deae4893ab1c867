"""The OpenAPI 3.1 document, made from the table of routes and the models that handlers use."""

from __future__ import annotations

import inspect
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from aiohttp import web
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode
from pydantic_core import to_json

from sokoul import __version__
from sokoul.web.access import Access, Route

DOCUMENT: web.AppKey[bytes] = web.AppKey("openapi", bytes)

Json = dict[str, Any]
Schemas = Mapping[tuple[Hashable, JsonSchemaMode], Json]
_PARAMETER = re.compile(r"\{(\w+)(?::([^{}]+(?:\{[^{}]*\}[^{}]*)*))?\}")
_NUMBERS = frozenset({"tmdb_id", "n", "number", "index"})
_REF = "#/components/schemas/{model}"
_SIGNED_IN: list[Json] = [{"bearer": []}, {"apiKey": []}, {"cookie": []}]
_WHO = {
    Access.PUBLIC: "Anybody.",
    Access.SIGNED: "Signed-in users, or the address's own `token`.",
    Access.SEALED: "Whoever brings the `token` that was sealed for this address.",
    Access.USER: "Signed-in users.",
    Access.MODERATOR: "Moderators and admins.",
    Access.ADMIN: "Admins.",
    Access.LAN: "Devices of the local network.",
    Access.OPERATIONS: "Admins, `metrics.token`, or this machine itself.",
}


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    class FieldProblem(BaseModel):
        """One field that is wrong."""

        field: str
        message: str

    type: str
    title: str
    status: int
    detail: str
    code: str | None = None
    errors: list[FieldProblem] | None = None
    request_id: str


def document(routes: Sequence[Route]) -> bytes:
    """The document as JSON; only the API, health and figures, not pages and televisions."""
    shown = [route for route in routes if not route.page and route.access is not Access.LAN]
    schemas, components = _schemas(shown)
    paths: dict[str, Json] = {}
    for route in shown:
        if route.path == "/ws" or route.path.startswith("/static"):
            continue
        path = _PARAMETER.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, schemas)
    return to_json(
        {
            "openapi": "3.1.0",
            "info": {"title": "Sokoul", "version": __version__, "license": {"name": "AGPL-3.0-or-later"}},
            "paths": paths,
            "components": {"schemas": components, "securitySchemes": _SCHEMES},
        }
    )


_SCHEMES: Json = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sokoul_access"},
}


def _schemas(routes: Iterable[Route]) -> tuple[Schemas, Json]:
    """What each operation takes and gives, by its model, and the definitions all of them share."""
    wanted: dict[Hashable, tuple[Hashable, JsonSchemaMode, TypeAdapter[Any]]] = {}
    for route in routes:
        for model, mode in _models(route):
            wanted[_key(model), mode] = (_key(model), mode, TypeAdapter(model))
    found, definitions = TypeAdapter.json_schemas(list(wanted.values()), ref_template=_REF)
    return found, definitions.get("$defs", {})


def _models(route: Route) -> Iterator[tuple[Any, JsonSchemaMode]]:
    yield Problem, "serialization"
    if route.body is not None:
        yield route.body, "validation"
    if route.answer is not None:
        yield route.answer, "serialization"


def _key(model: Any) -> Hashable:
    return model if isinstance(model, type) else repr(model)


def _operation(route: Route, schemas: Schemas) -> Json:
    about = inspect.getdoc(route.handler) or ""
    operation: Json = {
        "operationId": f"{route.handler.__module__.rpartition('.')[2]}_{route.handler.__name__}",
        "summary": about.partition("\n")[0],
        "description": _WHO[route.access],
        "tags": [_tag(route.path)],
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": _responses(route, schemas),
    }
    if route.access not in {Access.PUBLIC, Access.SEALED}:
        operation["security"] = _SIGNED_IN
    if route.body is not None:
        content: Json = {"application/json": {"schema": schemas[_key(route.body), "validation"]}}
        if route.upload:
            content["multipart/form-data"] = {"schema": _form_of(route.upload)}
        operation["requestBody"] = {"required": not route.bare, "content": content}
    return operation


def _form_of(field: str) -> Json:
    """A form that brings a file; its other fields are those of the JSON."""
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    return {"type": "object", "required": [field], "properties": {field: file}}


def _path_parameters(route: Route) -> list[Json]:
    return [
        {
            "name": match[1],
            "in": "path",
            "required": True,
            "schema": _path_schema(route.path, match[1], match[2]),
        }
        for match in _PARAMETER.finditer(route.path)
    ]


def _path_schema(path: str, name: str, pattern: str | None) -> Json:
    if name in _NUMBERS or (name == "id" and path.startswith("/api/v1/tmdb/")):
        return {"type": "integer", "minimum": 0}
    if pattern is not None:
        return {"type": "string", "pattern": f"^{pattern}$"}
    return (
        {"type": "string", "format": "uuid"} if name == "id" or name.endswith("_id") else {"type": "string"}
    )


def _query_parameters(route: Route) -> list[Json]:
    found: list[Json] = []
    if route.query is not None:
        schema = route.query.model_json_schema(ref_template=_REF)
        found = [
            {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": part}
            for name, part in schema.get("properties", {}).items()
        ]
    if route.listed:
        whole = {"type": "integer", "minimum": 1}
        found.append({"name": "page", "in": "query", "schema": {**whole, "default": 1}})
        size = {**whole, "maximum": 200, "default": 50}
        found.append({"name": "page_size", "in": "query", "schema": size})
    return found


def _responses(route: Route, schemas: Schemas) -> Json:
    good: Json = {"description": "Done."}
    if route.answer is not None:
        schema = schemas[_key(route.answer), "serialization"]
        good["content"] = {"application/json": {"schema": _list_of(schema) if route.listed else schema}}
    problem = {"application/problem+json": {"schema": schemas[_key(Problem), "serialization"]}}
    statuses = {str(status): good for status in (route.status, *route.also)}
    return {**statuses, "default": {"description": "It did not work.", "content": problem}}


def _list_of(item: Json) -> Json:
    number = {"type": "integer"}
    return {
        "type": "object",
        "required": ["items", "total", "page", "page_size"],
        "properties": {
            "items": {"type": "array", "items": item},
            "total": number,
            "page": number,
            "page_size": number,
        },
    }


def _tag(path: str) -> str:
    parts = path.removeprefix("/api/v1").strip("/").split("/")
    return parts[0] or "pages"
