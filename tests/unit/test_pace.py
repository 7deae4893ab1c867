"""The leaky bucket in this process, by a clock of our own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sokoul.domain.pace import Bucket
from sokoul.web.limits import LocalBuckets


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_the_whole_limit_at_once_then_one_by_one() -> None:
    clock = Clock()
    buckets, bucket = LocalBuckets(clock), Bucket("a", 5, 60)
    verdicts = [(await buckets.take([bucket]))[0] for _ in range(7)]
    assert [verdict.passed for verdict in verdicts] == [True] * 5 + [False] * 2
    assert [verdict.remaining for verdict in verdicts] == [4, 3, 2, 1, 0, 0, 0]
    assert 11.9 < verdicts[-1].retry_after <= 12
    clock.now += verdicts[-1].retry_after
    assert (await buckets.take([bucket]))[0].passed
    assert not (await buckets.take([bucket]))[0].passed


async def test_one_empty_bucket_takes_from_none() -> None:
    buckets = LocalBuckets(Clock())
    small, big = Bucket("small", 1, 60), Bucket("big", 10, 60)
    await buckets.take([small])
    for _ in range(5):
        assert [verdict.passed for verdict in await buckets.take([small, big])] == [False, True]
    assert (await buckets.take([big]))[0].remaining == 9


async def test_looking_costs_nothing() -> None:
    buckets = LocalBuckets(Clock())
    for _ in range(20):
        assert (await buckets.take([Bucket("a", 2, 60, cost=0)]))[0].passed
    await buckets.take([Bucket("a", 2, 60)])
    await buckets.take([Bucket("a", 2, 60)])
    assert not (await buckets.take([Bucket("a", 2, 60, cost=0)]))[0].passed


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200), st.integers(1, 20))
async def test_no_minute_lets_more_through_than_limit_and_burst(pauses: list[float], most: int) -> None:
    clock = Clock()
    buckets, passed = LocalBuckets(clock), []
    for pause in pauses:
        clock.now += pause
        if (await buckets.take([Bucket("a", most, 60)]))[0].passed:
            passed.append(clock.now)
    for start in passed:
        assert sum(start <= moment < start + 60 for moment in passed) <= 2 * most
