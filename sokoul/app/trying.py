"""The Test buttons of the pages: the sources' own tests, and that of the folders."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sokoul.config.model import Config
from sokoul.domain.errors import Invalid
from sokoul.providers.tester import IntegrationTester, Test, Verdict

_NAMES = {"movies": "films", "series": "series", "downloads": "downloads"}
_LONGEST = 1000


def tester(current: Callable[[], Config], others: Mapping[str, Test] | None = None) -> IntegrationTester:
    """Tries what the household can set up; what the page leaves out is as configured at the moment."""

    async def folders(values: Mapping[str, Any]) -> Verdict:
        config = current()
        configured = {
            "movies": config.library.movies,
            "series": config.library.series,
            "downloads": config.torrent.directory,
        }
        return await asyncio.to_thread(_folders, {**configured, **_given(values)})

    return IntegrationTester(lambda: current().providers, {"folders": folders, **(others or {})})


def _given(values: Mapping[str, Any]) -> dict[str, Path]:
    given = {}
    for name in _NAMES:
        text = values.get(name)
        if not isinstance(text, str) or not text.strip():
            continue
        if "\0" in text or len(text) > _LONGEST:
            raise Invalid(name, "is not a folder")
        given[name] = Path(text.strip()).expanduser().absolute()
    return given


def _folders(folders: Mapping[str, Path]) -> Verdict:
    """Nothing is made or written: only looked at."""
    devices = set()
    for name, folder in folders.items():
        there = _there(folder)
        if not there.is_dir():
            return Verdict(ok=False, message=f"{there} is a file.", cure="Give the address of a folder.")
        if not os.access(there, os.W_OK | os.X_OK):
            return Verdict(
                ok=False,
                message=f"Sokoul may not write into {there}.",
                cure=f"Give its user the right to, or choose another folder for {_NAMES[name]}.",
            )
        devices.add(there.stat().st_dev)
    free = min(shutil.disk_usage(_there(folder)).free for folder in folders.values()) / 1e9
    if len(devices) > 1:
        return Verdict(
            ok=True,
            message=f"All three can be used, {free:.0f} GB free.",
            cure="They lie on different disks, so what is shared and kept is stored twice.",
        )
    return Verdict(ok=True, message=f"All three can be used, {free:.0f} GB free.")


def _there(folder: Path) -> Path:
    return next(parent for parent in (folder, *folder.parents) if parent.exists())
