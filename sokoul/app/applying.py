"""Who hears of changed settings while the daemon runs."""

from __future__ import annotations

import asyncio

from sokoul import log
from sokoul.app import library as shelves
from sokoul.app import profiles, searching
from sokoul.app.foundation import Foundation
from sokoul.app.parts import Parts
from sokoul.config.model import Config
from sokoul.config.schema import fields
from sokoul.features.providers.service import WAKE
from sokoul.features.settings.service import SIGNAL
from sokoul.web.limits import Limits
from sokoul.web.live import Hub

# Seconds after which a process looks by itself, for a signal may be lost.
_LOOK_EVERY = 30.0


async def hear(base: Foundation, parts: Parts) -> None:
    """Put to use what is changed here or by another process of the household."""
    settings = base.settings
    settings.on_change(tuple(fields(Config)), configure_log)
    settings.on_change(("http.outbound_allow",), lambda now: base.guard.list_allowed(now.http.outbound_allow))
    settings.on_change(("providers", "cache", "search"), parts.sources.use)
    settings.on_change(("providers.debrid", "http.outbound_allow"), parts.debrid.use)
    settings.on_change(("oracle.embeddings",), parts.meaning.use)
    settings.on_change(("search",), lambda now: parts.search.use(searching.times(now)))
    settings.on_change(("quality",), lambda now: parts.profiles.use(*profiles.configured_now(now)))
    settings.on_change(("oracle", "providers.tmdb.language"), parts.model.use)
    settings.on_change(("limits",), lambda now: parts.downloads.service.limit(now.limits.downloads))
    settings.on_change(("library", "providers.tmdb"), lambda now: shelves.use(parts.library, now))

    async def told(_: object) -> None:
        await settings.refresh()

    async def look() -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            await settings.refresh()

    await base.bus.on_signal(SIGNAL, told)
    await base.bus.on_signal(WAKE, parts.providers.heard)
    base.tasks.supervise("settings", look)


def library(base: Foundation, watch: shelves.Watch) -> None:
    """The process that watches the folders watches the new ones."""
    base.settings.on_change(("library",), lambda _: watch.again())


def site(base: Foundation, limits: Limits, hub: Hub) -> None:
    """The process that serves the pages counts by the new limits."""

    def use(now: Config) -> None:
        limits.config = now.limits
        hub.most_per_ip = now.limits.websockets_per_ip

    base.settings.on_change(("limits",), use)


def configure_log(now: Config) -> None:
    """Level and form; what was entered on the web must not be logged either."""
    log.configure(now.log.level, now.log.format, secrets=log.secrets_of(now))
