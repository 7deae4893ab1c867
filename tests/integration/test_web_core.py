"""The ways in that attackers tried elsewhere, and what every answer carries."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import resource
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from blockbuster import blockbuster_ctx
from yarl import URL

from sokoul.domain.errors import Unavailable
from sokoul.web.access import PUBLIC, USER, Route, page_route
from sokoul.web.routes import ROUTES
from tests.site import PASSWORD, Person, Site

Sites = Callable[..., Awaitable[Site]]
LOGIN = "/api/v1/auth/login"


async def _page(request: web.Request) -> web.Response:
    return web.Response(text="<p>page", content_type="text/html")


async def _boom(request: web.Request) -> web.Response:
    raise RuntimeError("secret detail")


async def _away(request: web.Request) -> web.Response:
    raise Unavailable("PostgreSQL does not answer", retry_after=7)


MORE = (
    Route("GET", "/api/v1/boom", _boom, USER),
    Route("GET", "/api/v1/away", _away, PUBLIC),
    page_route("/", _page),
    page_route("/login", _page, PUBLIC),
    page_route("/setup", _page, PUBLIC),
    page_route("/films", _page),
)
WITH_PAGES = (*(route for route in ROUTES if not route.page), *MORE)


def by_cookie(person: Person) -> dict[str, str]:
    return {"Cookie": f"sokoul_access={person.access}"}


# Answers


async def test_every_answer_names_its_request_and_is_closed_to_foreign_eyes(sites: Sites) -> None:
    site = await sites(routes=WITH_PAGES)
    await site.admin()
    for path in ("/health", "/api/v1/auth/me", "/nothing", "/login", "/api/v1/away"):
        reply = await site.ask("GET", path)
        assert len(reply.headers["X-Request-Id"]) == 32
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]
        assert reply.headers["Referrer-Policy"] == "same-origin"
    page = await site.ask("GET", "/login")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "unsafe" not in policy
    assert "media-src 'self' blob:" in policy and "worker-src 'self' blob:" in policy


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("abc-1.2_3", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("a b", False),
        ("<script>", False),
        ("", False),
    ],
)
async def test_a_sane_request_id_is_kept(site: Site, given: str, *, kept: bool) -> None:
    reply = await site.ask("GET", "/health", headers={"X-Request-Id": given})
    assert (reply.headers["X-Request-Id"] == given) is kept


async def test_errors_are_problem_documents_that_tell_no_secrets(sites: Sites) -> None:
    site = await sites(routes=WITH_PAGES)
    alice = await site.person("alice")
    reply = await site.ask("GET", "/api/v1/boom", alice)
    assert reply.status == 500
    assert reply.content_type == "application/problem+json"
    assert "secret" not in await reply.text()
    away = await site.ask("GET", "/api/v1/away")
    assert (away.status, away.headers["Retry-After"]) == (503, "7")
    assert set(await away.json()) == {"type", "title", "status", "detail", "request_id"}


async def test_the_contract_is_valid_and_covers_the_table(site: Site) -> None:
    from jsonschema import Draft202012Validator

    alice = await site.person("alice")
    document = await (await site.ask("GET", "/api/v1/openapi.json", alice)).json()
    assert document["openapi"].startswith("3.1")
    shown = {(method, path) for path, item in document["paths"].items() for method in item}
    for method, path in (
        ("post", "/api/v1/auth/login"),
        ("get", "/api/v1/admin/users"),
        ("put", "/api/v1/admin/users/{id}/role"),
    ):
        assert (method, path) in shown
    start = document["paths"]["/api/v1/downloads/start"]["post"]
    assert set(start["requestBody"]["content"]) == {"application/json", "multipart/form-data"}
    assert {"200", "202"} < set(start["responses"])
    assert not document["paths"]["/api/v1/auth/refresh"]["post"]["requestBody"]["required"]
    names = [item["operationId"] for paths in document["paths"].values() for item in paths.values()]
    assert len(set(names)) == len(names)
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for reference in _references(document):
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for inner in value.values() for found in _references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _references(inner)]
    return []


# Bodies


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b"\xff\xfe", b'{"a": "\\ud800"}', b"[" * 100_000])
async def test_what_is_not_json_is_malformed(site: Site, body: bytes) -> None:
    assert (await site.ask("POST", LOGIN, data=body)).status == 400


@pytest.mark.parametrize(
    "body", ["[]", "null", "1", '{"username": 1}', '{"username": "a\\u0000b", "password": "x"}']
)
async def test_json_of_another_shape_is_invalid(site: Site, body: str) -> None:
    reply = await site.ask("POST", LOGIN, data=body)
    assert reply.status == 422
    assert (await reply.json())["errors"]


async def test_a_body_is_at_most_one_mebibyte(site: Site) -> None:
    big = json.dumps({"username": "a", "password": "x", "more": "y" * (1 << 20)})
    reply = await site.ask("POST", LOGIN, data=io.BytesIO(big.encode()))
    assert (reply.status, reply.content_type) == (413, "application/problem+json")

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65536

    assert (await site.ask("POST", LOGIN, data=pieces())).status == 413


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_body_that_inflates_is_cut_early(site: Site, coding: str) -> None:
    bomb = b"\0" * (200 << 20)
    packed = gzip.compress(bomb, 9) if coding == "gzip" else zlib.compress(bomb, 9)
    del bomb
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reply = await site.ask("POST", LOGIN, data=packed, headers={"Content-Encoding": coding})
    assert reply.status == 413
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


async def test_a_nul_in_the_address_is_malformed(site: Site) -> None:
    alice = await site.person("alice")
    for path in ("/api/v1/tasks?page=1%00", "/api/v1/admin/users/%00"):
        url = f"{site.origin}{path}"
        async with site.client.session.get(url, headers=alice.headers) as reply:
            assert reply.status == 400


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page_size=201", "page=9999999999", "page=1e3", "page=٣"]
)
async def test_pages_are_numbers_in_range(site: Site, query: str) -> None:
    alice = await site.person("alice")
    assert (await site.ask("GET", f"/api/v1/tasks?{query}", alice)).status == 422


# Hosts and origins


async def _raw(site: Site, text: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.client.port)
    writer.write(text.replace("\n", "\r\n").encode())
    answer = await asyncio.wait_for(reader.read(4096), 5)
    writer.close()
    return answer


async def test_foreign_names_are_misdirected_everywhere(sites: Sites) -> None:
    site = await sites(routes=WITH_PAGES)
    for path in ("/health", "/api/v1/setup", "/ws", "/login", "/dlna/device.xml", "/nothing", "/metrics"):
        reply = await site.ask("GET", path, headers={"Host": "evil.example"})
        assert reply.status == 421, path


async def test_two_hosts_or_none_are_malformed(site: Site) -> None:
    for head in ("Host: localhost\nHost: localhost\n", "Host: localhost\nHost: evil.example\n", ""):
        answer = await _raw(site, f"GET /health HTTP/1.1\n{head}Connection: close\n\n")
        assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400")), answer[:60]


async def test_smuggled_lengths_are_refused(site: Site) -> None:
    for head in (
        "Content-Length: 5\nTransfer-Encoding: chunked\n",
        "Content-Length: 5\nContent-Length: 6\n",
        "Content-Length: +5\n",
        "Transfer-Encoding: chunked, identity\n",
        "Transfer-Encoding : chunked\n",
    ):
        answer = await _raw(site, f"POST {LOGIN} HTTP/1.1\nHost: localhost\n{head}\n0\n\n")
        assert b" 400 " in answer.split(b"\r\n")[0], (head, answer[:80])


async def test_only_listed_origins_are_let_read(sites: Sites) -> None:
    site = await sites(settings={"http": {"cors_origins": ["https://app.example.org"]}})
    for origin, allowed in (
        ("https://app.example.org", True),
        ("https://evil.example", False),
        ("null", False),
    ):
        reply = await site.ask("GET", "/health", headers={"Origin": origin})
        assert reply.headers.get("Access-Control-Allow-Origin") == (origin if allowed else None)
        assert "Access-Control-Allow-Credentials" not in reply.headers
        before = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        preflight = await site.ask("OPTIONS", LOGIN, headers=before)
        assert preflight.status == (204 if allowed else 403)


# Cookies


async def test_writes_by_cookie_need_our_page(site: Site) -> None:
    alice, bob = await site.person("alice"), await site.person("bob")
    fresh = await _login(site)
    cookie, token = {"Cookie": f"sokoul_access={fresh['access_token']}"}, fresh["csrf_token"]
    other = (await _login(site, "bob"))["csrf_token"]
    body = {"name": "x"}
    ours = {"Origin": site.origin}
    attempts = {
        "nothing": ({}, 403),
        "origin only": (ours, 403),
        "token only": ({"X-CSRF-Token": token}, 403),
        "foreign origin": ({"Origin": "http://evil.example", "X-CSRF-Token": token}, 403),
        "null origin": ({"Origin": "null", "X-CSRF-Token": token}, 403),
        "another session's token": ({**ours, "X-CSRF-Token": other}, 403),
        "empty token": ({**ours, "X-CSRF-Token": ""}, 403),
        "both": ({**ours, "X-CSRF-Token": token}, 201),
    }
    site.client.session.cookie_jar.clear()
    for name, (headers, status) in attempts.items():
        reply = await site.ask("POST", "/api/v1/auth/api-keys", json=body, headers={**cookie, **headers})
        assert reply.status == status, name
    assert (await site.ask("GET", "/api/v1/auth/me", headers=cookie)).status == 200
    assert (await site.ask("POST", "/api/v1/auth/api-keys", alice, json=body)).status == 201
    assert bob.id != alice.id


async def _login(site: Site, name: str = "alice") -> dict[str, str]:
    reply = await site.ask("POST", LOGIN, json={"username": name, "password": PASSWORD})
    site.client.session.cookie_jar.clear()
    answer: dict[str, str] = await reply.json()
    return answer


async def test_a_foreign_page_cannot_sign_anybody_in_or_out(site: Site) -> None:
    await site.person("alice")
    evil = {"Origin": "http://evil.example"}
    body = {"username": "alice", "password": PASSWORD}
    assert (await site.ask("POST", LOGIN, json=body, headers=evil)).status == 403
    fresh = await _login(site)
    cookies = {"Cookie": f"sokoul_access={fresh['access_token']}; sokoul_refresh={fresh['refresh_token']}"}
    for path in ("/api/v1/auth/refresh", "/api/v1/auth/logout"):
        for headers in ({}, evil, {"Origin": site.origin}):
            reply = await site.ask("POST", path, data=b"", headers={**cookies, **headers})
            assert reply.status == 403, (path, headers)
    ours = {"Origin": site.origin, "X-CSRF-Token": fresh["csrf_token"]}
    assert (await site.ask("POST", "/api/v1/auth/refresh", headers={**cookies, **ours})).status == 200
    assert (await site.ask("POST", "/api/v1/auth/logout", headers={**cookies, **ours})).status == 204


async def test_a_wrong_bearer_is_not_helped_by_a_good_cookie(site: Site) -> None:
    alice = await site.person("alice")
    headers = {**by_cookie(alice), "Authorization": "Bearer nonsense"}
    assert (await site.ask("GET", "/api/v1/auth/me", headers=headers)).status == 401
    for wrong in ("Basic YTpi", "Bearer", "Bearer  ", "bearer x", "é"):
        assert (await site.ask("GET", "/api/v1/auth/me", headers={"Authorization": wrong})).status == 401


# Pages


async def test_pages_lead_to_set_up_then_to_the_door(sites: Sites) -> None:
    site = await sites(routes=WITH_PAGES)
    for path in ("/", "/films", "/login"):
        reply = await site.ask("GET", path)
        assert (reply.status, reply.headers["Location"]) == (302, "/setup")
    assert (await site.ask("GET", "/setup")).status == 200
    root = await site.admin()
    alice = await site.person("alice")
    reply = await site.ask("GET", "/films?genre=a b&x=1")
    location = URL(reply.headers["Location"])
    assert (location.path, location.query["next"]) == ("/login", "/films?genre=a+b&x=1")
    reply = await site.ask("GET", "/setup")
    assert (reply.status, reply.headers["Location"]) == (302, "/")
    assert (await site.ask("GET", "/setup", headers=by_cookie(alice))).status == 302
    assert (await site.ask("GET", "/setup", headers=by_cookie(root))).status == 200
    assert (await site.ask("GET", "/films", headers=by_cookie(alice))).status == 200
    assert (await site.ask("GET", "/api/v1/auth/me")).status == 401


# The loop


async def test_no_request_blocks_the_loop(site: Site) -> None:
    root = await site.admin()
    with blockbuster_ctx("sokoul"):
        await _login(site, "root")
        for path in (
            "/health",
            "/health/deep",
            "/metrics",
            "/api/v1/setup",
            "/api/v1/auth/me",
            "/api/v1/openapi.json",
            "/api/v1/settings",
            "/api/v1/tasks",
            "/api/v1/admin/users",
            "/api/v1/admin/audit-logs",
            "/api/v1/admin/system/stats",
            "/nothing",
        ):
            reply = await site.ask("GET", path, root)
            assert reply.status in (200, 404), path
        reply = await site.ask("POST", "/api/v1/auth/api-keys", root, json={"name": "x"})
        assert reply.status == 201
