"""A private Valkey (or Redis): Unix socket only, password only, nothing kept on disk."""

from __future__ import annotations

import asyncio
import secrets
import signal
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from sokoul.engines.embedded import binaries, folders
from sokoul.engines.embedded.privilege import Privilege

_SETTINGS = """\
port 0
unixsocketperm 600
daemonize no
set-proc-title no
loglevel notice
save ""
appendonly no
maxmemory 256mb
maxmemory-policy allkeys-lru
databases 1
"""


class Valkey:
    """A cache that starts empty."""

    name = "valkey"
    # Debian's redis-server is a link to redis-check-rdb.
    programs = frozenset({"valkey-server", "redis-server", "redis-check-rdb"})
    ends_by: tuple[signal.Signals, ...] = (signal.SIGTERM,)

    def __init__(self, folder: Path, sockets: Path, privilege: Privilege) -> None:
        self.folder = folder
        self._socket = sockets / "valkey"
        self._privilege = privilege
        self._password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        """With the password; never to be logged."""
        return f"unix://:{self._password}@{quote(str(self._socket))}?db=0"

    def choose(self) -> None:
        """Nothing of it can collide."""

    async def prepare(self) -> None:
        """The configuration file."""
        await asyncio.to_thread(self._prepare_files)

    def command(self) -> list[str]:
        """The server with its configuration, which holds the password."""
        file = self.folder / "valkey.conf"
        return self._privilege.command(binaries.valkey(), str(file), reads=file)

    async def answers(self, pid: int) -> bool:  # noqa: ARG002  the socket says enough
        """Whether it accepts."""
        try:
            _, writer = await asyncio.open_unix_connection(self._socket)
        except OSError:
            return False
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return True

    def _prepare_files(self) -> None:
        folders.private(self.folder)
        self._socket.unlink(missing_ok=True)
        # Scripts and administration are what cache holes were made of. Ours to use: INFO, FLUSHDB, and
        # the rate limits' script, which is loaded once and called by its hash.
        rights = "~* &* +@all -@dangerous -@scripting +info +flushdb +evalsha +script|load"
        wanted = f'{_SETTINGS}unixsocket "{self._socket}"\n'
        wanted += f"user default on >{self._password} {rights}\n"
        folders.write_secret(self.folder / "valkey.conf", wanted)
        self._privilege.own(self.folder)
        self._privilege.own(self.folder / "valkey.conf")
