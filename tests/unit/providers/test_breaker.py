"""A source that fails again and again is left in peace, then tried once."""

from __future__ import annotations

import pytest

from sokoul.domain.errors import ProviderUnavailable
from sokoul.providers.breaker import CircuitBreaker, CircuitOpen


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
    source.now, source.fails = 60.0, False
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
