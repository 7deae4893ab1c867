"""Copy a file across file systems so that only a whole one is ever seen: `.part`, fsync, then a name."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PART_PREFIX = ".sokoul-"
PART_SUFFIX = ".part"
_STRETCH = 16 << 20
_READ = 1 << 20
_NO_RANGE = frozenset({errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EBADF})


@contextmanager
def copied_beside(source: int, folder: int) -> Iterator[str]:
    """The name of a whole, synced copy of the open file in `folder`; it is gone again when the block ends.

    The name follows from the source, so that a copy that was cut off is taken up, not left behind; a lock
    held to the end of the block keeps a second copier waiting. Raises OSError when the disk is full.
    """
    facts = os.fstat(source)
    name = f"{PART_PREFIX}{facts.st_dev:x}-{facts.st_ino:x}{PART_SUFFIX}"
    part = _locked(name, folder)
    try:
        os.ftruncate(part, 0)
        _reserve(part, facts.st_size)
        _copy(source, part, facts.st_size)
        os.utime(part, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        os.fsync(part)
        yield name
    finally:
        with suppress(FileNotFoundError):
            if os.stat(name, dir_fd=folder, follow_symlinks=False).st_ino == os.fstat(part).st_ino:
                os.unlink(name, dir_fd=folder)
        os.close(part)


def sweep(name: str, folder: int) -> bool:
    """Remove a `.part` file that nobody writes any more; whether it was removed."""
    try:
        part = os.open(name, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return False
    try:
        fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(name, dir_fd=folder)
    except OSError:
        return False
    finally:
        os.close(part)
    return True


def _locked(name: str, folder: int) -> int:
    while True:
        part = os.open(name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666, dir_fd=folder)
        fcntl.flock(part, fcntl.LOCK_EX)
        # The copier before us may have removed it while we waited, or died after it had given these very
        # bytes their final name: writing to them then would be writing to the library.
        facts = os.fstat(part)
        with suppress(FileNotFoundError):
            if os.stat(name, dir_fd=folder, follow_symlinks=False).st_ino == facts.st_ino:
                if facts.st_nlink == 1:
                    return part
                os.unlink(name, dir_fd=folder)
        os.close(part)


def _reserve(part: int, size: int) -> None:
    """Learn at once, not after an hour, that there is no room."""
    if size:
        try:
            os.posix_fallocate(part, 0, size)
        except OSError as error:
            if error.errno not in _NO_RANGE:
                raise


def _copy(source: int, part: int, size: int) -> None:
    done = 0
    in_kernel = True
    while done < size:
        if in_kernel:
            try:
                count = os.copy_file_range(source, part, min(_STRETCH, size - done), done, done)
            except OSError as error:
                if error.errno not in _NO_RANGE:
                    raise
                in_kernel = False
                continue
        else:
            count = os.pwrite(part, os.pread(source, min(_READ, size - done), done), done)
        if not count:
            raise OSError(errno.EIO, "the source became shorter while it was copied")
        done += count
