"""How often a caller may ask: counted in Redis for all processes, or in this one while Redis is away."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

from sokoul.config import model
from sokoul.domain.errors import TooMany, Unavailable
from sokoul.domain.pace import Bucket, Verdict, judge

MINUTE = 60.0
FAILURES, FAILURES_IN = 10, 900.0
_MOST_BUCKETS = 50_000


class Buckets(Protocol):
    """Takes from all buckets, or from none when one of them is empty. Raises `Unavailable`."""

    async def take(self, buckets: Sequence[Bucket]) -> list[Verdict]: ...


class LocalBuckets:
    """Buckets of this process; the least used are forgotten beyond fifty thousand."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._empty_at: OrderedDict[str, float] = OrderedDict()

    async def take(self, buckets: Sequence[Bucket]) -> list[Verdict]:
        now = self._clock()
        judged = [judge(bucket, self._empty_at.get(bucket.key, 0.0), now) for bucket in buckets]
        if all(verdict.passed for verdict, _ in judged):
            for bucket, (_, after) in zip(buckets, judged, strict=True):
                if bucket.cost:
                    self._keep(bucket.key, after)
        return [verdict for verdict, _ in judged]

    def _keep(self, key: str, after: float) -> None:
        self._empty_at[key] = after
        self._empty_at.move_to_end(key)
        if len(self._empty_at) > _MOST_BUCKETS:
            self._empty_at.popitem(last=False)


class Limits:
    """The limits of the configuration; 0 there switches one off."""

    def __init__(self, limits: model.Limits, shared: Buckets | None = None) -> None:
        self.config = limits
        self._local = LocalBuckets()
        self._shared = shared

    async def request(self, *, ip: str, user: str | None, search: bool = False) -> Verdict | None:
        """One request; raises `TooMany`. Gives the tightest limit, or None when none is on."""
        ip = _household(ip)
        who = user or ip
        wanted = (
            ("ip:" + ip, self.config.ip_per_minute),
            ("user:" + who, self.config.user_per_minute if user else 0),
            ("search:" + who, self.config.search_per_minute if search else 0),
        )
        buckets = [Bucket(key, most, MINUTE) for key, most in wanted if most]
        return await self._take(buckets, "Too many requests") if buckets else None

    async def login(self, *, ip: str, username: str) -> None:
        """Before a password is looked at; raises `TooMany`."""
        if not self.config.logins_per_minute:
            return
        await self._take(
            [
                Bucket("login:" + _household(ip), self.config.logins_per_minute, MINUTE),
                Bucket(_account(username), FAILURES, FAILURES_IN, cost=0),
            ],
            "Too many attempts to sign in",
        )

    async def login_failed(self, *, username: str) -> None:
        """Count against the account too, known or not: ten failures in a quarter of an hour."""
        if self.config.logins_per_minute:
            await self._ask([Bucket(_account(username), FAILURES, FAILURES_IN)])

    async def _take(self, buckets: list[Bucket], message: str) -> Verdict:
        verdicts = await self._ask(buckets)
        refused = [verdict for verdict in verdicts if not verdict.passed]
        if refused:
            worst = max(refused, key=lambda verdict: verdict.retry_after)
            raise LimitReached(message, worst)
        return min(verdicts, key=lambda verdict: verdict.remaining)

    async def _ask(self, buckets: list[Bucket]) -> list[Verdict]:
        if self._shared is not None:
            try:
                return await self._shared.take(buckets)
            except Unavailable:
                pass  # this process alone counts until Redis is back
        return await self._local.take(buckets)


class LimitReached(TooMany):
    """Carries the figures for the answer's headers."""

    def __init__(self, message: str, verdict: Verdict) -> None:
        super().__init__(message, retry_after=verdict.retry_after)
        self.verdict = verdict


def _household(ip: str) -> str:
    """Whoever has one IPv6 address has 2^64 of them."""
    if ":" not in ip:
        return ip
    try:
        return str(ipaddress.ip_network((ip.partition("%")[0], 64), strict=False).network_address)
    except ValueError:
        return ip


def _account(username: str) -> str:
    return "account:" + username.strip().casefold()[:64]


def headers(verdict: Verdict) -> dict[str, str]:
    """`X-RateLimit-*`; Reset is in seconds from now, when the whole limit is there again."""
    return {
        "X-RateLimit-Limit": str(verdict.most),
        "X-RateLimit-Remaining": str(verdict.remaining),
        "X-RateLimit-Reset": str(math.ceil(verdict.full_after)),
    }
