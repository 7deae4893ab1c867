"""Other speed limits at other times of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes/s for all torrents together; 0 is no limit."""

    download: int = 0
    upload: int = 0


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` up to `end`, over midnight where that comes first, these limits hold."""

    start: time
    end: time
    limits: Limits

    def holds(self, now: time) -> bool:
        """Whether `now` is in it; equal ends mean the whole day."""
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end


def limits_at(now: time, windows: Sequence[Window], otherwise: Limits) -> Limits:
    """The limits of the first window that holds."""
    return next((window.limits for window in windows if window.holds(now)), otherwise)
