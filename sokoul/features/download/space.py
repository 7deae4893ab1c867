"""Whether the disk has room for what is still to come."""

from __future__ import annotations

import shutil
from pathlib import Path

from sokoul.features.download.model import Trouble


def missing_bytes(directory: Path, remaining: int, keep_free: int) -> int:
    """How many bytes more must become free to write `remaining`; 0 when there is room. Blocks."""
    free = shutil.disk_usage(directory).free
    return max(remaining + keep_free - free, 0)


def is_short(directory: Path, keep_free: int) -> bool:
    """Whether less is free than must stay free. Blocks."""
    return shutil.disk_usage(directory).free < keep_free


def no_space(missing: int) -> Trouble:
    """Why it waits, in plain words."""
    return Trouble("no_space", f"no space: {human(missing)} missing")


def human(count: int) -> str:
    """Bytes for people: 1.2 GB."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
