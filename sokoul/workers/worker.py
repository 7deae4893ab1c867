"""A worker: takes jobs from a queue, runs a handler on each in a slot of its own, answers for the outcome.

A job that fails comes again with growing waits; after five deliveries it is buried as a row that a person
can see and retry. Stop is an event: no new job is taken, running ones get the grace time, then go back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import structlog

from sokoul import metrics
from sokoul.domain.errors import Unavailable
from sokoul.lifecycle import Tasks

log = structlog.get_logger(__name__)

MOST_DELIVERIES = 5
WAITS = (1.0, 5.0, 15.0, 30.0)
STILL_WORKING_EVERY = 3.0


class Job(Protocol):
    """One delivery of one job."""

    @property
    def subject(self) -> str: ...
    @property
    def message_id(self) -> str: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...
    @property
    def trail_id(self) -> str: ...
    @property
    def delivery(self) -> int: ...

    async def done(self) -> None: ...
    async def working(self) -> None: ...
    async def again(self, *, after: float) -> None: ...
    async def end(self) -> None: ...


class Queue(Protocol):
    async def fetch(self, count: int, *, timeout: float) -> list[Any]: ...


class Graveyard(Protocol):
    async def bury(
        self,
        *,
        subject: str,
        message_id: str,
        payload: Mapping[str, Any],
        error: str,
        deliveries: int,
        trail_id: str,
    ) -> None: ...


class Worker:
    """Runs `handle(payload)` for each job of one queue, at most `slots` at once."""

    def __init__(
        self,
        name: str,
        queue: Queue,
        graveyard: Graveyard,
        handle: Callable[[Mapping[str, Any]], Awaitable[None]],
        *,
        slots: int = 4,
        grace: float = 10.0,
        waits: tuple[float, ...] = WAITS,
    ) -> None:
        self._name, self._queue, self._graveyard, self._handle = name, queue, graveyard, handle
        self._slots, self._grace, self._waits = slots, grace, waits
        self._free = asyncio.Semaphore(slots)
        self._tasks = Tasks(f"worker-{name}")
        self._stop = asyncio.Event()
        self._running: set[asyncio.Task[Any]] = set()

    async def run(self) -> None:
        """Take jobs until `stop`; raises `Unavailable` when the queue is away, so that a supervisor waits."""
        while not self._stop.is_set():
            await self._free.acquire()
            try:
                jobs = await self._queue.fetch(1, timeout=1.0)
            except BaseException:
                self._free.release()
                raise
            if not jobs:
                self._free.release()
                continue
            if self._stop.is_set():
                self._free.release()
                await self._tell(jobs[0].again(after=0))
                return
            task = self._tasks.spawn(jobs[0].message_id, self._work(jobs[0]))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def stop(self) -> None:
        """Take no more; give running jobs the grace time, then hand them back."""
        self._stop.set()
        if self._running:
            await asyncio.wait(self._running, timeout=self._grace)
        await self._tasks.close()

    async def _work(self, job: Job) -> None:
        started = time.perf_counter()
        metrics.WORKER_QUEUE.labels(self._name).inc()
        structlog.contextvars.bind_contextvars(trail_id=job.trail_id, job=job.message_id)
        try:
            if job.delivery > MOST_DELIVERIES:
                await self._bury(job, "The worker died each time it tried")
            elif await self._succeeds(job):
                # An effect that is in the database stays done, even if this answer is lost.
                await self._tell(job.done())
                metrics.WORKER_JOBS.labels(self._name, "done").inc()
        except asyncio.CancelledError:
            await self._tell(job.again(after=0))
            raise
        finally:
            metrics.WORKER_QUEUE.labels(self._name).dec()
            metrics.WORKER_DURATION.labels(self._name).observe(time.perf_counter() - started)
            self._free.release()

    async def _succeeds(self, job: Job) -> bool:
        beat = self._tasks.spawn(f"{job.message_id}:beat", self._beat(job))
        try:
            await self._handle(job.payload)
        except Exception as error:  # noqa: BLE001 - whatever a job raises is its own failure, logged and kept
            await self._failed(job, error)
            return False
        finally:
            beat.cancel()
        return True

    async def _failed(self, job: Job, error: Exception) -> None:
        metrics.WORKER_ERRORS.labels(self._name, type(error).__name__).inc()
        log.exception("job failed", worker=self._name, delivery=job.delivery)
        if job.delivery >= MOST_DELIVERIES:
            await self._bury(job, f"{type(error).__name__}: {error}")
        else:
            await self._tell(job.again(after=self._waits[min(job.delivery, len(self._waits)) - 1]))

    async def _bury(self, job: Job, error: str) -> None:
        await self._graveyard.bury(
            subject=job.subject,
            message_id=job.message_id,
            payload=job.payload,
            error=error,
            deliveries=min(job.delivery, MOST_DELIVERIES),
            trail_id=job.trail_id,
        )
        await self._tell(job.end())
        metrics.WORKER_JOBS.labels(self._name, "buried").inc()

    async def _tell(self, answer: Awaitable[None]) -> None:
        """What NATS does not hear it finds out by itself: the job comes again, and its effect is once."""
        try:
            await answer
        except Unavailable:
            log.warning("could not answer for a job, it will come again", worker=self._name)

    async def _beat(self, job: Job) -> None:
        while True:
            await asyncio.sleep(STILL_WORKING_EVERY)
            try:
                await job.working()
            except Unavailable:
                log.warning("could not say that the job is still in work", worker=self._name)
