"""Titles taken out of the library by hand: their files wait in a bin on their own disk and can come back."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import structlog

from sokoul.domain.errors import NotFound, Unavailable, WrongState
from sokoul.features.library import beneath
from sokoul.features.library.announce import Announcer
from sokoul.features.library.model import Binned, Folders, LibraryFile
from sokoul.features.library.ports import Bin, Titles

log = structlog.get_logger(__name__)

BIN = ".bin"


class Remover:
    """Moves a title's files to the bin and back; every step can be done again after a crash."""

    def __init__(self, folders: Folders, titles: Titles, bin_: Bin, announcer: Announcer) -> None:
        self._folders, self._titles, self._bin, self._announcer = folders, titles, bin_, announcer

    async def remove(self, title_id: uuid.UUID, user_id: uuid.UUID | None) -> int:
        """Put its files into the bin, forget the title; how many files. Raises `NotFound`, `Unavailable`."""
        files = await self._titles.files(title_id, below=True)
        moves = [move for file in files for move in self._moves(title_id, file)]
        await self._bin.intend(title_id, moves, user_id)
        await self._finish(title_id)
        log.info("title was removed", title_id=str(title_id), files=len(files))
        return len(files)

    async def restore(self, title_id: uuid.UUID) -> int:
        """Bring it back as it was; how many files. Raises `NotFound`, `WrongState`, `Unavailable`."""
        binned = await self._bin.of(title_id)
        if not binned:
            raise NotFound("This is not in the bin")
        taken = await asyncio.to_thread(_occupied, binned)
        if taken is not None:
            raise WrongState(f"Another file lies at {taken} now; move it away first")
        pairs = [(one.bin_path, one.original_path) for one in binned]
        await self._move(pairs)
        await self._bin.restored(title_id)
        await self._prune(pairs)
        await self._announcer.changed()
        return len(pairs)

    async def empty(self, title_id: uuid.UUID) -> None:
        """Delete its binned files for good; raises `NotFound`."""
        binned = await self._bin.of(title_id)
        if not binned:
            raise NotFound("This is not in the bin")
        await asyncio.to_thread(_delete, [Path(one.bin_path) for one in binned])
        await self._bin.emptied(title_id)
        await self._prune([(one.bin_path, one.original_path) for one in binned])

    async def resume(self) -> None:
        """Finish what a crash has cut off."""
        for title_id in await self._bin.unfinished():
            try:
                await self._finish(title_id)
            except Unavailable as error:
                log.warning("removal could not be finished", title_id=str(title_id), error=str(error))

    async def page(self, *, limit: int, offset: int) -> tuple[list[Binned], int]:
        """What lies in the bin, the latest first."""
        return await self._bin.page(limit=limit, offset=offset)

    async def _finish(self, title_id: uuid.UUID) -> None:
        pairs = [(one.original_path, one.bin_path) for one in await self._bin.of(title_id)]
        await self._move(pairs)
        await self._bin.removed(title_id)
        await self._prune(pairs)
        await self._announcer.changed()

    async def _move(self, pairs: Iterable[tuple[str, str]]) -> None:
        try:
            for source, target in pairs:
                await asyncio.to_thread(_move_file, Path(source), Path(target))
        except OSError as error:
            raise Unavailable(f"A file could not be moved: {error}", retry_after=30) from error

    async def _prune(self, pairs: Iterable[tuple[str, str]]) -> None:
        folders = {Path(source).parent for source, _ in pairs}
        await asyncio.to_thread(self._prune_folders, folders)

    def _prune_folders(self, folders: Iterable[Path]) -> None:
        for folder in folders:
            root = self._root_of(folder)
            if root is not None and root != folder:
                beneath.prune(root, folder.relative_to(root).parts)

    def _moves(self, title_id: uuid.UUID, file: LibraryFile) -> list[tuple[str, str]]:
        """Where the video and the subtitles beside it go: below the same root, so on the same disk."""
        paths = [file.path, *(str(one["path"]) for one in file.sidecars)]
        moves = []
        for path in map(Path, paths):
            root = self._root_of(path)
            if root is not None:
                moves.append((str(path), str(root / BIN / str(title_id) / path.relative_to(root))))
        return moves

    def _root_of(self, path: Path) -> Path | None:
        return next((root for root in self._folders.roots if root in path.parents or root == path), None)


def _move_file(source: Path, target: Path) -> None:
    """Rename without overwriting; a file that is there already, or that is gone, was moved before."""
    if not os.path.lexists(source) or os.path.lexists(target):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    with beneath.folder(target.parent, ()) as folder:
        os.fsync(folder)


def _occupied(binned: Iterable[Binned]) -> str | None:
    both = (one.original_path for one in binned if os.path.lexists(one.bin_path))
    return next((path for path in both if os.path.lexists(path)), None)


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(FileNotFoundError):
            path.unlink()
