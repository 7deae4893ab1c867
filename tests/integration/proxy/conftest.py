"""A site whose stream proxy may reach two fake servers on loopback, and nothing else inside."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from sokoul.outbound import OutboundGuard
from sokoul.remote import Headers, Place, Remote
from sokoul.store.database import Database
from sokoul.testing.fake_streams import FakeStreams
from sokoul.web import keys
from sokoul.web.proxying import StreamProxy
from tests.site import Person, Site, close_site, open_site


@dataclass
class Proxied:
    """The site, a person, and two servers that are allowed."""

    site: Site
    alice: Person
    here: FakeStreams
    there: FakeStreams
    proxy: StreamProxy

    def address(self, url: str, headers: Headers = (), *, user: uuid.UUID | None = None, **more: Any) -> str:
        tickets = self.site.app[keys.TICKETS]
        return tickets.address(user or self.alice.id, Place(url, headers), **more)

    async def get(self, address: str, who: Person | None = None, **more: Any) -> ClientResponse:
        return await self.site.ask(more.pop("method", "GET"), address, who, **more)


@pytest.fixture
async def proxied(database: Database, tmp_path: Path) -> AsyncIterator[Proxied]:
    async with FakeStreams() as here, FakeStreams() as there:
        guard = OutboundGuard([f"127.0.0.1:{here.port}", f"127.0.0.1:{there.port}"])
        async with guard.session() as http:
            proxy = StreamProxy(Remote(guard, http))
            site = await open_site(database, tmp_path, services={keys.PROXY: proxy})
            yield Proxied(site, await site.person(), here, there, proxy)
            await close_site(site)
