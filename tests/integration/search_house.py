"""A household that searches: real database, cache and bus, sources of the test's choice, a running worker."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

import aiohttp

from sokoul.bus.bus import Bus
from sokoul.bus.outbox import Outbox
from sokoul.domain.quality import QualityProfile
from sokoul.features.search.model import Asked, SearchWish
from sokoul.features.search.service import SearchService, Times
from sokoul.features.search.sources import Sources
from sokoul.lifecycle import Tasks
from sokoul.providers.guarded import Guarded
from sokoul.providers.plugin import IndexerConfig
from sokoul.providers.registry import INDEXERS
from sokoul.store.cache import Cache
from sokoul.store.database import Database
from sokoul.store.household import Household
from sokoul.store.library_offers import LibraryOffers
from sokoul.store.outbox import DeadLetters, OutboxStore
from sokoul.store.searches import SearchStore
from sokoul.testing.fake_indexer import FakeIndexer
from sokoul.testing.fixed_profiles import FixedProfiles
from sokoul.workers import scout
from tests.waiting import until

KINDS = ("torznab", "jackett", "prowlarr")


class SearchHouse:
    """A household with its sources, the service and a running worker."""

    def __init__(self, database: Database, cache: Cache, bus: Bus, stack: AsyncExitStack) -> None:
        self.database, self.cache, self.bus, self.stack = database, cache, bus, stack
        self.store = SearchStore(database)
        self.tasks = Tasks("test")
        self.outbox = Outbox(OutboxStore(database), bus)
        self.sources = Sources(library=LibraryOffers(database))
        self.service = self.make(timeout=10)
        self.events: list[dict[str, Any]] = []

    def make(self, *, timeout: float) -> SearchService:
        known = {"hd": QualityProfile(prefer_codecs=("hevc",)), "any": QualityProfile("any", 0)}
        profiles = FixedProfiles(known, "hd")
        return SearchService(
            self.sources,
            profiles,
            store=self.store,
            household=Household(self.database),
            cache=self.cache,
            live=self.bus,
            wake=self.outbox.wake,
            times=Times(timeout=timeout),
        )

    async def open(self, *, timeout: float = 10) -> None:
        self.service = self.make(timeout=timeout)
        await self.bus.on_live(self._hear)
        queue = self.bus.jobs(*scout.SEARCH)
        worker = scout.scout(self.service, queue, DeadLetters(self.database))
        scorer = scout.scorer(self.service, self.bus.jobs(*scout.SCORE), DeadLetters(self.database))
        self.tasks.spawn("outbox", self.outbox.run())
        for each in (worker, scorer):
            self.stack.push_async_callback(each.stop)
            self.tasks.spawn("worker", each.run())

    async def _hear(self, topic: str, frame: bytes) -> None:
        self.events.append(json.loads(frame))

    async def indexers(self, *fakes: FakeIndexer, kinds: Sequence[str] = KINDS) -> None:
        http = await self.http()
        built = []
        for number, (fake, kind) in enumerate(zip(fakes, kinds, strict=False)):
            url = fake.torznab_url if kind == "torznab" else fake.url
            config = IndexerConfig(f"source{number}", url, "fake-key")
            built.append(Guarded(INDEXERS[kind](config, http, None)))
        self.sources.indexers = built

    async def http(self) -> aiohttp.ClientSession:
        return await self.stack.enter_async_context(aiohttp.ClientSession())

    async def user(self, name: str = "alice") -> uuid.UUID:
        found: uuid.UUID = await self.database.value(
            "INSERT INTO users (username, email, password_hash, role) VALUES ($1, $1 || '@x', '', 'user')"
            " RETURNING id",
            name,
        )
        return found

    async def search(self, by: uuid.UUID, query: str = "Dune 2", **more: Any) -> dict[str, Any]:
        """Ask, wait for the end, read."""
        asked = await self.service.request(SearchWish(query, **more), by)
        return await self.ended(asked, by)

    async def ended(self, asked: Asked, by: uuid.UUID) -> dict[str, Any]:
        async def end() -> dict[str, Any] | None:
            told: dict[str, Any] = json.loads(await self.service.answer(asked.search_id, by))
            return told if told["status"] in {"completed", "failed"} else None

        found = await until(end, within=30)
        assert found is not None
        return found
