"""One place that builds every part and hands each only what it needs; imported by nobody but the start."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from sokoul import notify
from sokoul.app import api, applying, downloading, foundation, library, parts, searching, upkeep
from sokoul.app.foundation import Foundation
from sokoul.app.parts import Parts
from sokoul.config.model import Config
from sokoul.lifecycle import spare_the_started


async def serve(config: Config, *, locked: frozenset[str], demo: bool, stop: asyncio.Event) -> None:
    """Run the configured roles until `stop` is set; everything is closed in reverse order."""
    async with AsyncExitStack() as stack:
        if demo:
            from sokoul.demo import surroundings  # what only the demonstration needs stays out of the box

            config = await stack.enter_async_context(surroundings(config))
        base = await stack.enter_async_context(foundation.opened(config, locked=locked, demo=demo))
        applying.configure_log(base.config)
        upkeep.show_log(base, stack)
        built = await parts.build(base, stack)
        await applying.hear(base, built)
        await work(base, built, stack)
        address = await _address(base, built, stack)
        base.tasks.spawn("watchdog", notify.watchdog())
        spare_the_started()
        notify.ready(address, config.state_dir)
        await stop.wait()


async def work(base: Foundation, built: Parts, stack: AsyncExitStack) -> None:
    """Start the roles that work in the background."""
    built.meaning.remember()
    if base.has("scout"):
        library.employ(base, stack, lambda: searching.scout(base, built.search))
    if base.has("oracle"):
        library.employ(base, stack, lambda: searching.scorer(base, built.search))
        await built.meaning.read()
    if built.downloads.engine is not None:
        await downloading.hunt(
            base,
            built.downloads.engine,
            built.library.service,
            built.debrid.service,
            built.profiles.ceiling_of,
            built.library.reader,
            stack,
        )
    if base.has("hunter") or base.has("scheduler"):
        library.employ(base, stack, lambda: library.worker(base, built.library))
    if base.has("scheduler"):
        applying.library(base, library.Watch(base, built.library))
        upkeep.keep(base, built.providers)
        built.meaning.gather()
    if base.has("sentinel"):
        upkeep.watch(base)


async def _address(base: Foundation, built: Parts, stack: AsyncExitStack) -> str:
    """Where people find this process; one without the role `api` has no page."""
    http = base.config.http
    if not base.has("api"):
        return f"roles {','.join(base.config.roles)}"
    port = await api.start(base, built, stack)
    return notify.address(http.host, port, http.public_url)
