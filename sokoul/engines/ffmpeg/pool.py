"""A few media workers, started when there is work and ended when there is none."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import deque
from enum import Enum, auto
from pathlib import Path
from typing import Any

import structlog

from sokoul.domain.errors import Refused, Unavailable
from sokoul.engines.ffmpeg import wire
from sokoul.lifecycle import Tasks, keep_descriptors

log = structlog.get_logger(__name__)

MEMORY = 1536 * 1024 * 1024
# A worker that has grown beyond this is replaced after its job.
LARGEST_WORKER = 320 * 1024 * 1024
JOBS_PER_WORKER = 500
PIPE_BUFFER = 1024 * 1024
_PACKAGE_ROOT = Path(__file__).parents[3]


class Lane(Enum):
    """Kinds of jobs that may not take all workers."""

    BULK = auto()
    WAITING = auto()
    CODING = auto()


class WorkerPool:
    """Runs jobs in child processes: at most `size` at once.

    Of those at most `bulk` are of the patient kind, at most `waiting` on bytes that are still to come, and at
    most `coding` busy with pictures, so that none of these keeps anybody from a film that need only be read.

    A job that crashes, hangs or floods costs its worker and nothing else.
    """

    def __init__(
        self, *, size: int = 6, bulk: int = 2, waiting: int = 3, coding: int = 2, idle_seconds: float = 60.0
    ) -> None:
        self._slots = asyncio.Semaphore(size)
        self._limits = {Lane.BULK: bulk, Lane.WAITING: waiting, Lane.CODING: coding}
        self._lanes = {lane: asyncio.Semaphore(limit) for lane, limit in self._limits.items()}
        self._idle_seconds = idle_seconds
        self._idle: deque[_Worker] = deque()
        self._alive: set[_Worker] = set()
        self._tasks = Tasks("media workers")
        self._closed = False

    async def run(
        self, job: str, arguments: dict[str, Any], *, seconds: float, lane: Lane | None = None
    ) -> tuple[wire.Head, bytes]:
        """The job's answer; Refused when the file is at fault, Unavailable when no worker can start."""
        if lane is not None:
            if not self._limits[lane]:
                raise Refused("switched_off", "the configuration allows no such work")
            async with self._lanes[lane], self._slots:
                return await self._run(job, arguments, seconds)
        async with self._slots:
            return await self._run(job, arguments, seconds)

    @property
    def pids(self) -> list[int]:
        """The processes that are running now."""
        return [worker.pid for worker in self._alive]

    async def close(self) -> None:
        """End every worker; jobs under way fail."""
        self._closed = True
        self._idle.clear()
        await asyncio.gather(*(self._end(worker) for worker in list(self._alive)))
        await self._tasks.close()

    async def _run(self, job: str, arguments: dict[str, Any], seconds: float) -> tuple[wire.Head, bytes]:
        if self._closed:
            raise Unavailable("the media workers are stopping")
        worker = self._idle.pop() if self._idle else await self._start()
        worker.keep()
        answered = False
        try:
            head, body = await worker.ask({"job": job, "arguments": arguments}, seconds)
            answered = True
        finally:
            self._put_back(worker, healthy=answered)
        if "trace" in head:
            log.error("a media job failed in a way nobody foresaw", job=job, trace=head["trace"])
        if "refused" in head:
            raise Refused(str(head["refused"]), str(head.get("message", "")))
        return head["ok"], body

    def _put_back(self, worker: _Worker, *, healthy: bool) -> None:
        if not healthy or worker.is_worn or self._closed:
            self._tasks.spawn("end", self._end(worker))
            return
        self._idle.append(worker)
        worker.retire_in(self._idle_seconds, lambda: self._retire(worker))

    def _retire(self, worker: _Worker) -> None:
        if worker in self._idle:
            self._idle.remove(worker)
            self._tasks.spawn("retire", self._end(worker))

    async def _start(self) -> _Worker:
        worker = await _Worker.start(self._tasks)
        self._alive.add(worker)
        if self._closed:
            await self._end(worker)
            raise Unavailable("the media workers are stopping")
        return worker

    async def _end(self, worker: _Worker) -> None:
        worker.kill()
        await worker.ended()
        self._alive.discard(worker)


class _Worker:
    """One child process and the pipes to it; serves one job at a time."""

    def __init__(self, process: asyncio.subprocess.Process, tasks: Tasks) -> None:
        self._process = process
        self._jobs = 0
        self._memory = 0
        self._retirement: asyncio.TimerHandle | None = None
        self._last_words: deque[bytes] = deque(maxlen=20)
        self._drain = tasks.spawn("stderr", self._drain_errors())

    @classmethod
    async def start(cls, tasks: Tasks) -> _Worker:
        environment = {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(_PACKAGE_ROOT),
            # Each arena reserves 64 MB of addresses, which the memory limit counts.
            "MALLOC_ARENA_MAX": "2",
        }
        command = [sys.executable, "-B", "-P", "-m", "sokoul.engines.ffmpeg.worker", str(MEMORY)]
        pipe = asyncio.subprocess.PIPE
        try:
            keep_descriptors()
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                env=environment,
                limit=PIPE_BUFFER,
                # Ctrl-C is for the daemon, which then ends its workers itself.
                start_new_session=True,
            )
        except OSError as error:
            raise Unavailable(f"no media worker could be started: {error.strerror}") from error
        return cls(process, tasks)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_worn(self) -> bool:
        return self._jobs >= JOBS_PER_WORKER or self._memory > LARGEST_WORKER

    async def ask(self, request: wire.Head, seconds: float) -> tuple[wire.Head, bytes]:
        self._jobs += 1
        try:
            async with asyncio.timeout(seconds):
                head, body = await self._exchange(request)
        except TimeoutError:
            log.warning("a media job took too long", job=request["job"], seconds=seconds)
            raise Refused("too_slow", f"reading the file took longer than {seconds:g} s") from None
        except (asyncio.IncompleteReadError, ConnectionError, wire.BadMessage) as error:
            await self._report_crash(request["job"])
            raise Refused("crashed", "the file made the media reader crash") from error
        self._memory = int(head.get("memory", self._memory))
        return head, body

    async def _exchange(self, request: wire.Head) -> tuple[wire.Head, bytes]:
        reader, writer = self._process.stdout, self._process.stdin
        assert reader is not None
        assert writer is not None
        writer.write(wire.pack(request, 0))
        await writer.drain()
        head_length, body_length = wire.unpack_lengths(await reader.readexactly(wire.LENGTHS.size))
        head = wire.unpack_head(await reader.readexactly(head_length))
        return head, await reader.readexactly(body_length)

    async def _report_crash(self, job: str) -> None:
        self.kill()
        await self.ended()
        said = b"".join(self._last_words).decode("utf-8", "replace")[-2000:]
        log.warning("a media worker crashed", job=job, exit_status=self._process.returncode, said=said)

    async def _drain_errors(self) -> None:
        assert self._process.stderr is not None
        while chunk := await self._process.stderr.read(4096):
            self._last_words.append(chunk)

    def keep(self) -> None:
        if self._retirement is not None:
            self._retirement.cancel()
            self._retirement = None

    def retire_in(self, seconds: float, retire: Any) -> None:
        self._retirement = asyncio.get_running_loop().call_later(seconds, retire)

    def kill(self) -> None:
        self.keep()
        if self._process.returncode is None:
            try:
                self._process.kill()
            except ProcessLookupError:
                log.debug("a media worker was gone already", pid=self.pid)

    async def ended(self) -> None:
        await self._process.wait()
        await asyncio.wait([self._drain])
