"""Health, figures, dead letters, settings and the machine."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable

from sokoul import metrics
from sokoul.domain.errors import Unavailable
from sokoul.features.health.service import HealthService
from sokoul.store.cache import Cache
from sokoul.web.keys import CACHE, DEAD_LETTERS
from sokoul.web.routes import ROUTES
from tests.integration.house import House
from tests.site import Site

Sites = Callable[..., Awaitable[Site]]


async def test_figures_and_deep_health_are_not_for_everybody(sites: Sites) -> None:
    site = await sites(settings={"metrics": {"token": "a long token"}})
    alice = await site.person("alice")
    away = {"X-Forwarded-For": "127.0.0.1"}
    for path in ("/metrics", "/health/deep"):
        assert (await site.ask("GET", path)).status == 200
        assert (await site.ask("GET", path, headers=away)).status == 401
        assert (await site.ask("GET", path, alice, headers=away)).status == 403
        for given, status in (("a long token", 200), ("a long toke", 401), ("", 401)):
            headers = {**away, "Authorization": f"Bearer {given}"}
            assert (await site.ask("GET", path, headers=headers)).status == status
    text = await (await site.ask("GET", "/metrics")).text()
    assert 'sokoul_api_requests_total{endpoint="/metrics",method="GET",status="200"}' in text


async def test_random_addresses_add_no_series(site: Site) -> None:
    await site.ask("GET", "/api/v1/nothing/0")
    before = (await (await site.ask("GET", "/metrics")).text()).count("\n")
    for number in range(200):
        await site.ask("GET", f"/api/v1/nothing/{number}")
        await site.ask("GET", f"/api/v1/tasks/{number}?title={number}")
    after = (await (await site.ask("GET", "/metrics")).text()).count("\n")
    assert after - before < 50


async def test_deep_health_says_what_is_down(sites: Sites) -> None:
    async def fine() -> None:
        return None

    async def broken() -> None:
        raise Unavailable("PostgreSQL does not answer")

    for required, status, word in (
        (frozenset({"postgres"}), 503, "down"),
        (frozenset[str](), 200, "degraded"),
    ):
        health = HealthService({"postgres": broken, "redis": fine}, required=required)
        site = await sites(health=health)
        reply = await site.ask("GET", "/health/deep")
        answer = await reply.json()
        assert (reply.status, answer["status"]) == (status, word)
        assert answer["checks"]["redis"]["status"] == "ok"
        assert answer["checks"]["postgres"]["latency_ms"] >= 0


async def test_dead_letters_are_listed_retried_once_and_thrown_away(site: Site) -> None:
    root = await site.admin()
    letters = site.app[DEAD_LETTERS]
    for name in ("a", "b"):
        await letters.bury(  # type: ignore[attr-defined]  # the real store, not only the port
            subject="JOBS.x",
            message_id=name,
            payload={"id": name},
            error="it broke",
            deliveries=5,
            trail_id="t",
        )
    listed = await (await site.ask("GET", "/api/v1/admin/dead-letters?page_size=1", root)).json()
    assert (listed["total"], len(listed["items"]), listed["page_size"]) == (2, 1, 1)
    path = f"/api/v1/admin/dead-letters/{listed['items'][0]['id']}"
    assert (await site.ask("POST", f"{path}/retry", root)).status == 202
    assert (await site.ask("POST", f"{path}/retry", root)).status == 409
    assert (await site.ask("DELETE", path, root)).status == 204
    assert (await site.ask("DELETE", path, root)).status == 404
    assert (await site.ask("POST", "/api/v1/admin/dead-letters/nonsense/retry", root)).status == 404


async def test_the_cache_is_counted_and_emptied_of_answers_alone(sites: Sites, cache: Cache) -> None:
    site = await sites(services={CACHE: cache})
    root = await site.admin()
    await cache.clear("search:", "tmdb:", "tvmaze:")
    for key in ("search:answer:a", "tmdb:b", "tvmaze:c", "limit:d"):
        await cache.put(key, b"kept", seconds=60)
    told = await (await site.ask("GET", "/api/v1/admin/cache", root)).json()
    assert told == {"keys": 3, "kinds": {"search": 1, "metadata": 2}}
    assert (await site.ask("DELETE", "/api/v1/admin/cache", root)).status == 204
    assert (await (await site.ask("GET", "/api/v1/admin/cache", root)).json())["keys"] == 0
    assert await cache.get("limit:d") == b"kept"


async def test_settings_show_no_secret(sites: Sites) -> None:
    secret = "hunter2hunter2"
    site = await sites(
        settings={
            "providers": {
                "tmdb": {"api_key": secret},
                "indexers": [
                    {"name": "nas", "type": "torznab", "url": f"http://u:{secret}@nas/api?apikey={secret}"}
                ],
            },
            "services": {"postgres": f"postgresql://u:{secret}@host/db"},
            "metrics": {"token": secret},
            "smtp": {"url": f"smtp://u:{secret}@mail"},
        }
    )
    root = await site.admin()
    text = await (await site.ask("GET", "/api/v1/settings", root)).text()
    assert secret not in text
    settings = json.loads(text)["settings"]
    assert settings["providers"]["tmdb"]["api_key"] == "********"
    assert settings["providers"]["omdb"]["api_key"] is None
    assert settings["library"]["import"] == "hardlink"


async def test_system_stats_are_for_moderators(site: Site) -> None:
    root = await site.admin()
    stats = await (await site.ask("GET", "/api/v1/admin/system/stats", root)).json()
    assert stats["memory_total_bytes"] > stats["memory_available_bytes"] > 0
    assert stats["disks"][0]["total_bytes"] > 0


async def test_there_are_not_too_many_series(house: House) -> None:
    """After every route was asked once, signed in and not; what other tests asked does not count."""
    for name in ("API_REQUESTS", "API_DURATION", "API_REQUEST_SIZE", "API_RESPONSE_SIZE"):
        getattr(metrics, name).clear()
    for route in ROUTES:
        path = re.sub(r"\{(\w+)(:[^{}]+)?\}", "7", route.path)
        if route.method == "GET" and path != "/ws":
            for headers in ({}, {"Authorization": f"Bearer {house.tokens['bob']}"}):
                async with house.http.get(house.url + path, headers=headers, allow_redirects=False) as reply:
                    await reply.read()
    async with house.http.get(f"{house.url}/metrics") as reply:
        lines = (await reply.text()).splitlines()
    assert len([line for line in lines if not line.startswith("#")]) < 2000
