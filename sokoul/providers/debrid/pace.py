"""How often one account may be asked, counted for all processes that share the buckets."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol

from sokoul.domain.errors import Unavailable
from sokoul.domain.pace import Bucket, Verdict
from sokoul.features.debrid.model import DebridTrouble, Kind

# Longer than this nobody waits for a turn.
LONGEST_WAIT: Final = 15.0
_LONGEST_PAUSE: Final = 3600.0


class Buckets(Protocol):
    """Takes from all buckets, or from none when one of them is empty. Raises `Unavailable`."""

    async def take(self, buckets: Sequence[Bucket]) -> list[Verdict]: ...


class NoLimits:
    """For one question by hand."""

    async def take(self, buckets: Sequence[Bucket]) -> list[Verdict]:
        """All pass."""
        return [Verdict(True, bucket.most, bucket.most, 0.0, 0.0) for bucket in buckets]  # noqa: FBT003 - the value itself


class Pace:
    """Turns of one account: `rules` are (most at once, seconds until as many may come again).

    A bucket lets `most` through at once and then as many more within its seconds: what a service allows in
    a minute is the sum of both, so rules are set below it.
    """

    def __init__(
        self, name: str, account: str, rules: Sequence[tuple[int, float]], shared: Buckets, here: Buckets
    ) -> None:
        self._name, self._shared, self._here = name, shared, here
        self._rules = [
            Bucket(f"debrid:{account}:{number}", most, seconds)
            for number, (most, seconds) in enumerate(rules)
        ]
        self._pause = f"debrid:{account}:pause"

    async def turn(self) -> None:
        """Wait until this account may ask; raises DebridTrouble where that takes too long."""
        waited = 0.0
        while True:
            verdicts = await self._take([*self._rules, Bucket(self._pause, 1, 1.0, cost=0)])
            wait = max(verdict.retry_after for verdict in verdicts)
            if all(verdict.passed for verdict in verdicts):
                return
            if waited + wait > LONGEST_WAIT:
                raise too_often(self._name, wait)
            await asyncio.sleep(max(wait, 0.05))
            waited += wait

    async def pause(self, seconds: float) -> None:
        """The service said so: nobody asks for this account until then."""
        # A bucket of one, used up for so long.
        await self._take([Bucket(self._pause, 1, min(max(seconds, 1.0), _LONGEST_PAUSE))])

    async def _take(self, buckets: Sequence[Bucket]) -> list[Verdict]:
        try:
            return await self._shared.take(buckets)
        except Unavailable:
            return await self._here.take(buckets)  # this process alone counts until the other is back


def too_often(name: str, wait: float) -> DebridTrouble:
    """Asked more often than the account may."""
    return DebridTrouble(
        Kind.PACE,
        "too_often",
        f"{name} was asked as often as it allows; it may be asked again in {max(1, round(wait))} s",
        "Wait a while; other programs that use the same key count too.",
    )
