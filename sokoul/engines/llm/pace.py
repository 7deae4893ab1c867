"""How much a model can do in its time: a small board judges two names where a workstation judges ten."""

from __future__ import annotations

from typing import Final

_FILLED: Final = 0.8  # of the time: no two questions take equally long


class Pace:
    """Learns from each question how many names the next one may hold."""

    def __init__(self) -> None:
        self._fits: int | None = None

    def affordable(self, wanted: int) -> int:
        """How many of `wanted` names to ask about; the first question tries all."""
        return wanted if self._fits is None else min(wanted, self._fits)

    def kept(self, count: int, took: float, limit: float) -> None:
        """`count` names took `took` of `limit` seconds."""
        fits = int(limit * _FILLED * count / max(took, 0.001))
        self._fits = max(1, min(fits, 2 * max(count, self._fits or 0)))

    def missed(self, count: int) -> None:
        """`count` names were too many."""
        self._fits = max(1, count // 2)
