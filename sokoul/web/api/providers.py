"""How the outside sources fare: works, resting, failing; how often, how fast, and what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel

from sokoul.features.providers.model import Ask, Hour, Light, Remembered, Report, Tally
from sokoul.web.keys import PROVIDERS
from sokoul.web.lists import json_answer, listing, page


class BreakerAnswer(BaseModel):
    """Whether the source is left in peace; `half-open`: the next asking shows whether it works again."""

    state: Literal["closed", "open", "half-open"]
    failures: int
    asked_again_at: datetime | None


class ErrorAnswer(BaseModel):
    """What went wrong last, and what to do about it."""

    at: datetime
    message: str
    cure: str | None


class ProviderAnswer(BaseModel):
    """One source; times in milliseconds of the last day, rates from 0 to 1."""

    name: str
    family: str
    state: Light
    breaker: BreakerAnswer
    asked_24h: int
    asked_7d: int
    success_rate_24h: float | None
    success_rate_7d: float | None
    results_24h: int
    median_ms: int | None
    p95_ms: int | None
    last_asked_at: datetime | None
    last_ok_at: datetime | None
    last_error: ErrorAnswer | None


class HourAnswer(BaseModel):
    """One hour; times in milliseconds."""

    hour: datetime
    asked: int
    ok: int
    failed: int
    timeout: int
    results: int
    median_ms: int | None
    p95_ms: int | None


class AskAnswer(BaseModel):
    """One asking."""

    at: datetime
    outcome: Literal["ok", "failed", "timeout"]
    took_ms: int
    results: int | None
    error: str | None
    cure: str | None


class HistoryAnswer(BaseModel):
    """A week by the hour, the oldest first, and the last 200 askings, the newest first."""

    name: str
    hours: list[HourAnswer]
    asks: list[AskAnswer]


async def providers(request: web.Request) -> web.Response:
    """Every source that is configured, by name."""
    where = page(request)
    reports = await request.app[PROVIDERS].reports()
    shown = [_provider(report) for report in reports[where.offset : where.offset + where.limit]]
    return listing(shown, len(reports), where)


async def history(request: web.Request) -> web.Response:
    """How one source fared."""
    name = request.match_info["name"]
    hours, asks = await request.app[PROVIDERS].history(name)
    return json_answer(
        HistoryAnswer(name=name, hours=[_hour(one) for one in hours], asks=[_ask(one) for one in asks])
    )


def _provider(report: Report) -> ProviderAnswer:
    known, day, week = report.known, report.day, report.week
    return ProviderAnswer(
        name=report.name,
        family=report.family,
        state=report.light,
        breaker=_breaker(known),
        asked_24h=day.asked,
        asked_7d=week.asked,
        success_rate_24h=day.success_rate,
        success_rate_7d=week.success_rate,
        results_24h=day.results,
        **_times(day),
        last_asked_at=known.last_asked_at,
        last_ok_at=known.last_ok_at,
        last_error=_error(known),
    )


def _breaker(known: Remembered) -> BreakerAnswer:
    state: Literal["closed", "open", "half-open"] = "closed"
    if known.rests_until is not None:
        state = "open" if known.rests_until > datetime.now(UTC) else "half-open"
    until = known.rests_until if state == "open" else None
    return BreakerAnswer(state=state, failures=known.failures, asked_again_at=until)


def _error(known: Remembered) -> ErrorAnswer | None:
    if known.last_error_at is None or known.last_error is None:
        return None
    return ErrorAnswer(at=known.last_error_at, message=known.last_error, cure=known.last_cure)


def _hour(one: Hour) -> HourAnswer:
    tally = one.tally
    counts = {"asked": tally.asked, "ok": tally.ok, "failed": tally.failed, "timeout": tally.timeout}
    return HourAnswer(hour=one.hour, **counts, results=tally.results, **_times(tally))


def _ask(ask: Ask) -> AskAnswer:
    return AskAnswer(
        at=ask.at,
        outcome=ask.outcome,
        took_ms=ask.took_ms,
        results=ask.results,
        error=ask.error,
        cure=ask.cure,
    )


def _times(tally: Tally) -> dict[str, Any]:
    return {"median_ms": tally.time_below(0.5), "p95_ms": tally.time_below(0.95)}
