"""The cache: answers that may be lost at any time. A cache that is down is a cache that is empty."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import cast

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from sokoul import metrics
from sokoul.domain.errors import Unavailable

log = structlog.get_logger(__name__)

_DOWN = (RedisError, OSError, TimeoutError)


class Cache:
    """Bytes by key with a time to live, in Redis or Valkey."""

    def __init__(self, url: str, *, connections: int = 10, timeout: float = 1.0) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=connections,
            timeout=timeout,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
        )
        self._redis = Redis(connection_pool=pool)

    @property
    def redis(self) -> Redis:
        """The client itself, for what needs more than get and put (rate limits)."""
        return self._redis

    async def get(self, key: str, *, kind: str = "other") -> bytes | None:
        """The bytes, or None when absent or when the cache is down."""
        try:
            found = cast(bytes | None, await self._redis.get(key))
        except _DOWN:
            log.warning("cache is down", operation="get")
            found = None
        (metrics.CACHE_HITS if found is not None else metrics.CACHE_MISSES).labels(kind).inc()
        return found

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        """Keep for `seconds`; a cache that is down keeps nothing."""
        try:
            await self._redis.set(key, value, px=max(1, int(seconds * 1000)))
        except _DOWN:
            log.warning("cache is down", operation="put")

    async def drop(self, *keys: bytes | str) -> None:
        """Forget these keys."""
        try:
            await self._redis.delete(*keys)
        except _DOWN:
            log.warning("cache is down", operation="drop")

    async def count(self, *beginnings: str) -> int:
        """How many keys begin so; raises `Unavailable`."""
        return sum([len(keys) async for keys in self._keys(beginnings)])

    async def clear(self, *beginnings: str) -> None:
        """Forget every key that begins so; raises `Unavailable`."""
        async for keys in self._keys(beginnings):
            await self.drop(*keys)

    async def _keys(self, beginnings: Sequence[str]) -> AsyncIterator[list[bytes | str]]:
        try:
            for beginning in beginnings:
                cursor = -1
                while cursor != 0:
                    cursor, found = await self._redis.scan(max(cursor, 0), match=f"{beginning}*", count=500)
                    if found:
                        yield list(found)
        except _DOWN as err:
            raise Unavailable("Redis does not answer") from err

    async def ping(self) -> None:
        """Raises `Unavailable` where the cache does not answer."""
        try:
            await self._redis.ping()
        except _DOWN as err:
            raise Unavailable("Redis does not answer") from err

    async def close(self) -> None:
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()
