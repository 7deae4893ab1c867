"""Saved progress on disk: one file a torrent, replaced whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import structlog

log = structlog.get_logger(__name__)

LARGEST = 64 * 1024 * 1024


class ResumeFiles:
    """`{directory}/.sokoul/<id>.resume`; whoever has the same folder can go on from it. All calls block."""

    def __init__(self, directory: Path) -> None:
        self._folder = directory / ".sokoul"

    def read(self, key: UUID) -> bytes | None:
        """What was saved, or None."""
        try:
            with self._path(key).open("rb") as file:
                data = file.read(LARGEST + 1)
        except FileNotFoundError:
            return None
        return data if len(data) <= LARGEST else b""

    def write(self, key: UUID, data: bytes, contents: Iterable[Path] = ()) -> None:
        """Save; what it says of `contents` holds after a power cut, because they are synced first."""
        for content in contents:
            _sync(content)
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._path(key)
        fresh = target.with_suffix(".tmp")
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
        _sync(self._folder, os.O_DIRECTORY)

    def quarantine(self, key: UUID) -> None:
        """Put aside what could not be used, so that it can be looked at."""
        aside = self._folder / "quarantine"
        aside.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            self._path(key).replace(aside / f"{key}.resume")
        log.warning("saved progress was unusable and was put aside", download=str(key))

    def forget(self, key: UUID) -> None:
        """Remove what was saved."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: UUID) -> Path:
        return self._folder / f"{key}.resume"


def _sync(path: Path, flags: int = 0) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
