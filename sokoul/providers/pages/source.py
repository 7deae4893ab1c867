"""A page definition as a source of releases."""

from __future__ import annotations

from collections import deque
from typing import Final

from sokoul import metrics
from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.offer import Offer
from sokoul.features.search.ports import Query
from sokoul.providers.pages.definition import Definition
from sokoul.providers.pages.extract import Extraction, Tools
from sokoul.providers.pages.loading import Broken

_REMEMBERED: Final = 100


class PageSource:
    """Ask one definition; judge nothing, sort nothing."""

    def __init__(self, definition: Definition, tools: Tools) -> None:
        self._definition, self._tools = definition, tools
        self._went_well: deque[bool] = deque(maxlen=_REMEMBERED)

    @property
    def name(self) -> str:
        return self._definition.name

    @property
    def timeout(self) -> float | None:
        return self._definition.limits.seconds

    async def search(self, query: Query) -> list[Offer]:
        went_well = False
        try:
            found = await Extraction(self._definition, self._tools).search(query)
            went_well = True
            return found
        finally:
            self._went_well.append(went_well)
            share = sum(self._went_well) / len(self._went_well)
            metrics.SCRAPING_SUCCESS.labels(self.name).set(share)

    async def check(self) -> str:
        """Ask for a film that is openly licensed; a sentence on success."""
        found = await self.search(Query(texts=("Big Buck Bunny",)))
        return f"{self._definition.label} answers ({len(found)} results for a test film)."


class BrokenSource:
    """A definition that cannot be used: seen in every search, with what is wrong."""

    def __init__(self, broken: Broken) -> None:
        self._broken = broken

    @property
    def name(self) -> str:
        return self._broken.name

    @property
    def timeout(self) -> float | None:
        return None

    async def search(self, query: Query) -> list[Offer]:
        del query
        raise ProviderUnavailable(
            f"the page definition {self.name} cannot be used: {self._broken.problems[0]}",
            cure="Mend it; `sokoul pages list` says everything that is wrong.",
        )

    async def check(self) -> str:
        """The same failure."""
        await self.search(Query(texts=()))
        return ""
