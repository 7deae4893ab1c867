"""Background tasks with an owner, a name and a watcher."""

from __future__ import annotations

import asyncio
import fcntl
import gc
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger(__name__)

_CANCEL_AGAIN = 5.0


def keep_descriptors() -> None:
    """Let no child inherit our descriptors; to be called before each start of a program.

    uvloop closes only what Python opened, so a child would keep libtorrent's listening socket open after us.
    """
    for entry in Path("/proc/self/fd").iterdir():
        descriptor = int(entry.name)
        if descriptor > 2:
            with suppress(OSError):  # the listing's own descriptor is gone by now
                fcntl.fcntl(descriptor, fcntl.F_SETFD, fcntl.FD_CLOEXEC)


def spare_the_started() -> None:
    """Leave what the start has made out of garbage collections: a full one would stall the loop for 60 ms."""
    gc.collect()
    gc.freeze()


class Tasks:
    """The background tasks of one owner: named, watched, ended together.

    A failure is always logged as an error; `close` cancels what is left and waits for it.
    """

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._running: set[asyncio.Task[Any]] = set()

    def spawn(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Start `work` now; it is watched until it ends."""
        task = asyncio.get_running_loop().create_task(work, name=f"{self._owner}:{name}")
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def supervise(
        self, name: str, run: Callable[[], Awaitable[None]], *, longest_wait: float = 30.0
    ) -> asyncio.Task[Any]:
        """Run `run` for ever: after a failure again, waiting 0.5 s, 1 s, 2 s … up to `longest_wait`."""
        return self.spawn(name, self._again_and_again(name, run, longest_wait))

    async def close(self) -> None:
        """Cancel everything and wait for the end of each."""
        tasks = set(self._running)
        while tasks:
            for task in tasks:
                task.cancel()
            # Once more after a while: before Python 3.12 asyncio.wait_for can swallow a cancellation.
            _, tasks = await asyncio.wait(tasks, timeout=_CANCEL_AGAIN)

    async def _again_and_again(
        self, name: str, run: Callable[[], Awaitable[None]], longest_wait: float
    ) -> None:
        wait = 0.5
        clock = asyncio.get_running_loop().time
        while True:
            started = clock()
            try:
                await run()
                return
            except Exception:
                log.exception("part failed, starting it again", owner=self._owner, task=name, wait=wait)
            if clock() - started > longest_wait:
                wait = 0.5
            await asyncio.sleep(wait)
            wait = min(wait * 2, longest_wait)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background task failed", task=task.get_name(), exc_info=error)
