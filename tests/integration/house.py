"""The whole application as it is wired to run, on the servers of the tests, with four people in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from sokoul.app import api, foundation, parts
from sokoul.bus.bus import Bus
from sokoul.config.model import Config
from sokoul.domain.users import UserRole
from sokoul.engines.embedded.servers import Urls
from sokoul.features.accounts.service import AccountService
from sokoul.web.signing import KeyRing
from tests.site import OFF, PASSWORD, make_accounts

PEOPLE = {
    "root": UserRole.ADMIN,
    "alice": UserRole.USER,
    "bob": UserRole.USER,
    "mod": UserRole.MODERATOR,
}


@dataclass
class House:
    """The application with three people in it."""

    http: ClientSession
    url: str
    tokens: dict[str, str]

    async def ask(self, who: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        async with self.http.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers) as reply:
            return reply.status, await reply.json() if reply.content_length else None


@pytest.fixture
async def house(servers: Urls, database_url: str, bus: Bus, tmp_path: Path) -> AsyncIterator[House]:
    services = {"postgres": database_url, "redis": servers.redis, "nats": servers.nats}
    folders = {"movies": tmp_path / "movies", "series": tmp_path / "series", "watch": False}
    config = Config.model_validate(
        {
            "state_dir": tmp_path,
            "roles": ["api"],
            "http": {"host": "127.0.0.1", "port": 0},
            "services": services,
            "library": folders,
            "torrent": {"directory": tmp_path / "downloads", "listen": "127.0.0.1:0"},
            "providers": {"tvmaze": {"enabled": False}, "wikidata": {"enabled": False}},
            "limits": {**OFF, "downloads": 0},
        }
    )
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(foundation.opened(config, locked=frozenset(), demo=False))
        port = await api.start(base, await parts.build(base, stack), stack)
        http = await stack.enter_async_context(ClientSession())
        people = make_accounts(base.database, tmp_path, KeyRing.generate(), config)
        yield await inhabited(http, f"http://127.0.0.1:{port}", people)
        people.close()


async def inhabited(http: ClientSession, url: str, people: AccountService) -> House:
    """Accounts hashed at the lowest cost, signed in as everybody signs in."""
    house = House(http, url, {})
    for name, role in PEOPLE.items():
        await people.add(name, f"{name}@example.org", role, PASSWORD)
        body = {"username": name, "password": PASSWORD}
        async with http.post(f"{url}/api/v1/auth/login", json=body) as reply:
            house.tokens[name] = (await reply.json())["access_token"]
    http.cookie_jar.clear()
    return house
