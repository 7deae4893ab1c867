"""Hunter: has downloads fetched; the truth of each is its row, a job only says that there is a new one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

from sokoul.features.download.runner import DownloadRunner
from sokoul.features.download.service import SIGNAL
from sokoul.lifecycle import Tasks
from sokoul.workers.worker import Graveyard, Queue, Worker

DOWNLOAD: Final = ("JOBS.download", "hunter-group")

Listener = Callable[[dict[str, Any]], Awaitable[None]]


class Opened(Protocol):
    """A part that is started and closed: the engine, the door for bytes."""

    async def start(self) -> None: ...

    async def close(self) -> None: ...


class Signals(Protocol):
    """Where nudges come from."""

    async def on_signal(self, name: str, listener: Listener) -> None: ...


class Hunter:
    """The engine, the door for bytes and the runner, with what wakes it."""

    def __init__(
        self,
        engine: Opened,
        control: Opened,
        runner: DownloadRunner,
        queue: Queue,
        graveyard: Graveyard,
        signals: Signals,
    ) -> None:
        self._engine, self._control, self._runner, self._signals = engine, control, runner, signals
        self._jobs = Worker("hunter", queue, graveyard, self._wake)
        self._tasks = Tasks("hunter")

    async def start(self) -> None:
        """Open everything and begin to look for downloads."""
        await self._engine.start()
        await self._control.start()
        await self._signals.on_signal(SIGNAL, self._wake)
        self._tasks.supervise("runner", self._runner.run, longest_wait=5.0)
        self._tasks.supervise("jobs", self._jobs.run, longest_wait=5.0)

    async def close(self) -> None:
        """Stop, save every torrent, then let other workers have the downloads."""
        await self._jobs.stop()
        await self._tasks.close()
        await self._runner.stop()
        await self._control.close()
        await self._engine.close()
        await self._runner.release()

    async def _wake(self, _: Mapping[str, Any]) -> None:
        self._runner.wake()
