"""All sources at once: each ends under its own name, none delays the others."""

from __future__ import annotations

import asyncio

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.offer import Offer
from sokoul.features.search.asking import MOST_OFFERS, Answer, ask_all
from sokoul.features.search.model import Answered, ProviderState, Status
from sokoul.features.search.ports import Indexer, Query
from sokoul.features.search.running import outcome


class Source:
    """Gives what it is told to."""

    def __init__(
        self,
        name: str,
        *,
        error: Exception | None = None,
        wait: float = 0,
        timeout: float | None = None,
        offers: int = 1,
    ) -> None:
        self.name, self.timeout = name, timeout
        self._error, self._wait, self._offers = error, wait, offers
        self.cancelled = False

    async def search(self, query: Query) -> list[Offer]:
        try:
            await asyncio.sleep(self._wait)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        if self._error is not None:
            raise self._error
        return [Offer(f"{self.name}{n}", "Film", self.name) for n in range(self._offers)]


async def ask(*sources: Indexer, within: float = 1.0) -> list[Answer]:
    deadline = asyncio.get_running_loop().time() + within
    return [answer async for answer in ask_all(sources, Query(("x",)), deadline=deadline)]


async def test_each_ends_under_its_own_name() -> None:
    answers = await ask(
        Source("good"),
        Source("down", error=ProviderUnavailable("down is down", cure="Start it.")),
        Source("slow", error=ProviderUnavailable("slow is slow", timed_out=True)),
        Source("resting", error=ProviderUnavailable("resting", skipped=True)),
        Source("broken", error=KeyError("oops")),
        Source("late", wait=5, timeout=0.05),
    )
    states = {answer.state.name: answer.state for answer in answers}
    assert {name: state.status for name, state in states.items()} == {
        "good": Answered.OK,
        "down": Answered.FAILED,
        "slow": Answered.TIMEOUT,
        "resting": Answered.SKIPPED,
        "broken": Answered.FAILED,
        "late": Answered.TIMEOUT,
    }
    assert states["down"].error == "down is down. Start it."
    assert (states["late"].error or "").startswith("late did not answer within 0.05 s. Look whether")
    assert "oops" not in (states["broken"].error or "")


async def test_the_deadline_holds_and_the_late_one_is_let_go() -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()
    hanging = Source("hanging", wait=60)
    answers = await ask(Source("good"), hanging, within=0.2)
    assert loop.time() - started < 0.5
    assert [answer.state.name for answer in answers] == ["good", "hanging"]
    assert answers[1].state.status is Answered.TIMEOUT
    assert hanging.cancelled


async def test_answers_come_as_they_come() -> None:
    answers = await ask(Source("second", wait=0.1), Source("first"))
    assert [answer.state.name for answer in answers] == ["first", "second"]


async def test_nobody_to_ask() -> None:
    assert await ask() == []


async def test_a_flood_is_cut() -> None:
    answers = await ask(Source("flood", offers=5000))
    assert len(answers[0].offers) == answers[0].state.count == MOST_OFFERS


def test_failed_means_that_nobody_answered() -> None:
    def state(name: str, status: Answered, count: int = 0) -> ProviderState:
        return ProviderState(name, status, count)

    assert outcome([]) is Status.COMPLETED
    assert outcome([state("library", Answered.OK)]) is Status.COMPLETED
    assert outcome([state("a", Answered.OK), state("b", Answered.FAILED)]) is Status.COMPLETED
    assert outcome([state("a", Answered.TIMEOUT), state("library", Answered.OK)]) is Status.FAILED
    assert outcome([state("a", Answered.TIMEOUT), state("library", Answered.OK, 1)]) is Status.COMPLETED
