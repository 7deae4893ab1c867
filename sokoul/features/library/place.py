"""Put a file into the library: whole or not at all, never over another, never through a symbolic link.

Everything here blocks and belongs in a thread.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path, PurePosixPath
from types import TracebackType

from sokoul.features.library import beneath
from sokoul.features.library.copying import copied_beside
from sokoul.features.library.model import ImportMode, Stamp

MOST_LABELS = 99
LONGEST_NAME = 255
_READ = 1 << 20
# What a file system says that has no hard links, or has them not between these two places.
_NO_LINK = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


class NoName(OSError):
    """Every name for the file is taken by another."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the file lies now; `fresh` is False when it lay there already."""

    path: Path
    stamp: Stamp
    fresh: bool


class _There(Enum):
    NOTHING = auto()
    SAME = auto()
    OTHER = auto()


def place(
    source: Path, root: Path, relative: PurePosixPath, mode: ImportMode, *, version: str = ""
) -> Placed:
    """Bring `source` to `root/relative`, or where another file is, to `… - version`, `… (2)` and so on.

    Doing it again finds what was done. With `move` the source stays: `discard` it once the rows are written.
    Raises OSError; then nothing lies under a final name that was not whole before.
    """
    *folders, leaf = beneath.parts_of(relative)
    with (
        beneath.regular_file(source) as (descriptor, parent, name),
        beneath.folder(root, folders, make=True) as target,
        _Supply(descriptor, parent, name, target, copy=mode is ImportMode.COPY) as supply,
    ):
        for label in labels(leaf, version):
            fresh = supply.look(label) is _There.NOTHING and supply.put(label)
            if fresh or supply.look(label) is _There.SAME:
                found = os.stat(label, dir_fd=target, follow_symlinks=False)
                return Placed(root.joinpath(*folders, label), stamp_of(found), fresh)
    raise NoName(errno.EEXIST, f"{MOST_LABELS} other files have the name", str(relative))


def discard(source: Path, placed: Path) -> None:
    """Remove what was moved, if the library's copy is there and as large."""
    with suppress(FileNotFoundError), beneath.regular_file(source) as (descriptor, parent, name):
        kept = placed.lstat()
        if stat.S_ISREG(kept.st_mode) and kept.st_size == os.fstat(descriptor).st_size:
            os.unlink(name, dir_fd=parent)


def stamp_of(facts: os.stat_result) -> Stamp:
    """Size, time of change, and which file it is."""
    return Stamp(facts.st_size, facts.st_mtime_ns, facts.st_dev, facts.st_ino)


def labels(leaf: str, version: str) -> Iterator[str]:
    """The names to try: its own, then that of another version beside it, then numbers."""
    yield leaf
    other = _with_tail(leaf, f" - {version}") if version else leaf
    for number in range(1 if version else 2, MOST_LABELS + 1):
        yield numbered(other, number)


def numbered(leaf: str, number: int) -> str:
    """`Film - 1080p.mkv` as `Film - 1080p (2).mkv`; the first keeps its name."""
    if number == 1:
        return leaf
    return _with_tail(leaf, f" ({number})")


def _with_tail(leaf: str, words: str) -> str:
    path = PurePosixPath(leaf)
    tail = words + path.suffix
    stem = path.stem.encode()[: LONGEST_NAME - len(tail.encode())].decode("utf-8", "ignore").rstrip(" .")
    return stem + tail


class _Supply:
    """Gives the source's bytes a name in the target folder: by a hard link, else by one whole copy."""

    def __init__(self, descriptor: int, parent: int, name: str, target: int, *, copy: bool) -> None:
        self._descriptor, self._parent, self._name, self._target = descriptor, parent, name, target
        self._facts = os.fstat(descriptor)
        self._copy = copy
        self._part: str | None = None
        self._held = ExitStack()

    def __enter__(self) -> _Supply:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()
        os.fsync(self._target)

    def look(self, label: str) -> _There:
        """What has the name now."""
        try:
            there = os.stat(label, dir_fd=self._target, follow_symlinks=False)
        except FileNotFoundError:
            return _There.NOTHING
        if (there.st_dev, there.st_ino) == (self._facts.st_dev, self._facts.st_ino):
            return _There.SAME
        alike = stat.S_ISREG(there.st_mode) and there.st_size == self._facts.st_size
        return _There.SAME if alike and self._same_bytes(label) else _There.OTHER

    def put(self, label: str) -> bool:
        """Give the name; False when somebody else was quicker."""
        if not self._copy:
            try:
                return self._link(self._parent, self._name, label, self._facts)
            except OSError as error:
                if error.errno not in _NO_LINK:
                    raise
                self._copy = True
        if self._part is None:
            self._part = self._held.enter_context(copied_beside(self._descriptor, self._target))
        facts = os.stat(self._part, dir_fd=self._target, follow_symlinks=False)
        try:
            return self._link(self._target, self._part, label, facts)
        except OSError as error:
            if error.errno not in _NO_LINK:
                raise
        return self._rename(label)

    def _link(self, parent: int, name: str, label: str, facts: os.stat_result) -> bool:
        try:
            os.link(name, label, src_dir_fd=parent, dst_dir_fd=self._target, follow_symlinks=False)
        except FileExistsError:
            return False
        made = os.stat(label, dir_fd=self._target, follow_symlinks=False)
        if (made.st_dev, made.st_ino) != (facts.st_dev, facts.st_ino):
            os.unlink(label, dir_fd=self._target)
            raise beneath.Outside(errno.ESTALE, "the source was exchanged while it was linked", name)
        return True

    def _rename(self, label: str) -> bool:
        # A file system without hard links (FAT): nothing there refuses a name that came up just now.
        if self.look(label) is not _There.NOTHING or self._part is None:
            return False
        os.rename(self._part, label, src_dir_fd=self._target, dst_dir_fd=self._target)
        return True

    def _same_bytes(self, label: str) -> bool:
        other = os.open(label, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._target)
        try:
            offset = 0
            while chunk := os.pread(self._descriptor, _READ, offset):
                if os.pread(other, _READ, offset) != chunk:
                    return False
                offset += len(chunk)
            return offset == self._facts.st_size
        finally:
            os.close(other)
