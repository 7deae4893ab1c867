"""Folders and files below a root, reached component by component so that no symbolic link leads out."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: a pipe in a file's place must not hold the opener.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class Outside(OSError):
    """A path leads out of its root, by name or by a symbolic link."""


def parts_of(relative: PurePath) -> tuple[str, ...]:
    """The components of a path that stays below its root; raises `Outside`."""
    parts = relative.parts
    if not parts or relative.is_absolute() or any(part in ("", ".", "..") or "\0" in part for part in parts):
        raise Outside(f"{str(relative)!r} is no path below a root")
    return parts


@contextmanager
def folder(root: Path, parts: Sequence[str], *, make: bool = False) -> Iterator[int]:
    """A descriptor of the folder below `root` (which itself may be a link), made on the way if wanted."""
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts:
            below = _enter(here, part, make=make)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


@contextmanager
def regular_file(path: Path) -> Iterator[tuple[int, int, str]]:
    """A regular file (never a link): its descriptor, that of its folder, and its name there."""
    parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        descriptor = os.open(path.name, _FILE, dir_fd=parent)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Outside(f"{path} is no regular file")
            yield descriptor, parent, path.name
        finally:
            os.close(descriptor)
    finally:
        os.close(parent)


def prune(root: Path, parts: Sequence[str]) -> None:
    """Remove the folder and those above it, up to the root, as far as they are empty."""
    for length in range(len(parts), 0, -1):
        try:
            with folder(root, parts[: length - 1]) as above:
                os.rmdir(parts[length - 1], dir_fd=above)
        except OSError:
            return


def _enter(here: int, part: str, *, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(part, 0o777, dir_fd=here)
            os.fsync(here)
    return os.open(part, _FOLDER, dir_fd=here)
