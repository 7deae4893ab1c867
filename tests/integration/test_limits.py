"""How often one may ask, as HTTP tells it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from sokoul.web.access import USER, Route
from sokoul.web.routes import ROUTES
from tests.site import PASSWORD, Site

Sites = Callable[..., Awaitable[Site]]
LOGIN = "/api/v1/auth/login"


async def test_sign_ins_are_limited_by_address_however_it_is_spelled(sites: Sites) -> None:
    site = await sites(settings={"limits": {"logins_per_minute": 5}})
    await site.person("alice")
    statuses = []
    for number in range(8):
        reply = await site.ask(
            "POST",
            LOGIN,
            json={"username": f"user{number}", "password": "wrong password"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )
        statuses.append(reply.status)
    assert statuses == [401] * 5 + [429] * 3
    assert 1 <= int(reply.headers["Retry-After"]) <= 12


async def test_an_account_is_closed_after_ten_failures_from_anywhere(sites: Sites) -> None:
    site = await sites(
        settings={"limits": {"logins_per_minute": 5}, "http": {"trusted_proxies": ["127.0.0.1"]}}
    )
    await site.person("alice")
    await site.person("bob")

    async def attempt(name: str, number: int, password: str) -> int:
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        body = {"username": name, "password": password}
        return (await site.ask("POST", LOGIN, json=body, headers=headers)).status

    assert [await attempt("alice", number, "wrong password") for number in range(10)] == [401] * 10
    assert await attempt("ALICE", 50, PASSWORD) == 429
    assert await attempt("bob", 51, PASSWORD) == 200
    assert [await attempt("nobody", number, "wrong password") for number in range(11)] == [401] * 10 + [429]


async def test_requests_are_limited_by_user_and_search(sites: Sites) -> None:
    limits = {"user_per_minute": 10, "search_per_minute": 3, "ip_per_minute": 1000, "logins_per_minute": 0}

    async def found(request: web.Request) -> web.Response:
        return web.json_response({})

    routes = (Route("POST", "/api/v1/seek", found, USER, limit="search"), *ROUTES)
    site = await sites(settings={"limits": limits}, routes=routes)
    alice, bob = await site.person("alice"), await site.person("bob")
    replies = [await site.ask("POST", "/api/v1/seek", alice) for _ in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert replies[0].headers["X-RateLimit-Limit"] == "3"
    assert replies[0].headers["X-RateLimit-Remaining"] == "2"
    assert replies[3].headers["X-RateLimit-Remaining"] == "0"
    assert int(replies[3].headers["Retry-After"]) >= 1
    replies = [await site.ask("GET", "/api/v1/auth/me", alice) for _ in range(8)]
    assert [reply.status for reply in replies] == [200] * 7 + [429]
    assert (await site.ask("GET", "/api/v1/auth/me", bob)).status == 200


async def test_hundred_forged_addresses_are_one_bucket(sites: Sites) -> None:
    site = await sites(
        settings={"limits": {"ip_per_minute": 50, "logins_per_minute": 0, "user_per_minute": 0}}
    )
    statuses = [
        (await site.ask("GET", "/api/v1/setup", headers={"X-Forwarded-For": f"1.2.3.{n}"})).status
        for n in range(100)
    ]
    assert statuses.count(200) in (50, 51)


async def test_limits_off_say_nothing(site: Site) -> None:
    alice = await site.person("alice")
    for _ in range(150):
        reply = await site.ask("GET", "/api/v1/auth/me", alice)
    assert reply.status == 200
    assert "X-RateLimit-Limit" not in reply.headers


async def test_one_household_is_one_caller_whatever_its_ipv6_address(sites: Sites) -> None:
    limits = {"ip_per_minute": 5, "logins_per_minute": 0, "user_per_minute": 0}
    site = await sites(settings={"limits": limits, "http": {"trusted_proxies": ["127.0.0.1"]}})

    async def ask(address: str) -> int:
        return (await site.ask("GET", "/api/v1/setup", headers={"X-Forwarded-For": address})).status

    assert [await ask(f"2001:db8::{n}") for n in range(1, 8)] == [200] * 5 + [429] * 2
    assert await ask("2001:db8:0:1::1") == 200
    assert await ask("192.0.2.1") == 200
