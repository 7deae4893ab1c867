"""How often something may happen: the leaky bucket (GCRA), without clock or storage.

A bucket of `most` per `seconds` lets `most` through at once, then one every `seconds / most`; unlike a
counter per minute it has no edge at which twice as many pass.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """One limit for one caller: `most` in `seconds`; `cost` 0 only looks."""

    key: str
    most: int
    seconds: float
    cost: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it passed; times in seconds."""

    passed: bool
    most: int
    remaining: int
    retry_after: float
    full_after: float


def judge(bucket: Bucket, empty_at: float, now: float) -> tuple[Verdict, float]:
    """GCRA: `empty_at` is when the bucket was or will be empty of use; gives the verdict and the next one."""
    interval = bucket.seconds / bucket.most
    base = max(empty_at, now)
    # With a cost of 0 it is asked whether one more would pass.
    wait = base + interval * max(bucket.cost, 1) - bucket.seconds - now
    passed = wait <= 1e-9
    after = base + interval * bucket.cost if passed else base
    remaining = max(0, int((bucket.seconds - (after - now)) / interval + 1e-9))
    return Verdict(passed, bucket.most, remaining, max(0.0, wait), after - now), after
