"""The library's folders, told apart from the empty mount points of disks that are not there."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sokoul.domain.errors import Unavailable
from sokoul.features.library.ports import Shelf

_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class RootState:
    """Whether a root's disk is there; `device` None where the folder is missing."""

    device: int | None
    problem: str | None = None

    @property
    def online(self) -> bool:
        return self.problem is None


def look(root: Path, recorded: int | None, known: Iterable[str]) -> RootState:
    """Judge the folder by the device it was on before and by whether known files are there. Blocks.

    Device numbers may change at a restart, so another number alone proves nothing; another number and none
    of the known files is a mount point without its disk.
    """
    try:
        device = _device_of(root)
        os.scandir(root).close()
    except FileNotFoundError:
        return RootState(None, "The folder is not there; is its disk connected?")
    except OSError as error:
        return RootState(None, f"The folder cannot be read: {os.strerror(error.errno or 0)}")
    sample = list(islice(known, _SAMPLE))
    if recorded in (None, device) or not sample or any(os.path.lexists(path) for path in sample):
        return RootState(device)
    return RootState(
        device, "The folder is empty and on another disk than before; is its own disk connected?"
    )


async def ensure_root(shelf: Shelf, root: Path) -> int:
    """The root's device, the folder made when it never was; raises `Unavailable` when its disk is away."""
    recorded = await shelf.root_device(root)
    try:
        device = await asyncio.to_thread(_device_of, root)
    except FileNotFoundError:
        device = await asyncio.to_thread(_make, root, recorded)
    except OSError as error:
        raise Unavailable(f"The folder {root} cannot be used: {error.strerror}", retry_after=30) from error
    if device == recorded:
        return device
    if recorded is not None:
        known = [file.path for file in await shelf.known_files(root)]
        state = await asyncio.to_thread(look, root, recorded, known)
        if not state.online:
            raise Unavailable(f"{root}: {state.problem}", retry_after=30)
    await shelf.remember_root(root, device)
    return device


def _device_of(root: Path) -> int:
    facts = root.stat()
    if not stat.S_ISDIR(facts.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(root))
    return facts.st_dev


def _make(root: Path, recorded: int | None) -> int:
    """Make the folder unless it belongs on a disk that is away: nothing is to be written to a mount point."""
    above = root.parent
    while not above.exists():
        above = above.parent
    if recorded is not None and above.stat().st_dev != recorded:
        raise Unavailable(f"The folder {root} is not there; is its disk connected?", retry_after=30)
    try:
        root.mkdir(parents=True, exist_ok=True)
        return _device_of(root)
    except OSError as error:
        raise Unavailable(f"The folder {root} could not be made: {error.strerror}", retry_after=30) from error
