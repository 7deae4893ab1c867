"""A source that fails again and again is left in peace, then tried once."""

from __future__ import annotations

import asyncio

import pytest

from sokoul.domain.errors import ProviderUnavailable
from sokoul.features.providers.model import Ask
from sokoul.providers.breaker import CircuitBreaker, CircuitOpen
from sokoul.providers.refusals import Busy, retry_after


class Source:
    def __init__(self) -> None:
        self.now = 0.0
        self.fails = True
        self.asked = 0

    async def ask(self) -> str:
        self.asked += 1
        if self.fails:
            raise ProviderUnavailable("no")
        return "yes"


async def test_opens_after_five_failures_and_closes_after_a_success() -> None:
    source = Source()
    breaker = CircuitBreaker("x", clock=lambda: source.now)
    for _ in range(5):
        assert breaker.state == "closed"
        with pytest.raises(ProviderUnavailable):
            await breaker.call(source.ask)
    assert breaker.state == "open"
    with pytest.raises(CircuitOpen) as caught:
        await breaker.call(source.ask)
    assert caught.value.skipped
    assert source.asked == 5
    source.now = 30.0
    assert breaker.state == "half-open"
    with pytest.raises(ProviderUnavailable):
        await breaker.call(source.ask)
    assert breaker.state == "open"
    source.now = 60.0
    assert breaker.state == "open"
    source.now, source.fails = 90.0, False
    assert await breaker.call(source.ask) == "yes"
    assert breaker.state == "closed"


async def test_success_forgets_failures() -> None:
    source = Source()
    breaker = CircuitBreaker("x", failures=2, clock=lambda: source.now)
    with pytest.raises(ProviderUnavailable):
        await breaker.call(source.ask)
    source.fails = False
    await breaker.call(source.ask)
    source.fails = True
    with pytest.raises(ProviderUnavailable):
        await breaker.call(source.ask)
    assert breaker.state == "closed"


async def _fail(breaker: CircuitBreaker, source: Source, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(ProviderUnavailable):
            await breaker.call(source.ask)


async def test_each_failed_trial_doubles_the_rest_up_to_half_an_hour() -> None:
    source = Source()
    breaker = CircuitBreaker("x", clock=lambda: source.now)
    await _fail(breaker, source, 5)
    rests = []
    for _ in range(9):
        rests.append(round(breaker.rests_for))
        source.now += breaker.rests_for
        assert breaker.state == "half-open"
        await _fail(breaker, source)
    assert rests == [30, 60, 120, 240, 480, 960, 1800, 1800, 1800]
    source.now, source.fails = source.now + 1800, False
    await breaker.call(source.ask)
    source.fails = True
    await _fail(breaker, source, 5)
    assert breaker.rests_for == 30


async def test_a_source_that_says_how_long_is_left_alone_so_long_at_once() -> None:
    now = 0.0

    async def busy() -> None:
        raise Busy("x", 7200)

    breaker = CircuitBreaker("x", clock=lambda: now)
    with pytest.raises(Busy):
        await breaker.call(busy)
    assert (breaker.state, breaker.rests_for) == ("open", 7200)
    breaker.reset()
    assert breaker.state == "closed"


async def test_one_probe_at_a_time_and_one_rest_for_many_failures_at_once() -> None:
    source, gate = Source(), asyncio.Event()
    breaker = CircuitBreaker("x", failures=2, clock=lambda: source.now)

    async def slow() -> str:
        await gate.wait()
        return await source.ask()

    asked = [asyncio.create_task(breaker.call(slow)) for _ in range(6)]
    await asyncio.sleep(0)
    gate.set()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(answer, ProviderUnavailable) for answer in answers)
    assert breaker.rests_for == 30
    source.now, source.fails = 30, False
    gate.clear()
    probe = asyncio.create_task(breaker.call(slow))
    await asyncio.sleep(0)
    with pytest.raises(CircuitOpen):
        await breaker.call(source.ask)
    gate.set()
    assert await probe == "yes"
    assert breaker.state == "closed"


async def test_whoever_listens_hears_of_each_call_that_was_made() -> None:
    source, heard = Source(), list[Ask]()
    breaker = CircuitBreaker("x", failures=2, clock=lambda: source.now, observe=heard.append)
    await _fail(breaker, source, 3)
    assert [(ask.outcome, ask.failures, ask.rests_until is not None) for ask in heard] == [
        ("failed", 1, False),
        ("failed", 2, True),
    ]
    assert heard[0].error == "no"
    source.now = 30

    async def silent() -> None:
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(breaker.call(silent), 0.01)
    assert heard[-1].outcome == "timeout"
    assert "had not answered" in (heard[-1].error or "")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("0", 1), ("-5", 30), ("soon", 30), ("", 30), ("Wed, 21 Oct 2015 07:28:00 GMT", 1)],
)
def test_retry_after(header: str, seconds: float) -> None:
    assert retry_after(header) == seconds
