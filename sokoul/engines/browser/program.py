"""Where Chromium is, what it may take, and what to do where it is missing; loads nothing of Playwright."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Final

from sokoul.domain.pages import BrowserMissing

PROGRAMS: Final = ("chromium", "chromium-browser")
MOST_CONTEXTS: Final = 3
_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """How many pages at once, which program, what it may take (bytes, seconds)."""

    contexts: int = 2
    program: str | None = None
    page_memory: int = 512 * _MIB
    whole_memory: int = 1536 * _MIB
    idle: float = 300.0
    rest: float = 30.0


def find(configured: str | None) -> str | None:
    """The path of Chromium, where it is."""
    names = (configured,) if configured else PROGRAMS
    return next((path for name in names if (path := shutil.which(name))), None)


def missing(configured: str | None) -> BrowserMissing:
    """What to say where it is not."""
    cure = "Install it: sudo apt-get install chromium."
    if configured:
        cure = f"Correct `providers.pages.chromium` ({configured}), or sudo apt-get install chromium."
    return BrowserMissing("Chromium is not installed", cure=cure)
