"""The files that libtorrent writes: read beside it, and looked over before they are called finished."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from sokoul.domain.errors import Unavailable


async def read_at(path: Path, offset: int, length: int) -> bytes:
    """Exactly `length` bytes; Unavailable when the file is shorter or gone. No link is followed."""
    try:
        data = await asyncio.to_thread(_read_at, path, offset, length)
    except OSError as err:
        raise Unavailable("a downloaded file cannot be read") from err
    if len(data) != length:
        raise Unavailable("a downloaded file is shorter than it should be")
    return data


def _read_at(path: Path, offset: int, length: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        return os.pread(descriptor, length, offset)
    finally:
        os.close(descriptor)


def all_there(files: Sequence[tuple[Path, int]]) -> bool:
    """Whether each is a plain file of its full size without a hole. Blocks."""
    return all(_whole(path, size) for path, size in files)


def _whole(path: Path, size: int) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return size == 0
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or facts.st_size != size:
            return False
        return size == 0 or _first_hole(descriptor) >= size
    finally:
        os.close(descriptor)


def _first_hole(descriptor: int) -> int:
    try:
        return os.lseek(descriptor, 0, os.SEEK_HOLE)
    except OSError:
        return os.fstat(descriptor).st_size
