"""A port inside this machine that notes whoever comes."""

from __future__ import annotations

import asyncio
from typing import Any, Self


class Canary(asyncio.DatagramProtocol):
    """Listens on one loopback port over TCP and UDP; `hits` says what came."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        self.port = 0
        self._server: asyncio.Server | None = None
        self._datagrams: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._came, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        self._datagrams, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", self.port)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None and self._datagrams is not None
        self._server.close()
        self._datagrams.close()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.hits.append(f"udp from {addr}: {data[:40]!r}")

    async def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hits.append(f"tcp: {(await reader.read(200))!r}")
        writer.close()
