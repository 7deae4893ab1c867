"""Judge offers as they come, merge them, and tell what changed since last time."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence

from sokoul.domain.judge import CHUNK, judge_again, judge_one
from sokoul.domain.media import Wanted
from sokoul.domain.merge import merge, ranked
from sokoul.domain.offer import Judged, Offer
from sokoul.domain.quality import QualityProfile
from sokoul.domain.rules import Facts
from sokoul.features.search.model import Result
from sokoul.features.search.validating import Opinions, Validated, weighed

MOST_RESULTS = 500


class Ranking:
    """The results of one search, growing; best first."""

    def __init__(
        self, search_id: uuid.UUID, wanted: Wanted, profile: QualityProfile, facts: Facts
    ) -> None:
        self._search_id, self._wanted, self._profile, self._facts = search_id, wanted, profile, facts
        self._judged: list[Judged] = []
        self._told: dict[uuid.UUID, Result] = {}
        self._opinions: dict[uuid.UUID, Validated] = {}
        self.results: list[Result] = []

    async def add(self, offers: Sequence[Offer], *, until: float) -> tuple[list[Result], int]:
        """Judge and merge; what is new or changed since the last call, and how many offers were left unread.

        After `until` (the loop's clock) nothing more is judged.
        """
        clock = asyncio.get_running_loop().time
        read = 0
        for read, offer in enumerate(offers, 1):
            self._judged.append(judge_one(offer, self._wanted, self._profile, self._facts))
            if read % CHUNK == 0:
                # Some milliseconds of work: let others run.
                await asyncio.sleep(0)
                if clock() > until:
                    break
        return self._rank(), len(offers) - read

    def hear(self, opinions: Opinions) -> list[Result]:
        """Weigh the model's opinions in from now on; what changed since the last call."""
        self._opinions |= opinions
        return self._rank()

    def _rank(self) -> list[Result]:
        """Merge and order all of it; what is new or changed since the last call."""
        order = ranked(merge(self._judged, self._again))
        unique = {result.id: result for result in (Result.of(self._search_id, each) for each in order)}
        self.results = list(unique.values())[:MOST_RESULTS]
        if self._opinions:
            self.results = weighed(self.results, self._opinions)
        changed = [result for result in self.results if self._told.get(result.id) != result]
        self._told = {result.id: result for result in self.results}
        return changed

    def _again(self, known: Judged) -> Judged:
        return judge_again(known, self._wanted, self._profile, self._facts)
