"""The parts of searching: the service, the scout that runs the jobs."""

from __future__ import annotations

from sokoul.app.foundation import Foundation
from sokoul.config.model import Config
from sokoul.features.search.ports import ProfileBook, Ready
from sokoul.features.search.running import Times
from sokoul.features.search.service import SearchService
from sokoul.features.search.sources import Sources
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
        cache=base.cache,
        live=base.bus,
        wake=base.outbox.wake,
        times=times(base.config),
        ready=ready,
    )


def times(config: Config) -> Times:
    """How long a search may take, and how long its answer is kept."""
    return Times(config.search.timeout, float(config.search.cache_ttl))


def scout(base: Foundation, search: SearchService) -> Worker:
    """Does the searches that somebody asked for."""
    return workers.scout(search, base.bus.jobs(*workers.SEARCH), DeadLetters(base.database))


def scorer(base: Foundation, search: SearchService) -> Worker:
    """Judges results anew."""
    return workers.scorer(search, base.bus.jobs(*workers.SCORE), DeadLetters(base.database))
