"""How an outside source fared: one asking, an hour of them, and what is known of the source now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Outcome = Literal["ok", "failed", "timeout"]
Light = Literal["works", "failing", "resting", "untried"]

# Upper edges in milliseconds of the counted times; what took longer is counted last.
EDGES: Final = (25, 50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 7500, 10_000, 15_000, 20_000,
                30_000, 60_000)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """One asking; `results` None where the source was not asked for a list.

    `failures` in a row, this one included; `rests_until` where the source is left in peace from now on.
    """

    provider: str
    at: datetime
    outcome: Outcome
    took_ms: int
    results: int | None = None
    error: str | None = None
    cure: str | None = None
    failures: int = 0
    rests_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Askings of a span of time; `times` counts them by `EDGES`."""

    asked: int = 0
    ok: int = 0
    failed: int = 0
    timeout: int = 0
    results: int = 0
    times: tuple[int, ...] = ()

    @property
    def success_rate(self) -> float | None:
        """From 0 to 1; None where nobody asked."""
        return round(self.ok / self.asked, 4) if self.asked else None

    def time_below(self, share: float) -> int | None:
        """Milliseconds within which this share of the askings was answered, as near as the edges tell."""
        return percentile(self.times, share)


@dataclass(frozen=True, slots=True)
class Hour:
    """The askings of one hour."""

    hour: datetime
    tally: Tally


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of a source beyond this process and its restart."""

    failures: int = 0
    rests_until: datetime | None = None
    last_outcome: Outcome | None = None
    last_asked_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_error_at: datetime | None = None
    last_error: str | None = None
    last_cure: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One source as the pages show it; `family` is the row of the table that it comes from."""

    name: str
    family: str
    light: Light
    known: Remembered
    day: Tally
    week: Tally


def percentile(times: Sequence[int], share: float) -> int | None:
    """The time, within its bucket by rule of three; the last bucket has no upper edge."""
    wanted, before = sum(times) * share, 0
    for number, count in enumerate(times):
        if count and before + count >= wanted:
            low = EDGES[number - 1] if number else 0
            high = EDGES[number] if number < len(EDGES) else low
            return round(low + (high - low) * (wanted - before) / count)
        before += count
    return None


def bucket(took_ms: int) -> int:
    """The place in `Tally.times` where an asking of this length is counted."""
    return next((number for number, edge in enumerate(EDGES) if took_ms <= edge), len(EDGES))
