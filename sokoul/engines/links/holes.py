"""Which bytes of a file are in: stretches that neither touch nor overlap, in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class Have:
    """The stretches that are in, of `size` bytes."""

    def __init__(self, size: int, stretches: Iterable[tuple[int, int]] = ()) -> None:
        self.size = size
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in stretches:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        """Bytes from `start` up to `end` are in."""
        start, end = max(0, start), min(end, self.size)
        if start >= end:
            return
        first = bisect_right(self._starts, start)
        if first and self._ends[first - 1] >= start:
            first -= 1
            start = self._starts[first]
        last = first
        while last < len(self._starts) and self._starts[last] <= end:
            end = max(end, self._ends[last])
            last += 1
        self._starts[first:last], self._ends[first:last] = [start], [end]

    def until(self, offset: int) -> int:
        """Where the stretch that `offset` is in ends; `offset` itself where that byte is not in."""
        place = bisect_right(self._starts, offset) - 1
        return max(offset, self._ends[place]) if place >= 0 else offset

    def hole(self, offset: int) -> tuple[int, int] | None:
        """The first hole at or after `offset`, as (start, end)."""
        start = self.until(offset)
        if start >= self.size:
            return None
        place = bisect_right(self._starts, start)
        return start, self._starts[place] if place < len(self._starts) else self.size

    def holds(self, start: int, end: int) -> bool:
        """Whether all of it is in."""
        return self.until(start) >= min(end, self.size)

    def clear(self) -> None:
        """Nothing is in after all."""
        self._starts, self._ends = [], []

    @property
    def total(self) -> int:
        """How many bytes are in."""
        return sum(self._ends) - sum(self._starts)

    @property
    def complete(self) -> bool:
        """Whether every byte is in."""
        return self.total == self.size

    def stretches(self) -> list[tuple[int, int]]:
        """For keeping."""
        return list(zip(self._starts, self._ends, strict=True))
