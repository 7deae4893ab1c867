"""The folders read again: what is new is identified, what went is forgotten, the rest costs nothing."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import structlog

from sokoul.domain.errors import SokoulError, Unavailable
from sokoul.domain.media import MediaType, Work
from sokoul.features.library import names
from sokoul.features.library.announce import Announcer
from sokoul.features.library.compare import Differences, Rows, compare
from sokoul.features.library.model import Folders, KnownFile, NewFile, Placement, Stamp
from sokoul.features.library.ports import Prober, Shelf
from sokoul.features.library.probing import examine
from sokoul.features.library.recognise import Recogniser
from sokoul.features.library.roots import ensure_root, look
from sokoul.features.library.walk import SETTLED_AFTER, Walk, walk

log = structlog.get_logger(__name__)

PROBES_AT_ONCE = 4
_BATCH = 500


@dataclass(slots=True)
class ScanReport:
    """What one scan saw and did; in `unsettled` folders somebody is still writing."""

    files: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    offline: int = 0
    failed: int = 0
    unsettled: set[Path] = field(default_factory=set)
    seconds: float = 0.0


class Scanner:
    """Scans the library's folders, one scan at a time."""

    def __init__(
        self,
        folders: Folders,
        shelf: Shelf,
        prober: Prober,
        recogniser: Recogniser,
        announcer: Announcer,
        *,
        skip: Iterable[Path] = (),
        settled_after: float = SETTLED_AFTER,
    ) -> None:
        self._folders, self._shelf, self._prober = folders, shelf, prober
        self.recogniser, self._announcer = recogniser, announcer
        self._skip, self._settled_after = tuple(skip), settled_after
        self._one_at_a_time = asyncio.Lock()

    async def prepare(self) -> None:
        """Make the folders that never were; one whose disk is away is only logged."""
        for root in self._folders.roots:
            try:
                await ensure_root(self._shelf, root)
            except Unavailable as error:
                log.warning("library folder is not there", root=str(root), error=str(error))

    async def scan(self, below: Collection[Path] = ()) -> ScanReport:
        """Everything, or only these folders; a folder that fails is logged, the others go on."""
        started = time.perf_counter()
        report = ScanReport()
        async with self._one_at_a_time:
            self.recogniser.forget()
            for root in self._folders.roots:
                inside = [path for path in below if path == root or root in path.parents]
                if inside or not below:
                    await self._root(root, () if root in inside else _outermost(inside), report)
            if not below:
                await self._strays(report)
            self.recogniser.forget()
        report.seconds = time.perf_counter() - started
        if report.added or report.changed or report.removed or report.offline:
            log.info("library scanned", **_told(report))
            await self._announcer.changed()
        return report

    async def _root(self, root: Path, below: Sequence[Path], report: ScanReport) -> None:
        rows = Rows(
            await self._shelf.known_files(root),
            await self._shelf.known_sidecars(root),
            await self._shelf.root_device(root),
        )
        state = await asyncio.to_thread(look, root, rows.device, (file.path for file in rows.files))
        if state.problem is not None:
            if rows.files:
                problem = f"{root}: {state.problem}"
                report.offline += await self._shelf.offline([file.id for file in rows.files], problem)
            return
        try:
            found = await asyncio.to_thread(
                walk, root, below=below, skip=self._skip, settled_after=self._settled_after
            )
        except OSError as error:
            log.warning("folder could not be scanned", root=str(root), error=str(error))
            return
        _complain(root, found)
        differences = await asyncio.to_thread(compare, root, found, rows, below=below)
        if found.device != rows.device:
            await self._shelf.remember_root(root, found.device)
        report.files += len(found.videos)
        report.unsettled.update(Path(path).parent for path in differences.unsettled)
        await self._apply(root, found, differences, report)

    async def _strays(self, report: ScanReport) -> None:
        """Files outside the folders, which were others before: gone when one inside replaced them."""
        strays = await self._shelf.strays(self._folders.roots)
        missing = await asyncio.to_thread(lambda: [one for one in strays if not os.path.lexists(one.path)])
        if gone := [one.id for one in missing if one.replaced]:
            report.removed += await self._shelf.vanish(gone)
        if lost := [one.id for one in missing if not one.replaced]:
            report.offline += await self._shelf.offline(lost, "It lies outside the library's folders")

    async def _apply(self, root: Path, found: Walk, todo: Differences, report: ScanReport) -> None:
        for file, path, stamp in todo.moved:
            await self._shelf.moved(file.id, Path(path), stamp, found.sidecars(path))
            report.changed += 1
        for file, stamp in todo.back:
            await self._shelf.moved(file.id, Path(file.path), stamp, found.sidecars(file.path))
            report.changed += 1
        for file in todo.subtitles:
            await self._shelf.set_sidecars(file.id, found.sidecars(file.path))
            report.changed += 1
        for start in range(0, len(todo.gone), _BATCH):
            report.removed += await self._shelf.vanish(todo.gone[start : start + _BATCH])
        if todo.offline:
            report.offline += await self._shelf.offline(todo.offline, "Its disk is not connected")
        await _each(
            todo.new, lambda one: self._take_in(root, found, one[0], one[1], one[2], report), PROBES_AT_ONCE
        )

    async def _take_in(
        self, root: Path, found: Walk, path: str, stamp: Stamp, known: KnownFile | None, report: ScanReport
    ) -> None:
        """Probe, identify and list one file; a failure costs this file alone."""
        try:
            await self._list(root, found, Path(path), stamp, known)
        except Unavailable as error:
            report.failed += 1
            log.warning("file could not be taken in", path=path, error=str(error))
            return
        except SokoulError as error:
            report.failed += 1
            log.error("file could not be taken in", path=path, error=str(error))
            return
        if known is None:
            report.added += 1
        else:
            report.changed += 1

    async def _list(self, root: Path, found: Walk, path: Path, stamp: Stamp, known: KnownFile | None) -> None:
        facts, problem = await examine(self._prober, path)
        if problem is not None:
            log.warning("file is broken", path=str(path), problem=problem)
        guess = await asyncio.to_thread(
            names.read_path, PurePosixPath(path.relative_to(root)), self._shelf_of(root)
        )
        beside = await asyncio.to_thread(found.sidecars, str(path))
        file = NewFile(path, stamp, facts, problem, path.stem, guess.release.source, beside)
        if known is not None:
            # The same title with other bytes, or one more link to a file that is listed.
            await self._shelf.relist(file, known.media_id)
            return
        placement = await self._placement(guess)
        shelved = await self._shelf.shelve(file, placement)
        if shelved.created:
            await self._announcer.ready(shelved, placement)

    async def _placement(self, guess: names.Guess) -> Placement:
        """What a source knows it as, else what its name says, else something unidentified."""
        known = await self.recogniser.known(guess)
        if known is not None and (known.work.media_type is not MediaType.TV or known.is_episode):
            return known
        if guess.certain or guess.work.media_type is MediaType.MOVIE:
            return await self.recogniser.placed(guess.work, guess)
        return Placement(Work(MediaType.UNKNOWN, guess.release.name or guess.work.title))

    def _shelf_of(self, root: Path) -> names.Shelf:
        if self._folders.movies == self._folders.series:
            return names.Shelf.BOTH
        return names.Shelf.MOVIES if root == self._folders.movies else names.Shelf.SERIES


async def _each(
    items: Sequence[tuple[str, Stamp, KnownFile | None]],
    work: Callable[[tuple[str, Stamp, KnownFile | None]], Awaitable[None]],
    at_once: int,
) -> None:
    pending = iter(items)

    async def drain() -> None:
        for item in pending:
            await work(item)

    await asyncio.gather(*(drain() for _ in range(min(at_once, len(items)))))


def _outermost(folders: Collection[Path]) -> list[Path]:
    """Without folders that lie below another one of them."""
    return [one for one in folders if not any(other in one.parents for other in folders)]


def _complain(root: Path, found: Walk) -> None:
    if found.unread:
        log.warning(
            "folders could not be read", root=str(root), count=len(found.unread), first=found.unread[0]
        )
    if found.unnamed:
        log.warning("files whose names are no text were left out", root=str(root), count=found.unnamed)


def _told(report: ScanReport) -> dict[str, float]:
    return {
        "files": report.files,
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "offline": report.offline,
        "failed": report.failed,
        "unsettled": len(report.unsettled),
        "seconds": round(report.seconds, 3),
    }
