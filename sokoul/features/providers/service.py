"""How the outside sources fare, told to those who look after them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from sokoul.domain.errors import NotFound
from sokoul.features.providers.model import Ask, Hour, Light, Remembered, Report, Tally
from sokoul.features.providers.ports import Bell, HistoryStore, Resting

WAKE: Final = "providers.wake"
KEPT_DAYS: Final = 35
_DAY, _WEEK = 24, 168


class ProviderService:
    """Reports on each source, from what every process of the household wrote down."""

    def __init__(self, store: HistoryStore, sources: Resting, bell: Bell) -> None:
        self._store, self._sources, self._bell = store, sources, bell

    async def reports(self) -> list[Report]:
        """Of every source that is configured, by name."""
        known = await self._store.remembered()
        day, week = await self._store.tallies(hours=_DAY), await self._store.tallies(hours=_WEEK)
        resting = self._sources.resting()
        return [
            self._report(name, family, _with_rest(known.get(name), resting.get(name)), day, week)
            for name, family in sorted(self._sources.asked().items(), key=lambda one: one[0].casefold())
        ]

    async def history(self, name: str) -> tuple[list[Hour], list[Ask]]:
        """The hours of a week, the oldest first, and the last askings, the newest first; raises NotFound."""
        hours, asks = await self._store.hours(name, hours=_WEEK), await self._store.asks(name)
        if not hours and not asks and name not in self._sources.asked():
            raise NotFound(f"There is no source {name!r}")
        return hours, asks

    async def works(self, integration: str, name: str) -> None:
        """It was tried and works: whoever left it in peace asks it again."""
        asked = self._sources.asked()
        for one in [one for one, family in asked.items() if integration == family or one == name]:
            await self._wake(one)

    async def _wake(self, name: str) -> None:
        self._sources.wake(name)
        await self._store.rested(name)
        await self._bell.signal(WAKE, {"name": name})

    async def heard(self, data: Mapping[str, Any]) -> None:
        """Another process says that a source works again."""
        self._sources.wake(str(data.get("name", "")))

    async def tidy(self) -> None:
        """Forget what is long ago."""
        await self._store.forget(days=KEPT_DAYS)

    def _report(
        self,
        name: str,
        family: str,
        known: Remembered,
        day: Mapping[str, Tally],
        week: Mapping[str, Tally],
    ) -> Report:
        return Report(name, family, _light(known), known, day.get(name, Tally()), week.get(name, Tally()))


def _with_rest(known: Remembered | None, until: datetime | None) -> Remembered:
    """What this process knows of a rest is newer than what was written down."""
    found = known or Remembered()
    if until is not None and (found.rests_until is None or until > found.rests_until):
        found = replace(found, rests_until=until)
    return found


def _light(known: Remembered) -> Light:
    if known.rests_until is not None and known.rests_until > datetime.now(UTC):
        return "resting"
    if known.last_outcome is None:
        return "untried"
    return "works" if known.last_outcome == "ok" else "failing"
