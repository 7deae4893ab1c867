"""The parts of searching: the service, the scout that runs the jobs."""

from __future__ import annotations

import asyncio
import shutil

from sokoul.app.foundation import Foundation
from sokoul.config.model import Config
from sokoul.domain.rules.facts import Policy
from sokoul.features.search.ports import ProfileBook, Ready
from sokoul.features.search.running import Times
from sokoul.features.search.service import SearchService
from sokoul.features.search.sources import Sources
from sokoul.store.household import Household
from sokoul.store.outbox import DeadLetters
from sokoul.store.searches import SearchStore
from sokoul.workers import scout as workers
from sokoul.workers.worker import Worker


def service(base: Foundation, asked: Sources, profiles: ProfileBook, ready: Ready) -> SearchService:
    """The one search service of this process."""
    return SearchService(
        asked,
        profiles,
        store=SearchStore(base.database),
        household=household(base),
        cache=base.cache,
        live=base.bus,
        wake=base.outbox.wake,
        times=times(base.config),
        ready=ready,
    )


def times(config: Config) -> Times:
    """How long a search may take, and how long its answer is kept."""
    return Times(config.search.timeout, float(config.search.cache_ttl))


def household(base: Foundation) -> Household:
    """What the house has and does, with the room that its downloads have."""
    settings = base.config.torrent

    async def free() -> int | None:
        try:
            return (await asyncio.to_thread(shutil.disk_usage, settings.directory)).free
        except OSError:
            return None  # another machine's folder, or none yet: nothing is known

    return Household(base.database, Policy(keep_free_bytes=settings.min_free_bytes), free)


def scout(base: Foundation, search: SearchService) -> Worker:
    """Does the searches that somebody asked for."""
    return workers.scout(search, base.bus.jobs(*workers.SEARCH), DeadLetters(base.database))


def scorer(base: Foundation, search: SearchService) -> Worker:
    """Judges results anew."""
    return workers.scorer(search, base.bus.jobs(*workers.SCORE), DeadLetters(base.database))
