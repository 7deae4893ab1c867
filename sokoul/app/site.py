"""The HTTP side: the application with its services, listening."""

from __future__ import annotations

import socket
from contextlib import AsyncExitStack

from aiohttp import web

from sokoul.config.model import Http
from sokoul.domain.errors import SokoulError

# What runs when the end begins gets this long to finish.
DRAIN = 10.0


async def listen(app: web.Application, http: Http, stack: AsyncExitStack) -> int:
    """Serve until the stack closes; returns the port."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=DRAIN, handler_cancellation=True)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        site = web.TCPSite(runner, http.host, http.port, reuse_address=True, backlog=512)
        await site.start()
    except (OSError, socket.gaierror) as err:
        raise SokoulError(
            f"Cannot listen on {http.host}:{http.port}: {err.strerror or err}. Choose another http.port."
        ) from err
    address = runner.addresses[0]
    return int(address[1])
