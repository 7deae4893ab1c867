"""One file of a transfer: what of it is in, and its bytes on disk. What touches the disk blocks."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sokoul.engines.links.holes import Have


@dataclass(slots=True)
class Part:
    """`ranges` tells whether its server gives stretches; `tag` is the version that is being fetched."""

    index: int
    name: str
    path: Path
    have: Have
    ranges: bool = True
    tag: str | None = None

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self.have.size

    def write(self, offset: int, data: bytes | memoryview) -> None:
        """Put bytes in their place; no link is followed. Blocks; raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        try:
            view = memoryview(data)
            while view:
                written = os.pwrite(descriptor, view, offset)
                offset, view = offset + written, view[written:]
        finally:
            os.close(descriptor)

    def read(self, offset: int, count: int) -> bytes:
        """Bytes that are in. Blocks; raises OSError."""
        descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            return os.pread(descriptor, count, offset)
        finally:
            os.close(descriptor)

    def settle(self) -> bool:
        """Bring every byte to the disk; whether the file is as long as it should be. Blocks."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        try:
            os.fsync(descriptor)
            return os.fstat(descriptor).st_size == self.size
        finally:
            os.close(descriptor)

    def sync(self) -> None:
        """What progress is about to say of it holds after a power cut. Blocks."""
        if not self.path.exists():
            return
        descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def start_over(self) -> None:
        """Nothing of it is in after all. Blocks."""
        self.have.clear()
        self.path.unlink(missing_ok=True)
