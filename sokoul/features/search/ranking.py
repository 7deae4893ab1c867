"""Judge offers as they come, merge them, and tell what changed since last time."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sokoul.domain.judge import CHUNK, judge_again, judge_one
from sokoul.domain.media import Wanted
from sokoul.domain.merge import merge, ranked
from sokoul.domain.offer import Judged, Offer
from sokoul.domain.opinion import Opinion
from sokoul.domain.quality import QualityProfile
from sokoul.domain.rules import Facts
from sokoul.features.search.model import Result, guid_of
from sokoul.features.search.validating import Opinions, weighed

MOST_RESULTS = 500


class Ranking:
    """The results of one search, growing; best first."""

    def __init__(self, search_id: uuid.UUID, wanted: Wanted, profile: QualityProfile, facts: Facts) -> None:
        self._search_id, self._wanted, self._profile, self._facts = search_id, wanted, profile, facts
        self._judged: list[Judged] = []
        self._told: dict[uuid.UUID, Result] = {}
        self._opinions: dict[str, Opinion] = {}
        self._guids: dict[str, str] = {}
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

    def at(self, url: str) -> list[Offer]:
        """The offers behind that link whose hash is not known."""
        return [each.offer for each in self._judged if each.offer.url == url and not each.offer.info_hash]

    def learn(self, learned: Mapping[Offer, Offer]) -> list[Result]:
        """Put what is known now in the place of what was known; what changed since the last call.

        A release that was told keeps its id, unless another source has told the same torrent already.
        """
        told = {result.guid for result in self._told.values()}
        for before, after in learned.items():
            if after.info_hash and guid_of(after) not in told and guid_of(before) in told:
                self._guids.setdefault(after.info_hash, guid_of(before))
        self._judged = [
            self._renewed(each, learned[each.offer]) if each.offer in learned else each
            for each in self._judged
        ]
        return self._rank()

    def _renewed(self, known: Judged, offer: Offer) -> Judged:
        if offer.title != known.offer.title:
            return judge_one(offer, self._wanted, self._profile, self._facts)
        return self._again(replace(known, offer=offer))

    def hear(self, opinions: Opinions) -> list[Result]:
        """Weigh the model's opinions in from now on; what changed since the last call."""
        self._opinions |= opinions
        return self._rank()

    def _rank(self) -> list[Result]:
        """Merge and order all of it; what is new or changed since the last call."""
        order = ranked(merge(self._judged, self._again))
        unique = {result.id: result for result in map(self._result, order)}
        self.results = list(unique.values())[:MOST_RESULTS]
        if self._opinions:
            self.results = weighed(self.results, self._opinions)
        changed = [result for result in self.results if self._told.get(result.id) != result]
        self._told = {result.id: result for result in self.results}
        return changed

    def _result(self, judged: Judged) -> Result:
        return Result.of(self._search_id, judged, self._guids.get(judged.offer.info_hash or ""))

    def _again(self, known: Judged) -> Judged:
        return judge_again(known, self._wanted, self._profile, self._facts)
