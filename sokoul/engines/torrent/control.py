"""The worker's door for bytes: files that are still downloading, by ranges, for the API to relay."""

from __future__ import annotations

import hmac
import os
from contextlib import aclosing
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog
from aiohttp import web

from sokoul.domain.errors import NotFound, SokoulError, Unavailable, WrongState
from sokoul.features.download.ports import AnyEngine

log = structlog.get_logger(__name__)

SECRET_HEADER: Final = "X-Sokoul-Secret"  # noqa: S105 - the name of a header
_STATUS: Final = ((NotFound, 404), (WrongState, 409), (Unavailable, 503))


class ControlServer:
    """Listens on a Unix socket that only this user may open, or on a port for those who know the secret."""

    def __init__(self, engine: AnyEngine, *, secret: str, socket: Path, host_port: str | None = None) -> None:
        self._engine, self._secret = engine, secret
        self._socket, self._host_port = socket, host_port
        self._runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        """What goes into the rows: unix:/path or http://host:port."""
        return f"http://{self._host_port}" if self._host_port else f"unix:{self._socket.absolute()}"

    async def start(self) -> None:
        """Begin to listen."""
        app = web.Application()
        app.router.add_get("/downloads/{id}/files/{index}", self._file)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
        await self._runner.setup()
        if self._host_port:
            host, _, port = self._host_port.rpartition(":")
            await web.TCPSite(self._runner, host.strip("[]"), int(port)).start()
            return
        self._socket.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            await web.UnixSite(self._runner, str(self._socket)).start()
        finally:
            os.umask(before)

    async def close(self) -> None:
        """Cut who still reads, and go."""
        if self._runner is not None:
            await self._runner.cleanup()
        if not self._host_port:
            self._socket.unlink(missing_ok=True)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        given = request.headers.get(SECRET_HEADER, "")
        if self._host_port and not hmac.compare_digest(given.encode(), self._secret.encode()):
            return web.Response(status=403)
        try:
            return await self._send(request)
        except SokoulError as error:
            status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
            return web.Response(status=status, text=str(error))

    async def _send(self, request: web.Request) -> web.StreamResponse:
        key, index = _numbers(request)
        size = self._engine.size(key, index)
        start, end = _range(request, size)
        headers = {"Content-Range": f"bytes {start}-{end - 1}/{size}", "Content-Length": str(end - start)}
        response = web.StreamResponse(status=206, headers=headers)
        response.content_type = "application/octet-stream"
        async with aclosing(self._engine.read(key, index, start, end - start)) as chunks:
            # The first bytes decide: an answer that has begun can only be cut.
            first = await anext(chunks, b"")
            await response.prepare(request)
            try:
                await response.write(first)
                async for chunk in chunks:
                    await response.write(chunk)
            except SokoulError as error:
                log.info("a reader was cut off", download=str(key), error=str(error))
                if request.transport is not None:
                    request.transport.abort()
            except ConnectionError:
                return response
        return response


def _numbers(request: web.Request) -> tuple[UUID, int]:
    try:
        return UUID(request.match_info["id"]), int(request.match_info["index"])
    except ValueError as err:
        raise NotFound("there is no such file") from err


def _range(request: web.Request, size: int) -> tuple[int, int]:
    """First byte and the one after the last; the API and our own readers send one plain range."""
    try:
        asked = request.http_range
    except ValueError:
        return 0, size
    start = min(asked.start or 0, size)
    return start, size if asked.stop is None else min(asked.stop, size)
