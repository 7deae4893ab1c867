"""The roles that look after the house: figures of the machine, lost jobs, old rows."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import psutil
import structlog

from sokoul import log as log_stream
from sokoul import metrics
from sokoul.app.foundation import Foundation
from sokoul.features.library.jobs import GROUP
from sokoul.features.providers.service import ProviderService
from sokoul.store.debrid import DebridStore
from sokoul.store.searches import SearchStore
from sokoul.store.stories import StoryStore
from sokoul.store.upkeep import Upkeep
from sokoul.workers import hunter, scout

log = structlog.get_logger(__name__)

REQUEUE_EVERY = 30.0
SWEEP_EVERY = 3600.0
# A search may take its time limit, and a killed one comes again by itself; after that its message is lost.
LOST_AFTER = 60.0
MOST_LINES = 1000


def show_log(base: Foundation, stack: AsyncExitStack) -> None:
    """Let admins read the log as it is written, on the live topic `logs`; what comes too fast is left out."""
    lines: asyncio.Queue[str] = asyncio.Queue(MOST_LINES)
    loop = asyncio.get_running_loop()

    def put(line: str) -> None:
        if not lines.full():
            lines.put_nowait(line)

    async def tell() -> None:
        while True:
            await base.bus.tell("logs", "log", json.loads(await lines.get()))

    log_stream.listen(lambda line: loop.call_soon_threadsafe(put, line))
    stack.callback(log_stream.listen, None)
    base.tasks.supervise("log", tell)


def watch(base: Foundation) -> None:
    """The role `sentinel`: keep the figures of the machine fresh."""

    async def run() -> None:
        while True:
            config = base.settings.current
            library = config.library
            folders = (config.state_dir, config.torrent.directory, library.movies, library.series)
            await asyncio.to_thread(_measure, folders)
            for group in (scout.SEARCH[1], hunter.DOWNLOAD[1], GROUP):
                await base.bus.depth(group)
            await asyncio.sleep(config.sentinel.interval)

    base.tasks.supervise("sentinel", run)


def keep(base: Foundation, providers: ProviderService) -> None:
    """The role `scheduler`: send lost jobs again, drop what is long over."""
    upkeep, searches = Upkeep(base.database), SearchStore(base.database)
    stories = StoryStore(base.database)
    learnt = DebridStore(base.database)

    async def requeue() -> None:
        while True:
            await asyncio.sleep(REQUEUE_EVERY)
            lost = base.settings.current.search.timeout + LOST_AFTER
            if sent := await upkeep.requeue(older_than=lost):
                log.warning("jobs were lost on the way and are sent again", jobs=sent)
                base.outbox.wake()

    async def sweep() -> None:
        while True:
            await searches.drop_expired()
            await upkeep.drop_sessions()
            await stories.forget()
            await learnt.forget_old()
            await providers.tidy()
            await asyncio.sleep(SWEEP_EVERY)

    base.tasks.supervise("requeue", requeue)
    base.tasks.supervise("sweep", sweep)


def _measure(folders: Iterable[Path]) -> None:
    memory = psutil.virtual_memory()
    metrics.CPU_PERCENT.set(psutil.cpu_percent(None))
    metrics.MEMORY_BYTES.labels("total").set(memory.total)
    metrics.MEMORY_BYTES.labels("available").set(memory.available)
    metrics.MEMORY_BYTES.labels("daemon").set(psutil.Process().memory_info().rss)
    for folder in folders:
        there = next(parent for parent in (folder, *folder.parents) if parent.exists())
        metrics.DISK_FREE.labels(_device(there)).set(shutil.disk_usage(there).free)


def _device(folder: Path) -> str:
    """The file system's name, of which a machine has a handful; never a path of the household."""
    number = folder.stat().st_dev
    found = (part for part in psutil.disk_partitions(all=True) if Path(part.mountpoint).exists())
    return next((part.device for part in found if Path(part.mountpoint).stat().st_dev == number), str(number))
