"""What the history of providers needs from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sokoul.features.providers.model import Ask, Hour, Remembered, Tally


class HistoryStore(Protocol):
    """Where askings are kept: the last ones whole, all of them by the hour."""

    async def add(self, asks: Sequence[Ask], hours: Mapping[tuple[str, datetime], Tally]) -> None: ...

    async def remembered(self) -> Mapping[str, Remembered]: ...

    async def tallies(self, *, hours: int) -> Mapping[str, Tally]:
        """By source, of the last hours."""
        ...

    async def hours(self, provider: str, *, hours: int) -> list[Hour]:
        """The oldest first."""
        ...

    async def asks(self, provider: str) -> list[Ask]:
        """The newest first."""
        ...

    async def rested(self, provider: str) -> None:
        """The source is asked again from now on."""
        ...

    async def forget(self, *, days: int) -> None:
        """Drop hours that are older."""
        ...


class Resting(Protocol):
    """The sources of this process."""

    def asked(self) -> Mapping[str, str]:
        """The family of each source by its name."""
        ...

    def resting(self) -> Mapping[str, datetime]:
        """Which are left in peace, and until when."""
        ...

    def wake(self, name: str) -> None:
        """Ask this one again."""
        ...


class Bell(Protocol):
    """Nudges the other processes of the household."""

    async def signal(self, name: str, data: Mapping[str, Any]) -> None: ...
