"""Folders watched for changes: what is touched is scanned once it has come to rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from pathlib import Path
from typing import Protocol

import structlog
from watchfiles import Change, DefaultFilter, awatch

from sokoul.features.library.model import Folders
from sokoul.features.library.scan import Scanner

log = structlog.get_logger(__name__)

DEBOUNCE_MS = 1_000
SETTLE_SECONDS = 2.2
WHOLE_EVERY = 3_600.0
ROOT_LOOK_EVERY = 30.0
_MOST_FOLDERS = 50


class Changes(Protocol):
    """Tells which paths below the given folders changed, in debounced sets."""

    def __call__(self, folders: Collection[Path]) -> AsyncIterator[set[Path]]: ...


async def file_changes(folders: Collection[Path]) -> AsyncIterator[set[Path]]:
    """Changes as the kernel tells them; ends when the folders are gone."""
    async for changes in awatch(
        *folders,
        watch_filter=_Filter(folders),
        debounce=DEBOUNCE_MS,
        recursive=True,
        ignore_permission_denied=True,
    ):
        yield {Path(path) for _, path in changes}


class Watcher:
    """Keeps the lists true to the folders as long as `run` runs."""

    def __init__(
        self,
        folders: Folders,
        scanner: Scanner,
        *,
        changes: Changes = file_changes,
        watch: bool = True,
        whole_every: float = WHOLE_EVERY,
        settle: float = SETTLE_SECONDS,
        after_whole: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """`after_whole` runs after each scan of everything; times are in seconds."""
        self._folders, self._scanner, self._changes = folders, scanner, changes
        self._watch, self._whole_every, self._settle = watch, whole_every, settle
        self._after_whole = after_whole
        self._touched: set[Path] = set()
        self._whole = True
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """Scan everything as soon as possible."""
        self._whole = True
        self._awake.set()

    async def run(self) -> None:
        """Scan now, and then whenever something changes, for ever."""
        await self._scanner.prepare()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._scan_for_ever())
            if self._watch:
                group.create_task(self._listen_for_ever())

    async def _scan_for_ever(self) -> None:
        while True:
            whole, touched = self._whole, frozenset(self._touched)
            self._whole = False
            self._touched.clear()
            self._awake.clear()
            report = await self._scanner.scan(() if whole else touched)
            if whole and self._after_whole is not None:
                await self._after_whole()
            wait = self._settle if report.unsettled else self._whole_every
            # Somebody is still writing there; look again when it has come to rest.
            self._touched |= report.unsettled
            try:
                async with asyncio.timeout(wait):
                    await self._awake.wait()
            except TimeoutError:
                self._whole |= not report.unsettled

    async def _listen_for_ever(self) -> None:
        while True:
            roots = await asyncio.to_thread(_present, self._folders.roots)
            if roots:
                # What came between the first scan and the kernel beginning to tell is found by a second.
                asyncio.get_running_loop().call_later(self._settle, self.wake)
                async for paths in self._changes(roots):
                    self._touch(paths)
                    if await asyncio.to_thread(_present, self._folders.roots) != roots:
                        break
            await asyncio.sleep(ROOT_LOOK_EVERY)
            self.wake()

    def _touch(self, paths: set[Path]) -> None:
        folders = {path if path in self._folders.roots else path.parent for path in paths}
        self._touched |= folders
        if len(self._touched) > _MOST_FOLDERS:
            self._whole = True
        self._awake.set()


class _Filter(DefaultFilter):
    """Leaves out what is no part of the library: hidden folders and unfinished files."""

    def __init__(self, roots: Iterable[Path]) -> None:
        super().__init__(ignore_dirs=(), ignore_entity_patterns=(r"\.part$", r"^\.sokoul-"))
        self._prefixes = tuple(f"{root}/" for root in roots)

    def __call__(self, change: Change, path: str) -> bool:
        below = next((path[len(prefix) - 1 :] for prefix in self._prefixes if path.startswith(prefix)), "")
        return super().__call__(change, path) and "/." not in below


def _present(roots: Iterable[Path]) -> list[Path]:
    return [root for root in roots if root.is_dir()]
