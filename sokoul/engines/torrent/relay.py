"""Bytes of a running download, from the engine in this process or from the worker that has it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Final
from uuid import UUID

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, UnixConnector

from sokoul.domain.errors import NotFound, Unavailable, WrongState
from sokoul.engines.torrent.control import SECRET_HEADER
from sokoul.features.download.model import Download
from sokoul.features.download.ports import AnyEngine

log = structlog.get_logger(__name__)

_CHUNK: Final = 256 * 1024
_PATIENCE: Final = 120.0  # seconds without a byte, another worker taking over included
_LOOK_EVERY: Final = 0.3

LookUp = Callable[[UUID], Awaitable[Download | None]]


class Relay:
    """A `ByteReader`: goes on at the same byte when a worker dies and another takes its downloads."""

    def __init__(self, look_up: LookUp, secret: str, engine: AnyEngine | None = None) -> None:
        self._look_up, self._secret, self._engine = look_up, secret, engine

    async def read(
        self, download: Download, file: int, offset: int, length: int
    ) -> AsyncGenerator[bytes, None]:
        """Exactly `length` bytes as they come in; raises Unavailable when nobody serves them."""
        loop = asyncio.get_running_loop()
        end, last_sign = offset + length, loop.time()
        while offset < end:
            try:
                async with aclosing(self._from_whom(download, file, offset, end - offset)) as chunks:
                    async for chunk in chunks:
                        offset, last_sign = offset + len(chunk), loop.time()
                        yield chunk
            except (ClientError, OSError, NotFound, WrongState, Unavailable) as err:
                log.info(
                    "a download's bytes are not served right now", download=str(download.id), error=str(err)
                )
            if offset < end:
                if loop.time() - last_sign > _PATIENCE:
                    raise Unavailable("nobody works on this download right now")
                await asyncio.sleep(_LOOK_EVERY)
                download = await self._again(download)

    async def _again(self, download: Download) -> Download:
        found = await self._look_up(download.id)
        if found is None or found.status.value in {"failed", "cancelled"}:
            raise NotFound("this download has ended")
        if found.status.ended:
            # It lies in the library now: whoever asks again is sent the file itself, without waiting here.
            raise Unavailable("this download is complete; ask for it again")
        return found

    def _from_whom(
        self, download: Download, file: int, offset: int, length: int
    ) -> AsyncGenerator[bytes, None]:
        if self._engine is not None and self._engine.has(download.id):
            return self._engine.read(download.id, file, offset, length)
        return self._from_worker(download, file, offset, length)

    async def _from_worker(
        self, download: Download, file: int, offset: int, length: int
    ) -> AsyncGenerator[bytes, None]:
        control = download.control or ""
        if not control:
            raise Unavailable("no worker has this download")
        headers = {SECRET_HEADER: self._secret, "Range": f"bytes={offset}-{offset + length - 1}"}
        path = f"/downloads/{download.id}/files/{file}"
        unix = control.removeprefix("unix:")
        local = unix != control
        connector = UnixConnector(unix) if local else TCPConnector()
        timeout = ClientTimeout(total=None, sock_connect=5, sock_read=_PATIENCE)
        async with (
            ClientSession(connector=connector, timeout=timeout) as http,
            http.get(("http://worker" if local else control) + path, headers=headers) as reply,
        ):
            if reply.status != 206:
                raise Unavailable(f"the worker answered {reply.status}")
            async for chunk in reply.content.iter_chunked(_CHUNK):
                yield chunk
