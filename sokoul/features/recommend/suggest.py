"""What somebody may like next, each with its reason: from what they watched, liked and wished for."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from sokoul.domain.errors import Unavailable
from sokoul.domain.meaning import Story
from sokoul.domain.meaning.affinity import Suggested, affinity, varied
from sokoul.domain.words import Phrase, phrase
from sokoul.features.recommend.index import VectorIndex
from sokoul.features.recommend.ports import Bond, Embedder, Reach, Stories, Tastes, Tie

if TYPE_CHECKING:
    from sokoul.features.recommend.ports import Vectors

log = structlog.get_logger(__name__)

MOST_TIES: Final = 500  # all are left out of the list
SPEAKING: Final = 25  # the latest speak for the taste
NEAR, KNOWN = 150, 150
_WEIGHTS: Final = {Bond.FAVORITE: 1.0, Bond.FINISHED: 0.85, Bond.BEGUN: 0.6, Bond.WISHED: 0.7}
_OFTEN: Final = 3  # titles of a genre that make a habit
_WELL_RATED: Final = 7.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A story, why it may be liked, and how soon it can be had."""

    story: Story
    reason: Phrase
    reach: Reach


@dataclass(frozen=True, slots=True)
class _Taste:
    """The titles that speak, the latest first, with their weights, and how often each genre comes."""

    ties: tuple[tuple[Story, Bond, float], ...]
    genres: Counter[str]

    @property
    def habits(self) -> tuple[str, ...]:
        return tuple(code for code, count in self.genres.most_common(3) if count >= _OFTEN)


class Suggestions:
    """Works from rules; vectors, where there are any, see further."""

    def __init__(
        self, stories: Stories, tastes: Tastes, index: VectorIndex, embedder: Callable[[], Embedder | None]
    ) -> None:
        self._stories, self._tastes, self._index, self._embedder = stories, tastes, index, embedder

    async def of(self, user_id: uuid.UUID, count: int) -> list[Suggestion]:
        """The best first; without any history what is here and what many watch."""
        ties = await self._tastes.ties(user_id, MOST_TIES)
        touched = {tie.story_id for tie in ties}
        taste = _taste(ties, await self._stories.by_ids([tie.story_id for tie in ties[:SPEAKING]]))
        await self._read_vectors()
        ids = [one for one in await self._candidates(user_id, taste) if one not in touched]
        stories = list((await self._stories.by_ids(ids)).values())
        vectors = self._index.of([story.id for story in (*stories, *(tie for tie, _, _ in taste.ties))])
        # Thousands of pairs: not on the loop.
        chosen = await asyncio.to_thread(_chosen, stories, taste, vectors, count)
        reach = await self._stories.reach([one.story.id for one in chosen])
        return [Suggestion(one.story, one.reason, reach.get(one.story.id, Reach())) for one in chosen]

    async def _read_vectors(self) -> None:
        if (embedder := self._embedder()) is None:
            return
        try:
            await self._index.refresh(await embedder.key())
        except Unavailable as error:
            log.info("suggestions come from rules alone", why=str(error))

    async def _candidates(self, user_id: uuid.UUID, taste: _Taste) -> list[uuid.UUID]:
        known = self._index.of([story.id for story, _, _ in taste.ties])
        near: list[tuple[uuid.UUID, float]] = []
        if known:
            import numpy as np

            near = await self._index.nearest(np.stack(list(known.values())), NEAR)
        favourite = [code for code, _ in taste.genres.most_common(3)]
        akin = await self._tastes.candidates(user_id, favourite, KNOWN) if favourite else []
        common = await self._tastes.candidates(user_id, (), KNOWN)
        return list(dict.fromkeys([*(one for one, _ in near), *akin, *common]))


def _taste(ties: Sequence[Tie], stories: Mapping[uuid.UUID, Story]) -> _Taste:
    speaking = [(stories[tie.story_id], tie.bond) for tie in ties if tie.story_id in stories]
    # What was long ago says less of today.
    weighed = tuple(
        (story, bond, _WEIGHTS[bond] * (1 - 0.4 * place / max(1, len(speaking))))
        for place, (story, bond) in enumerate(speaking)
    )
    return _Taste(weighed, Counter(code for story, _ in speaking for code in story.genre_codes))


def _chosen(
    stories: Sequence[Story], taste: _Taste, vectors: Mapping[uuid.UUID, Vectors], count: int
) -> list[Suggested]:
    return varied((_suggested(story, taste, vectors) for story in stories), count)


def _suggested(story: Story, taste: _Taste, vectors: Mapping[uuid.UUID, Vectors]) -> Suggested:
    best, reason, tie = 0.0, None, None
    own = vectors.get(story.id)
    for other, bond, weight in taste.ties:
        theirs = vectors.get(other.id)
        likeness = float(own @ theirs) if own is not None and theirs is not None else None
        found = affinity(story, other, likeness)
        common = found.keywords or found.people or found.genres or found.alike
        if common and found.strength * weight > best:
            said = phrase(f"because.{bond.value}", title=other.title)
            best, reason, tie = found.strength * weight, found.because(said), other
    points = best + _merit(story) + _habit(story, taste)
    if reason is None or best < 0.2:
        return Suggested(story, points, _without_tie(story, taste))
    return Suggested(story, points, reason, tie)


def _merit(story: Story) -> float:
    """Small against kinship: rating, being here, being watched by many."""
    rating = max(0.0, (story.rating or 6.0) - 6.0) / 4.0
    return 0.12 * rating + (0.1 if story.owned else 0.0) + 0.08 * min(1.0, story.popularity / 200)


def _habit(story: Story, taste: _Taste) -> float:
    total = sum(taste.genres.values())
    share = sum(taste.genres[code] for code in story.genre_codes) / total if total else 0.0
    return 0.15 * min(1.0, share)


def _without_tie(story: Story, taste: _Taste) -> Phrase:
    habits = tuple(code for code in taste.habits if code in story.genre_codes)
    if habits:
        return phrase("because.taste", genres=habits)
    if story.owned and (story.rating or 0.0) >= _WELL_RATED:
        return phrase("because.owned_liked", rating=round(story.rating or 0.0, 1))
    return phrase("because.owned") if story.owned else phrase("because.popular")
