"""The HTTP side: the application, listening."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack

from aiohttp import web

from sokoul.domain.errors import SokoulError

# What runs when the end begins gets this long to finish.
DRAIN = 10.0


async def listen(app: web.Application, host: str, ports: Sequence[int], stack: AsyncExitStack) -> list[int]:
    """Serve until the stack closes; returns the ports, of which a wished 0 became a free one."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=DRAIN, handler_cancellation=True)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    for port in ports:
        try:
            await web.TCPSite(runner, host, port, reuse_address=True, backlog=512).start()
        except OSError as err:
            raise SokoulError(f"Cannot listen on {host}:{port}: {err.strerror or err}") from err
    return [int(address[1]) for address in runner.addresses]
