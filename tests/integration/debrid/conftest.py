"""Debrid services of the household: both fakes, real database, real cache."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from sokoul.domain.debrid import Service
from sokoul.domain.users import UserRole
from sokoul.features.accounts.ports import Caller
from sokoul.features.debrid.keys import DebridKeys
from sokoul.features.debrid.model import TorrentWish
from sokoul.features.debrid.service import DebridService
from sokoul.providers.debrid.registry import DebridClients
from sokoul.sealing import Vault
from sokoul.store.accounts import UserStore
from sokoul.store.buckets import RedisBuckets
from sokoul.store.cache import Cache
from sokoul.store.database import Database
from sokoul.store.debrid import DebridStore
from sokoul.testing.debrid_shelf import FakeFile, FakeTorrent
from sokoul.testing.fake_all_debrid import FakeAllDebrid
from sokoul.testing.fake_real_debrid import FakeRealDebrid
from sokoul.web.limits import LocalBuckets

HASH = "ab" * 20
NAME = "Sintel.2010.1080p.BluRay.x264-GRP"
FILM = FakeFile(f"{NAME}/{NAME}.mkv", b"\x1aE\xdf\xa3" + bytes(300_000))


@dataclass
class Services:
    """Both fakes, and the service that asks them for `alice`."""

    real: FakeRealDebrid
    all: FakeAllDebrid
    service: DebridService
    store: DebridStore
    alice: uuid.UUID

    @property
    def wish(self) -> TorrentWish:
        return TorrentWish(self.alice, f"magnet:?xt=urn:btih:{HASH}", HASH)

    def torrent(self, **more: object) -> FakeTorrent:
        """Known to both, in the same state."""
        torrent = FakeTorrent(HASH, NAME, (FILM,), **more)  # type: ignore[arg-type]  # its fields by name
        self.all.shelf.put(torrent)
        return self.real.shelf.put(torrent)


@pytest.fixture
async def services(database: Database, cache: Cache, tmp_path: Path) -> AsyncIterator[Services]:
    alice = await UserStore(database).add("alice", "a@example.org", UserRole.USER, "x", Caller())
    async with FakeRealDebrid() as real, FakeAllDebrid() as every, aiohttp.ClientSession() as http:
        addresses = {Service.REAL_DEBRID: real.base_url, Service.ALL_DEBRID: every.base_url}
        clients = DebridClients(http, addresses, RedisBuckets(cache.redis), LocalBuckets())
        store = DebridStore(database)
        keys = DebridKeys(store, Vault.load(tmp_path), clients)
        keys.use({Service.REAL_DEBRID: real.api_key, Service.ALL_DEBRID: every.api_key})
        yield Services(real, every, DebridService(keys, store, cache, at_once=0.4), store, alice.id)
