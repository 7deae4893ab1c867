"""One private server: a child process that is started, watched, started again and ended."""

from __future__ import annotations

import asyncio
import re
import signal
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import structlog

from sokoul.domain.errors import Unavailable
from sokoul.engines.embedded import leftovers
from sokoul.lifecycle import Tasks, keep_descriptors

log = structlog.get_logger(__name__)

START_WITHIN = 60.0  # seconds; PostgreSQL may have a crash to recover from
END_WITHIN = 10.0
TRIES = 3
LONGEST_WAIT = 30.0
_LOUD = re.compile(r"\b(ERROR|FATAL|PANIC|WARNING)\b|\[(ERR|FTL|WRN)\]|# .*(?i:error|fail|can't|cannot)")
_OF_NO_MATTER = "Memory overcommit must be enabled"  # for saving to disk, which the cache does not
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "TZ": "UTC"}


class Kind(Protocol):
    """What differs between the servers."""

    name: str
    folder: Path
    programs: frozenset[str]
    ends_by: tuple[signal.Signals, ...]

    @property
    def url(self) -> str:
        """How clients reach it; stays the same over restarts."""

    async def prepare(self) -> None:
        """Make everything that the program needs; the folder's last users are gone."""

    def choose(self) -> None:
        """Choose what may collide with others (a port); called until the first start succeeds."""

    def command(self) -> list[str]:
        """The command line."""

    async def answers(self, pid: int) -> bool:
        """Whether the process `pid` serves."""


class Server:
    """Runs one kind until closed."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._watching = Tasks(f"embedded.{kind.name}")
        self._listening = Tasks(f"embedded.{kind.name}")
        self._relays: set[asyncio.Task[None]] = set()
        self._process: asyncio.subprocess.Process | None = None
        self._said: deque[str] = deque(maxlen=5)

    @property
    def url(self) -> str:
        """How clients reach it."""
        return self._kind.url

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Return when it serves. Raises `Unavailable` with what it said where it does not."""
        await self._end_leftovers()
        for attempt in range(1, TRIES + 1):
            await asyncio.to_thread(self._kind.choose)
            await self._kind.prepare()
            try:
                await self._run()
                break
            except Unavailable as error:
                if attempt == TRIES:
                    raise
                log.warning(
                    "private server did not start, trying again", server=self._kind.name, why=str(error)
                )
        self._watching.spawn("watch", self._watch())

    async def close(self) -> None:
        """End it: asked first, killed after ten seconds."""
        await self._watching.close()
        if self._process is not None and self._process.returncode is None:
            await self._end(self._process)
        if self._relays:
            await asyncio.wait(self._relays, timeout=1)
        await self._listening.close()

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        for ask in (*self._kind.ends_by, signal.SIGKILL):
            with suppress(ProcessLookupError):
                process.send_signal(ask)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), END_WITHIN)
                return
            log.warning("private server does not end", server=self._kind.name, asked=ask.name)

    async def _run(self) -> None:
        """Spawn and wait until it serves."""
        keep_descriptors()
        self._process = await asyncio.create_subprocess_exec(
            *self._kind.command(),
            cwd=self._kind.folder,
            env=_ENVIRONMENT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        relay = self._listening.spawn("output", self._relay(self._process))
        self._relays.add(relay)
        relay.add_done_callback(self._relays.discard)
        clock = asyncio.get_running_loop().time
        deadline = clock() + START_WITHIN
        pause = 0.004
        while clock() < deadline:
            if self._process.returncode is not None:
                break
            if await self._kind.answers(self._process.pid):
                log.info("private server serves", server=self._kind.name, pid=self._process.pid)
                return
            await asyncio.sleep(pause)
            pause = min(pause * 1.2, 0.1)
        await self._give_up(self._process)

    async def _give_up(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is None:
            process.kill()
        await process.wait()
        said = " / ".join(self._said) or "it said nothing"
        raise Unavailable(f"the private {self._kind.name} did not start (code {process.returncode}): {said}")

    async def _watch(self) -> None:
        wait = 0.5
        clock = asyncio.get_running_loop().time
        while self._process is not None:
            since = clock()
            code = await self._process.wait()
            wait = 0.5 if clock() - since > LONGEST_WAIT else wait
            log.error("private server ended, starting it again", server=self._kind.name, code=code, wait=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
            try:
                await self._end_leftovers()
                await self._kind.prepare()
                await self._run()
            except (Unavailable, OSError) as error:
                log.error("private server did not start", server=self._kind.name, why=str(error))

    async def _end_leftovers(self) -> None:
        kind = self._kind
        await asyncio.to_thread(leftovers.end, kind.programs, kind.folder, kind.ends_by[0])

    async def _relay(self, process: asyncio.subprocess.Process) -> None:
        """Pass on what it says, a line an event; complaints as warnings."""
        assert process.stdout is not None
        rest = b""
        while chunk := await process.stdout.read(8192):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[-8192:]
            for line in lines:
                self._line(line.decode("utf-8", "replace").strip()[:1000])

    def _line(self, line: str) -> None:
        if not line:
            return
        self._said.append(line)
        loud = _LOUD.search(line) is not None and _OF_NO_MATTER not in line
        (log.warning if loud else log.debug)("private server says", server=self._kind.name, line=line)
