"""One place that builds every part and hands each only what it needs; imported by nobody but the start."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from sokoul import notify
from sokoul.app import api, foundation
from sokoul.config.model import Config


async def serve(config: Config, *, locked: frozenset[str], demo: bool, stop: asyncio.Event) -> None:
    """Run the configured roles until `stop` is set; everything is closed in reverse order."""
    async with AsyncExitStack() as stack:
        if demo:
            from sokoul.demo import surroundings  # what only the demonstration needs stays out of the box

            config = await stack.enter_async_context(surroundings(config))
        base = await stack.enter_async_context(foundation.opened(config, locked=locked, demo=demo))
        url = await api.start(base, stack)
        base.tasks.spawn("watchdog", notify.watchdog())
        notify.ready(url, config.state_dir)
        await stop.wait()
