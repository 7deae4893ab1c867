"""What was found out a moment ago, so that not every request asks the database."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """At most `most` values, each good for `seconds`, and `stale` more where nothing better is had."""

    def __init__(
        self,
        *,
        seconds: float,
        stale: float = 0.0,
        most: int = 4096,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds, self._stale, self._most, self._clock = seconds, stale, most, clock
        self._kept: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def get(self, key: K, *, stale: bool = False) -> tuple[V] | None:
        """The value in a tuple of one, or None; with `stale`, an older one too."""
        found = self._kept.get(key)
        if found is None:
            return None
        age = self._clock() - found[0]
        return (found[1],) if age < self._seconds + (self._stale if stale else 0.0) else None

    def put(self, key: K, value: V) -> None:
        self._kept[key] = (self._clock(), value)
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def drop(self, key: K) -> None:
        self._kept.pop(key, None)

    def clear(self) -> None:
        self._kept.clear()
