"""A private PostgreSQL: Unix socket only, password only."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import signal
from pathlib import Path
from urllib.parse import quote

import structlog

from sokoul.domain.errors import Unavailable
from sokoul.engines.embedded import binaries, folders
from sokoul.engines.embedded.privilege import Privilege
from sokoul.lifecycle import keep_descriptors

log = structlog.get_logger(__name__)

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "48MB",
    "max_connections": "60",
    "huge_pages": "off",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "max_logical_replication_workers": "0",
    "max_worker_processes": "4",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "",
    "log_checkpoints": "off",
    # What a statement or a detail line quotes may be personal.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def running_url(folder: Path, sockets: Path) -> str:
    """How to reach the private server that another process keeps running; never to be logged."""
    return _url((folder / "password").read_text(encoding="utf-8").strip(), sockets)


class Postgres:
    """Data in `folder/data`, made at the first start."""

    name = "postgres"
    programs = frozenset({"postgres", "postmaster", "initdb"})
    # Fast shutdown; then immediate, which recovers at the next start.
    ends_by: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGQUIT)

    def __init__(self, folder: Path, sockets: Path, privilege: Privilege) -> None:
        self.folder = folder
        self._data = folder / "data"
        self._sockets = sockets
        self._privilege = privilege
        self._password = ""
        self._programs_in = Path()

    @property
    def url(self) -> str:
        """With the password; never to be logged."""
        return _url(self._password, self._sockets)

    def choose(self) -> None:
        """Nothing of it can collide."""

    async def prepare(self) -> None:
        """Data, password, owner; nothing stale."""
        if await asyncio.to_thread(self._prepare_files):
            await self._make_data()

    def command(self) -> list[str]:
        """`postgres` with every setting that matters on its command line."""
        settings = _SETTINGS | {"unix_socket_directories": str(self._sockets)}
        if int(binaries.major(self._programs_in) or 0) >= 18:
            settings["io_method"] = "sync"  # measured: quicker to start, and no worker processes
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        program = self._programs_in / "postgres"
        return self._privilege.command(program, "-D", str(self._data), *options, reads=self._data, end="INT")

    async def answers(self, pid: int) -> bool:
        """As `pg_ctl` does: the state that the postmaster writes down."""
        try:
            lines = (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _prepare_files(self) -> bool:
        """Whether the data is still to be made."""
        folders.private(self.folder)
        self._password = self._read_password()
        exists = (self._data / "PG_VERSION").is_file()
        self._programs_in = binaries.postgres(self._data)
        # The caller ended every server of this folder, so a lock file here only misleads.
        for stale in (self._data / "postmaster.pid", *self._sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)
        shutil.rmtree(self.folder / "data.new", ignore_errors=True)
        for ours in (self.folder, self.folder / "password", self._sockets):
            self._privilege.own(ours)
        return not exists

    def _read_password(self) -> str:
        file = self.folder / "password"
        if not file.is_file():
            if self._data.exists():
                raise Unavailable(f"{file} is gone, and with it the way into {self._data}")
            folders.write_secret(file, secrets.token_urlsafe(32))
        return file.read_text(encoding="utf-8").strip()

    async def _make_data(self) -> None:
        """`initdb` into another name, so that half a data folder is never taken for a whole one."""
        new = self.folder / "data.new"
        options = ["-D", str(new), "-U", "sokoul", "-E", "UTF8", "--locale=C.UTF-8"]
        options += ["--auth=scram-sha-256", f"--pwfile={self.folder / 'password'}"]
        command = self._privilege.command(self._programs_in / "initdb", *options, reads=new, end="KILL")
        keep_descriptors()
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            said, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            raise Unavailable(f"initdb failed: {said.decode('utf-8', 'replace').strip()[-500:]}")
        new.rename(self._data)
        log.info("private database made", folder=str(self._data))


def _url(password: str, sockets: Path) -> str:
    return f"postgresql://sokoul:{password}@/postgres?host={quote(str(sockets), safe='')}"
