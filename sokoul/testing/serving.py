"""What the shipped fakes share: a server on a free loopback port, faults on demand, a command line."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any, Self

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FakeServer:
    """An aiohttp application on loopback; `async with` starts and stops it.

    `hang` (seconds) delays every answer, `status` replaces every answer by that status, `body` by those
    bytes; `requests` remembers what was asked.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None
        self.hang = 0.0
        self.status: int | None = None
        self.body: bytes | None = None
        self.requests: list[web.BaseRequest] = []

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        """http://host:port, without a slash at the end."""
        return f"http://{self._host}:{self._port}"

    def routes(self) -> list[web.RouteDef]:
        """What is served; each fake tells its own."""
        raise NotImplementedError

    async def start(self) -> Self:
        @web.middleware
        async def faults(request: web.Request, handler: Answer) -> web.StreamResponse:
            return await self._faults(request, handler)

        app = web.Application(middlewares=[faults])
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = int(self._runner.addresses[0][1])
        return self

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _faults(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        self.requests.append(request)
        if self.hang:
            await asyncio.sleep(self.hang)
        if self.status is not None:
            return web.Response(status=self.status, body=self.body or b"")
        if self.body is not None:
            return web.Response(body=self.body, content_type="application/octet-stream")
        return await answer(request)


def document(told: Any, *, status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.Response(
        body=json.dumps(told, ensure_ascii=False).encode(), status=status, content_type="application/json"
    )


def run_by_hand(what: str, make: Callable[[int], FakeServer]) -> None:
    """`python -m sokoul.testing.fake_… --port N`: serve until interrupted."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    arguments = parser.parse_args()

    async def serve() -> None:
        async with make(arguments.port) as server:
            print(f"{what} at {server.url}", flush=True)  # noqa: T201 - a command line talks on standard output
            await asyncio.Event().wait()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
