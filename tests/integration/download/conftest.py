"""A film, a swarm that has it, and the parts that fetch it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from sokoul.bus.bus import Bus
from sokoul.domain.users import User
from sokoul.store.database import Database
from sokoul.testing.swarm import Shared, Swarm
from tests.integration.download.rig import Rig
from tests.site import Site
from tests.torrents import film

RATE = 2_000_000


@pytest.fixture
async def swarm(tmp_path: Path) -> AsyncIterator[Swarm]:
    async with Swarm(tmp_path / "swarm", rate=RATE) as swarm:
        yield swarm


@pytest.fixture
async def shared(swarm: Swarm) -> Shared:
    return await swarm.share(film())


@pytest.fixture
async def rigs(
    database: Database, bus: Bus, tmp_path: Path, swarm: Swarm
) -> AsyncIterator[Callable[..., Awaitable[Rig]]]:
    """Makes rigs that are closed at the end: `await rigs(max_active=1)`."""
    opened: list[Rig] = []

    async def make(
        *, worker: str = "worker-1", lease: float = 3.0, patience: float = 30.0, **settings: Any
    ) -> Rig:
        rig = Rig(database, bus, tmp_path / "box", swarm, **settings)
        await rig.open(worker=worker, lease=lease, patience=patience)
        opened.append(rig)
        return rig

    yield make
    for rig in reversed(opened):
        await rig.close()


@pytest.fixture
async def rig(rigs: Callable[..., Awaitable[Rig]]) -> Rig:
    return await rigs()


@pytest.fixture
async def alice(site: Site) -> User:
    person = await site.person("alice")
    return User(person.id, "alice", "alice@example.org", person.account.role)
