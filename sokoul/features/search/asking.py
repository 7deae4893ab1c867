"""Ask all sources at once, under one deadline, and tell of each how it fared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

import structlog

from sokoul import metrics
from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.offer import Offer
from sokoul.features.search.model import Answered, ProviderState
from sokoul.features.search.ports import Indexer, Query
from sokoul.lifecycle import Tasks

log = structlog.get_logger(__name__)

MOST_OFFERS = 500
_MORE_TIME = "Look whether it is overloaded, or give it more time with `timeout`."


@dataclass(frozen=True, slots=True)
class Answer:
    """What one source gave, and how it fared."""

    state: ProviderState
    offers: tuple[Offer, ...] = ()


async def ask_all(
    indexers: Sequence[Indexer], query: Query, *, deadline: float
) -> AsyncGenerator[Answer, None]:
    """Each answer as it comes; at `deadline` (the loop's clock) those that are missing are called late."""
    tasks = Tasks("search")
    started = _now()
    asked = {tasks.spawn(each.name, _ask(each, query, deadline)): each for each in indexers}
    pending: set[asyncio.Task[Answer]] = set(asked)
    try:
        while pending:
            done, pending = await asyncio.wait(
                pending, timeout=max(0.0, deadline - _now()), return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                break
            for task in done:
                yield task.result()
        for task in pending:
            yield Answer(_late(asked[task].name, started, _now() - started))
    finally:
        await tasks.close()


async def _ask(indexer: Indexer, query: Query, deadline: float) -> Answer:
    """Whatever a source does wrong ends here, under its name."""
    started = _now()
    limit = min(indexer.timeout or float("inf"), max(0.0, deadline - started))
    try:
        async with asyncio.timeout(limit):
            offers = tuple((await indexer.search(query))[:MOST_OFFERS])
    except TimeoutError:
        return _noted(Answer(_late(indexer.name, started, limit)))
    except ProviderUnavailable as err:
        return _noted(Answer(_failed(indexer.name, started, err)))
    except Exception:
        log.exception("a source broke", provider=indexer.name)
        state = ProviderState(
            indexer.name, Answered.FAILED, 0, _since(started), f"{indexer.name} gave an answer that broke"
        )
        return _noted(Answer(state))
    metrics.SEARCH_RESULTS.labels(indexer.name).inc(len(offers))
    return _noted(Answer(ProviderState(indexer.name, Answered.OK, len(offers), _since(started)), offers))


def _failed(name: str, started: float, err: ProviderUnavailable) -> ProviderState:
    status = Answered.FAILED
    if err.timed_out:
        status = Answered.TIMEOUT
    elif err.skipped:
        status = Answered.SKIPPED
    return ProviderState(name, status, 0, _since(started), f"{err}. {err.cure}" if err.cure else str(err))


def _late(name: str, started: float, limit: float) -> ProviderState:
    error = f"{name} did not answer within {limit:.3g} s. {_MORE_TIME}"
    return ProviderState(name, Answered.TIMEOUT, 0, _since(started), error)


def _noted(answer: Answer) -> Answer:
    state = answer.state
    metrics.SEARCH_LATENCY.labels(state.name).observe(state.duration_ms / 1000)
    if state.status is not Answered.OK:
        metrics.SEARCH_ERRORS.labels(state.name, state.status).inc()
        log.warning("source failed", provider=state.name, status=state.status, error=state.error)
    return answer


def _since(started: float) -> int:
    return round((_now() - started) * 1000)


def _now() -> float:
    return asyncio.get_running_loop().time()
