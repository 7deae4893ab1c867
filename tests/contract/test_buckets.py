"""Rate limits: what Redis counts and what this process counts are the same."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from sokoul.config import model
from sokoul.domain.errors import TooMany, Unavailable
from sokoul.domain.pace import Bucket
from sokoul.engines.embedded import binaries
from sokoul.store.buckets import RedisBuckets
from sokoul.store.cache import Cache
from sokoul.web.limits import Limits, LocalBuckets
from tests.waiting import until


@pytest.fixture(scope="module")
def redis_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Redis as a household may run it: the private one of the daemon refuses scripts."""
    folder = tmp_path_factory.mktemp("redis")
    options = ["--port", "0", "--unixsocket", str(folder / "s"), "--save", "", "--dir", str(folder)]
    server = subprocess.Popen([binaries.valkey(), *options], stdout=subprocess.DEVNULL)
    try:
        yield folder / "s"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(params=["local", "redis"])
async def buckets(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    if request.param == "local":
        yield LocalBuckets()
        return
    socket: Path = request.getfixturevalue("redis_socket")
    await until(socket.exists)
    redis = Redis(unix_socket_path=str(socket))
    await redis.flushdb()
    yield RedisBuckets(redis)
    await redis.aclose()


async def test_the_whole_limit_at_once_and_no_more(buckets: Any) -> None:
    verdicts = [(await buckets.take([Bucket("a", 5, 60)]))[0] for _ in range(7)]
    assert [verdict.passed for verdict in verdicts] == [True] * 5 + [False] * 2
    assert [verdict.remaining for verdict in verdicts] == [4, 3, 2, 1, 0, 0, 0]
    assert 11 < verdicts[-1].retry_after <= 12
    assert 59 < verdicts[-1].full_after <= 60
    assert 11 < verdicts[0].full_after <= 12


async def test_it_fills_again(buckets: Any) -> None:
    bucket = Bucket("a", 2, 0.4)
    assert [(await buckets.take([bucket]))[0].passed for _ in range(3)] == [True, True, False]
    retry_after = (await buckets.take([bucket]))[0].retry_after
    assert 0 < retry_after <= 0.2
    await asyncio.sleep(retry_after + 0.01)
    assert [(await buckets.take([bucket]))[0].passed for _ in range(2)] == [True, False]


async def test_one_empty_bucket_takes_from_none(buckets: Any) -> None:
    small, big = Bucket("small", 1, 60), Bucket("big", 10, 60)
    await buckets.take([small])
    for _ in range(3):
        assert [verdict.passed for verdict in await buckets.take([small, big])] == [False, True]
    assert (await buckets.take([big]))[0].remaining == 9


async def test_looking_costs_nothing(buckets: Any) -> None:
    for _ in range(5):
        assert (await buckets.take([Bucket("a", 1, 60, cost=0)]))[0].passed
    await buckets.take([Bucket("a", 1, 60)])
    assert not (await buckets.take([Bucket("a", 1, 60, cost=0)]))[0].passed


async def test_hundred_at_once_are_counted_one_by_one(buckets: Any) -> None:
    verdicts = await asyncio.gather(*(buckets.take([Bucket("a", 10, 60)]) for _ in range(100)))
    assert sum(verdict.passed for [verdict] in verdicts) == 10


async def test_keys_are_told_apart(buckets: Any) -> None:
    for key in ("a", "b", "é", "a b", "x" * 100):
        assert (await buckets.take([Bucket(key, 1, 60)]))[0].passed


async def test_while_redis_is_away_this_process_counts() -> None:
    class Away:
        async def take(self, buckets: object) -> Any:
            raise Unavailable("Redis does not answer")

    limits = Limits(model.Limits(ip_per_minute=2), Away())
    for _ in range(2):
        await limits.request(ip="10.0.0.1", user=None)
    with pytest.raises(TooMany):
        await limits.request(ip="10.0.0.1", user=None)


async def test_a_redis_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    cache = Cache(f"unix://{tmp_path}/none")
    with pytest.raises(Unavailable):
        await RedisBuckets(cache.redis).take([Bucket("a", 1, 60)])
    await cache.close()
