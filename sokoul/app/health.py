"""The questions behind /health/deep."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from sokoul.app.foundation import Foundation
from sokoul.features.health.service import Check, Degraded, HealthService, Off

REQUIRED = frozenset({"postgres", "nats"})


def service(base: Foundation, more: Callable[[], Mapping[str, Check]]) -> HealthService:
    """Everything this process leans on; `more` are the checks of its roles at the moment."""

    async def postgres() -> None:
        await base.database.value("SELECT 1")

    async def disk() -> str | None:
        now = base.settings.current
        folders = (now.state_dir, now.torrent.directory, now.library.movies, now.library.series)
        return await asyncio.to_thread(_room, folders, now.sentinel.thresholds.disk_free_percent)

    async def browser() -> None:
        raise Off("No page definition is configured")

    checks: dict[str, Check] = {
        "postgres": postgres,
        "redis": base.cache.ping,
        "nats": base.bus.ping,
        "disk": disk,
        "browser": browser,
    }
    return HealthService(checks, required=REQUIRED, more=more)


def _room(folders: Iterable[Path], least_percent: float) -> str | None:
    tight = []
    for folder in folders:
        there = next(parent for parent in (folder, *folder.parents) if parent.exists())
        usage = shutil.disk_usage(there)
        if usage.free / usage.total * 100 < least_percent:
            tight.append(f"{folder}: {usage.free / 1e9:.1f} GB free")
    if tight:
        raise Degraded("; ".join(dict.fromkeys(tight)))
    return None
