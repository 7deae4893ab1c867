"""How the parts are: one question each, asked together, answered within a limit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from sokoul.domain.errors import SokoulError

Status = Literal["ok", "degraded", "down", "off"]
Check = Callable[[], Awaitable[str | None]]
LIMIT = 3.0


class Off(SokoulError):
    """The part is not configured or not needed here; nothing is wrong."""


class Degraded(SokoulError):
    """The part works, but something about it wants attention."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of one part; `message` is for a person."""

    status: Status
    latency_ms: float
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """All parts; `down` as soon as one that is required is down."""

    status: Literal["ok", "degraded", "down"]
    checks: Mapping[str, Outcome]


class HealthService:
    """Asks every part; a check returns a remark or None, and raises when something is wrong.

    `more` tells the parts that come and go while the daemon runs.
    """

    def __init__(
        self,
        checks: Mapping[str, Check],
        *,
        required: frozenset[str],
        more: Callable[[], Mapping[str, Check]] = dict,
    ) -> None:
        self._checks, self._required, self._more = checks, required, more

    async def deep(self) -> Health:
        """Ask all parts at once; takes no longer than the limit."""
        asked = {**self._checks, **self._more()}
        outcomes = await asyncio.gather(*(self._ask(check) for check in asked.values()))
        checks = dict(zip(asked, outcomes, strict=True))
        if any(checks[name].status == "down" for name in self._required & checks.keys()):
            return Health("down", checks)
        wrong = any(outcome.status in {"down", "degraded"} for outcome in outcomes)
        return Health("degraded" if wrong else "ok", checks)

    async def _ask(self, check: Check) -> Outcome:
        started = time.perf_counter()
        status: Status = "ok"
        try:
            async with asyncio.timeout(LIMIT):
                message = await check()
        except Off as reason:
            status, message = "off", str(reason)
        except Degraded as reason:
            status, message = "degraded", str(reason)
        except TimeoutError:
            status, message = "down", f"no answer within {LIMIT:.0f} s"
        except (SokoulError, OSError) as reason:
            status, message = "down", str(reason) or type(reason).__name__
        return Outcome(status, round((time.perf_counter() - started) * 1000, 2), message)
