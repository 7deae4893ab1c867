"""How the machine is: processor, memory, disks, and what this process takes of them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Disk:
    """One file system that Sokoul writes to, named by the folders on it; sizes in bytes."""

    folders: tuple[str, ...]
    total_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class SystemStats:
    """Sizes in bytes, times in seconds; `cpu_percent` of all cores since the last question."""

    uptime_seconds: float
    cpu_percent: float
    cpu_count: int
    memory_total_bytes: int
    memory_available_bytes: int
    process_bytes: int
    disks: tuple[Disk, ...]


def look(folders: Iterable[Path]) -> SystemStats:
    """Blocks for some milliseconds: call it in a thread."""
    memory, process = psutil.virtual_memory(), psutil.Process()
    return SystemStats(
        uptime_seconds=max(0.0, time.time() - process.create_time()),
        cpu_percent=psutil.cpu_percent(None),
        cpu_count=psutil.cpu_count() or 1,
        memory_total_bytes=memory.total,
        memory_available_bytes=memory.available,
        process_bytes=process.memory_info().rss,
        disks=tuple(_disks(folders)),
    )


def _disks(folders: Iterable[Path]) -> Iterable[Disk]:
    by_device: dict[int, list[Path]] = {}
    for folder in folders:
        there = next((parent for parent in (folder, *folder.parents) if parent.exists()), None)
        if there is not None:
            by_device.setdefault(there.stat().st_dev, []).append(folder)
    for paths in by_device.values():
        there = next(parent for parent in (paths[0], *paths[0].parents) if parent.exists())
        usage = shutil.disk_usage(there)
        yield Disk(tuple(str(path) for path in paths), usage.total, usage.free)
