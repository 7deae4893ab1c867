"""One daemon per state folder."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sokoul.domain.errors import SokoulError

_URL = "url"


class StateInUse(SokoulError):
    """Another daemon works in this state folder; `pid` and `url` are what it wrote down."""

    def __init__(self, pid: str, url: str) -> None:
        super().__init__(f"Sokoul already runs here (pid {pid}{f', {url}' if url else ''})")
        self.pid, self.url = pid, url


class StateLock:
    """Held while a process works in `state_dir`; the kernel frees it when that process ends, however it ends.

    A record lock, because a child that outlives a killed daemon does not inherit it.
    """

    def __init__(self, state_dir: Path) -> None:
        """Take it. Raises `StateInUse`, or OSError where the folder cannot be written."""
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = state_dir / "lock"
        self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.lockf(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._handle)
            raise StateInUse(self._file.read_text().strip() or "unknown", url(state_dir)) from error
        with suppress(FileNotFoundError):
            (state_dir / _URL).unlink()
        os.truncate(self._handle, 0)
        os.write(self._handle, f"{os.getpid()}\n".encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)


def url(state_dir: Path) -> str:
    """Where the daemon of `state_dir` said that it listens; empty before it is ready."""
    try:
        return (state_dir / _URL).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def write_url(state_dir: Path, address: str) -> None:
    """Leave the address for a second start to tell."""
    part = state_dir / f"{_URL}.part"
    part.write_text(f"{address}\n", encoding="utf-8")
    part.rename(state_dir / _URL)
