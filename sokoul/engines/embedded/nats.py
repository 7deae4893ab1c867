"""A private NATS with JetStream: loopback on a free port, password only."""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import socket
from contextlib import suppress
from pathlib import Path

import bcrypt

from sokoul.engines.embedded import binaries, folders
from sokoul.engines.embedded.privilege import Privilege

LARGEST_MESSAGE = 1 << 20


class Nats:
    """Streams in `folder/jetstream`."""

    name = "nats"
    programs = frozenset({"nats-server"})
    ends_by: tuple[signal.Signals, ...] = (signal.SIGTERM,)

    def __init__(self, folder: Path, privilege: Privilege) -> None:
        self.folder = folder
        self._privilege = privilege
        self._password = secrets.token_urlsafe(24)
        self._port = 0

    @property
    def url(self) -> str:
        """With the password; never to be logged."""
        return f"nats://sokoul:{self._password}@127.0.0.1:{self._port}"

    def choose(self) -> None:
        """A port that is free now; another one at the next try where somebody was quicker."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]

    async def prepare(self) -> None:
        """The configuration file."""
        await asyncio.to_thread(self._prepare_files)

    def command(self) -> list[str]:
        """`nats-server` with its configuration."""
        file = self.folder / "nats.conf"
        return self._privilege.command(binaries.nats(), "-c", str(file), reads=file)

    async def answers(self, pid: int) -> bool:  # noqa: ARG002  the port says enough
        """Whether it greets."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            return False
        try:
            return (await asyncio.wait_for(reader.readline(), 5)).startswith(b"INFO")
        except (OSError, TimeoutError, ValueError):
            return False
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _prepare_files(self) -> None:
        folders.private(self.folder)
        # The cheapest cost: the password is 192 random bits, and each connection pays.
        password = bcrypt.hashpw(self._password.encode(), bcrypt.gensalt(4)).decode()
        wanted = {
            "listen": f"127.0.0.1:{self._port}",
            "server_name": "sokoul",
            "authorization": {"user": "sokoul", "password": password},
            "max_payload": LARGEST_MESSAGE,
            "logtime": False,
            "jetstream": {
                "store_dir": str(self.folder / "jetstream"),
                "sync_interval": "always",
                "max_memory_store": 64 << 20,
                "max_file_store": 2 << 30,
            },
        }
        folders.write_secret(self.folder / "nats.conf", json.dumps(wanted, ensure_ascii=False))
        self._privilege.own(self.folder)
        self._privilege.own(self.folder / "nats.conf")
