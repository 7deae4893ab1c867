"""A bus without a server: jobs in memory, with redelivery, for tests and for trying a worker by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class _Kept:
    subject: str
    message_id: str
    payload: str
    trail_id: str
    deliveries: int = 0
    due_at: float = 0.0  # when it may be delivered (again), by the loop's clock
    gone: bool = False


@dataclass(frozen=True, slots=True)
class FakeJob:
    """One delivery of one job."""

    subject: str
    message_id: str
    payload: Mapping[str, Any]
    trail_id: str
    delivery: int
    _kept: _Kept
    _bus: FakeBus

    async def done(self) -> None:
        self._kept.gone = True

    async def working(self) -> None:
        self._kept.due_at = self._bus.clock() + self._bus.ack_wait

    async def again(self, *, after: float) -> None:
        self._kept.due_at = self._bus.clock() + after
        self._bus.changed.set()

    async def end(self) -> None:
        self._kept.gone = True


@dataclass
class FakeBus:
    """Jobs by subject; the same message id twice is once, and what is not answered for comes again."""

    ack_wait: float = 30.0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _kept: list[_Kept] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)

    async def publish_job(
        self, subject: str, payload: Mapping[str, Any], *, message_id: str, trail_id: str = ""
    ) -> None:
        """Keep a job until it is answered for."""
        if message_id in self._ids:
            return
        self._ids.add(message_id)
        self._kept.append(_Kept(subject, message_id, json.dumps(payload, default=str), trail_id))
        self.changed.set()

    def jobs(self, subject: str, group: str) -> FakeQueue:
        """The queue of one kind of job."""
        return FakeQueue(self, subject, group)

    def clock(self) -> float:
        return asyncio.get_running_loop().time()

    def take(self, subject: str, count: int) -> list[FakeJob]:
        """What may be delivered now."""
        now = self.clock()
        taken: list[FakeJob] = []
        for kept in self._kept:
            if len(taken) < count and kept.subject == subject and not kept.gone and kept.due_at <= now:
                kept.deliveries += 1
                kept.due_at = now + self.ack_wait
                payload = json.loads(kept.payload)
                taken.append(
                    FakeJob(
                        kept.subject, kept.message_id, payload, kept.trail_id, kept.deliveries, kept, self
                    )
                )
        return taken

    def waiting(self, subject: str) -> int:
        """How many are not answered for."""
        return sum(kept.subject == subject and not kept.gone for kept in self._kept)


@dataclass
class FakeQueue:
    """As the real one: up to `count` jobs, waiting for the first."""

    bus: FakeBus
    subject: str
    group: str

    async def fetch(self, count: int, *, timeout: float) -> list[FakeJob]:
        deadline = self.bus.clock() + timeout
        while not (found := self.bus.take(self.subject, count)):
            left = deadline - self.bus.clock()
            if left <= 0:
                return []
            self.bus.changed.clear()
            try:
                # Something put back for later becomes due without anybody saying so.
                await asyncio.wait_for(self.bus.changed.wait(), min(left, 0.02))
            except TimeoutError:
                continue
        return found

    async def depth(self) -> int:
        return self.bus.waiting(self.subject)
