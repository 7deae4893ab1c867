"""The sources of this process: built from the table, and built anew where the settings changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from sokoul import metrics
from sokoul.app.foundation import Foundation
from sokoul.app.sources.materials import Materials, Row
from sokoul.app.sources.table import KNOWLEDGE, SEARCHERS
from sokoul.config.model import Config
from sokoul.features.health.service import Check, Degraded
from sokoul.features.providers.model import Ask
from sokoul.features.search.catalogue import Catalogue
from sokoul.features.search.ports import Indexer
from sokoul.features.search.sources import Sources
from sokoul.providers.breaker import Breakers, CircuitBreaker
from sokoul.providers.metadata.sources import MetadataSources, Source
from sokoul.providers.plugin import AnswersRaw
from sokoul.store.library_offers import LibraryOffers

log = structlog.get_logger(__name__)

# Seconds past a search's time limit after which nobody uses replaced sources any more.
_LET_GO_AFTER = 10.0


@dataclass(frozen=True)
class _Built:
    settings: Any
    made: Sequence[Any]
    materials: Materials


class Assembly:
    """What is asked: `sources` by searches, `knowledge` by whoever needs facts, `catalogue` by pages."""

    def __init__(
        self,
        base: Foundation,
        *,
        observe: Callable[[Ask], None] | None = None,
        searchers: Sequence[Row[Any, Indexer]] = SEARCHERS,
        knowledge: Sequence[Row[Any, Source]] = KNOWLEDGE,
    ) -> None:
        self._base, self._searchers, self._knowing = base, searchers, knowledge
        self._built: dict[str, _Built] = {}
        self._patience = base.config.search.timeout
        self.breakers = Breakers(observe)
        self._guests: dict[str, str] = {}
        self.knowledge = MetadataSources([])
        self.sources = Sources((), self.knowledge, LibraryOffers(base.database))
        self.catalogue = Catalogue(None)

    def use(self, config: Config) -> None:
        """Ask what `config` says from now on; what it leaves as it was goes on untouched."""
        self._patience = max(self._patience, config.search.timeout)
        searchers = self._all(self._searchers, config)
        knowledge = self._all(self._knowing, config)
        using = [one.materials for one in self._built.values()]
        self._base.guard.allow_configured({url for each in using for url in each.addresses})
        self._forget()
        self.knowledge.use(knowledge)
        self.sources.replace(searchers, self.knowledge)
        self.catalogue.use(next((each for each in knowledge if isinstance(each, AnswersRaw)), None))

    async def close(self) -> None:
        """End what the sources hold."""
        for one in self._built.values():
            await one.materials.closing.aclose()

    def guest(self, name: str, family: str, settings: object) -> CircuitBreaker:
        """The breaker of a source that is built elsewhere, so that its history is kept like all others'."""
        self._guests[name] = family
        return self.breakers.of(name, settings)

    def farewell(self, name: str) -> None:
        """A guest is asked no more."""
        if self._guests.pop(name, None) is not None:
            self._forget()

    def asked(self) -> dict[str, str]:
        """The row of the table that each source comes from, by the source's name."""
        built = {name: row for row, one in self._built.items() for name in one.materials.names}
        return built | self._guests

    def resting(self) -> dict[str, datetime]:
        """Which sources this process leaves in peace, and until when."""
        now = datetime.now(UTC)
        breakers = [breaker for breaker in self.breakers.all() if breaker.state == "open"]
        return {breaker.name: now + timedelta(seconds=breaker.rests_for) for breaker in breakers}

    def wake(self, name: str) -> None:
        """Ask this one again."""
        self.breakers.reset(name)

    def checks(self) -> dict[str, Check]:
        """Which sources are left in peace because they fail, and what the rows add."""
        failing = {f"provider {breaker.name}": _asked(breaker) for breaker in self.breakers.all()}
        return failing | {
            name: check for one in self._built.values() for name, check in one.materials.checks.items()
        }

    def _forget(self) -> None:
        for gone in self.breakers.keep(self.asked()):
            metrics.forget_provider(gone)

    def _all(self, rows: Iterable[Row[Any, Any]], config: Config) -> list[Any]:
        return [each for row in rows for each in self._row(row, config).made]

    def _row(self, row: Row[Any, Any], config: Config) -> _Built:
        settings, before = row.settings(config), self._built.get(row.name)
        if before is not None and before.settings == settings:
            return before
        base = self._base
        materials = Materials(base.http, base.cache, self.breakers, AsyncExitStack())
        built = self._built[row.name] = _Built(settings, _made(row.build, settings, materials), materials)
        if before is not None:
            base.tasks.spawn(f"let {row.name} go", self._let_go(before))
        return built

    async def _let_go(self, old: _Built) -> None:
        """Searches that began with them may still ask."""
        try:
            await asyncio.sleep(self._patience + _LET_GO_AFTER)
        finally:
            await old.materials.closing.aclose()


def _made(
    build: Callable[[Any, Materials], Sequence[Any]], settings: Any, materials: Materials
) -> Sequence[Any]:
    """A kind of source that cannot be built is missing, and nothing else is."""
    try:
        return build(settings, materials)
    except Exception:
        log.exception("sources could not be built", kind=getattr(build, "__name__", "?"))
        return ()


def _asked(breaker: CircuitBreaker) -> Check:
    async def check() -> None:
        if breaker.state == "open":
            raise Degraded(f"{breaker.name} fails; it is asked again in {breaker.rests_for:.0f} s (open)")
        if breaker.state == "half-open":
            raise Degraded(f"{breaker.name} failed; the next search tries it once (half-open)")

    return check
