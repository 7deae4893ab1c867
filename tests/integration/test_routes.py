"""Every route, walked by everybody, against expectations that were written apart from the table."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from yarl import URL

from sokoul.domain.users import UserRole
from sokoul.store.database import Database
from sokoul.web.access import Route
from sokoul.web.routes import ROUTES
from sokoul.web.signing import Signer
from tests.integration.route_expectations import EXPECTED, LAN, SIGNED
from tests.site import Person, Site, close_site, open_site

PEOPLE = ("anonymous", "user", "moderator", "admin")
AFAR = {"X-Forwarded-For": "203.0.113.9"}
TABLE = {
    (route.method, _bare): route for route in ROUTES for _bare in [re.sub(r":[^{}]+\}", "}", route.path)]
}


def _expected() -> dict[tuple[str, str], tuple[str, ...]]:
    lines = [line.split() for line in EXPECTED.splitlines() if line.strip()]
    assert len({(line[0], line[1]) for line in lines}) == len(lines), "a route is expected twice"
    return {(line[0], line[1]): tuple(line[2:]) for line in lines}


def _fill(path: str) -> str:
    """An address for a template, with a UUID or a number in each place."""
    return re.sub(r"\{(\w+)\}", lambda match: str(uuid.UUID(int=7)) if "id" in match[1] else "7", path)


async def _reached(request: web.Request) -> web.Response:
    return web.Response(text="reached")


@pytest.fixture
async def doors(database: Database, tmp_path: Path) -> AsyncIterator[Site]:
    """All real routes with their real rights; behind each only a sign that it was reached."""
    routes: list[Route] = [replace(route, handler=_reached) for route in ROUTES]
    site = await open_site(
        database, tmp_path, routes=routes, settings={"http": {"trusted_proxies": ["127.0.0.2"]}}
    )
    yield site
    await close_site(site)


async def _everybody(site: Site) -> dict[str, Person | None]:
    return {
        "anonymous": None,
        "user": await site.person("alice"),
        "moderator": await site.person("mod", UserRole.MODERATOR),
        "admin": await site.admin(),
    }


def _seen(status: int, text: str, location: str) -> str:
    if status == 302:
        return "login" if location.startswith("/login?next=") else location
    return "in" if status == 200 and text in ("reached", "") else str(status)


def test_no_route_is_forgotten() -> None:
    expected = _expected()
    assert sorted(TABLE.keys() - expected.keys()) == [], "add these to route_expectations.py by hand"
    assert sorted(expected.keys() - TABLE.keys()) == [], "these are expected and do not exist"


def test_no_route_catches_all() -> None:
    wide = [route.path for route in ROUTES if re.search(r"\{\w+:\.[*+]", route.path)]
    assert all(path.startswith("/static/") for path in wide)


async def test_everybody_at_every_door(doors: Site) -> None:
    people = await _everybody(doors)
    wrong = []
    for (method, path), wanted in _expected().items():
        if (method, path) not in TABLE:
            continue
        methods = ("GET", "HEAD") if method == "GET" else (method,)
        for name, want in zip(PEOPLE, wanted, strict=True):
            for each in methods:
                reply = await doors.ask(each, _fill(path), people[name], headers=AFAR)
                text = await reply.text() if each != "HEAD" else ""
                seen = _seen(reply.status, text, reply.headers.get("Location", ""))
                if seen != want:
                    wrong.append(f"{each} {path} as {name}: {seen}, expected {want}")
    assert wrong == []


async def test_a_signed_address_opens_itself_and_nothing_else(doors: Site) -> None:
    alice, bob = await doors.person("alice"), await doors.person("bob")
    signer = Signer(doors.keys)
    signed = set(SIGNED.split())
    wrong = []
    for method, path in _expected():
        if method != "GET" or (method, path) not in TABLE or TABLE[method, path].page:
            continue
        address = _fill(path)
        own = signer.sign(address, user_id=alice.id)
        other = signer.sign("/api/v1/files/else/stream", user_id=alice.id)
        access = alice.access
        opens = [
            (await doors.ask("GET", f"{address}?token={token}", headers=AFAR)).status == 200
            for token in (own, other, access, own[:-4] + "AAAA", "x" * 5000, "")
        ]
        public = _expected()[method, path][0] == "in"
        if opens != [public or path in signed, *[public] * 5]:
            wrong.append(f"{path}: {opens}")
        if path in signed:
            copied = await doors.ask("GET", f"{address}?token={own}", bob, headers=AFAR)
            if copied.status != 403:
                wrong.append(f"{path}: {copied.status} for somebody else's token")
    assert wrong == []


async def test_the_local_network_only(database: Database, tmp_path: Path) -> None:
    routes = [replace(route, handler=_reached) for route in ROUTES]
    settings = {"http": {"trusted_proxies": ["127.0.0.1"]}}
    site = await open_site(database, tmp_path, routes=routes, settings=settings)
    try:
        for method, path in _expected():
            if (method, path) not in TABLE or path not in LAN.split():
                continue
            for address, status in {
                "203.0.113.9": 403,
                "2001:db8::1": 403,
                "192.168.1.20": 200,
                "fe80::1": 200,
                "::ffff:10.0.0.1": 200,
                "::ffff:8.8.8.8": 403,
            }.items():
                reply = await site.ask(method, _fill(path), headers={"X-Forwarded-For": address})
                assert reply.status == status, (path, address)
        assert set(LAN.split()) >= {path for _, path in TABLE if path.startswith("/dlna/")}
    finally:
        await close_site(site)


async def test_no_other_spelling_of_a_path_gets_in(doors: Site) -> None:
    wrong = []
    for method, path in _expected():
        if (method, path) not in TABLE or _expected()[method, path][0] == "in":
            continue
        address = _fill(path)
        for spelled in (
            "/" + address,
            address + "/",
            address + "/.",
            address + "%00",
            "/" + address[1:].replace("/", "%2f"),
            "/%2e" + address,
            address.replace("/api/", "/api/..;/api/"),
            address.replace("/api/", "/api/./"),
            address.replace("/api/", "/x/../api/"),
            address.replace("/api/", "/API/"),
            address + ";x",
        ):
            if spelled == address:
                continue
            url = URL(f"{doors.origin}{spelled}", encoded=True)
            async with doors.client.session.request(
                method, url, allow_redirects=False, headers=AFAR
            ) as reply:
                if await reply.text() == "reached":
                    wrong.append(f"{method} {spelled}")
    assert wrong == []


async def test_what_does_not_exist_looks_the_same_to_everybody(doors: Site) -> None:
    people = await _everybody(doors)
    for path in ("/api/v1/nothing", "/api/v1/auth", "/nothing", "/static"):
        assert {(await doors.ask("GET", path, who)).status for who in people.values()} == {404}
    reply = await doors.ask("DELETE", "/api/v1/auth/me", people["user"])
    assert reply.status == 405
    assert set(reply.headers["Allow"].split(",")) == {"GET", "HEAD"}
    assert reply.content_type == "application/problem+json"
