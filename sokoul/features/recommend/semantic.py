"""Ask for a work in one's own words: by vectors, by words and by facts, with the reasons of each."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sokoul.domain.errors import Invalid, Unavailable
from sokoul.domain.meaning import Match, Sought, Story, Weights, Wish, match, read, tokens
from sokoul.domain.media import MediaType
from sokoul.domain.words import Phrase, phrase
from sokoul.features.recommend.index import VectorIndex
from sokoul.features.recommend.ports import Embedder, Reach, Stories

if TYPE_CHECKING:
    from sokoul.features.recommend.ports import Vectors

MOST: Final = 100  # hits of one question
NEAR, WORDED, FACTUAL = 120, 80, 80
QUOTED: Final = 5  # hits whose closest sentence is looked for
LEAST: Final = 18  # points below which nothing is shown


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that answers, how far and why, and how soon it can be had."""

    match: Match
    reach: Reach


@dataclass(frozen=True, slots=True)
class Answer:
    """`by_meaning` tells whether a model read along; `notes` say what a person should know about that."""

    wish: Wish
    hits: tuple[Hit, ...]
    by_meaning: bool
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be found: one kind, or only what is here to be played."""

    media_type: MediaType | None = None
    owned: bool = False


class Semantic:
    """Searches by meaning; without a model by everything else, and says so."""

    def __init__(self, stories: Stories, index: VectorIndex, embedder: Callable[[], Embedder | None]) -> None:
        self._stories, self._index, self._embedder = stories, index, embedder

    async def ask(self, text: str, scope: Scope | None = None) -> Answer:
        """The best answers first; raises `Invalid` for a question without a word."""
        scope, wish = scope or Scope(), read(text)
        if not tokens.fold(wish.text).strip(" .,;:!?-"):
            raise Invalid("semantic", "a few words are needed")
        sought, notes = await self._sought(wish)
        question, note = await self._question(sought)
        notes += [note] if note is not None else []
        # Of what is only heard of there may be far more than of what is here.
        near = await self._near(question, NEAR * 4 if scope.owned else NEAR)
        ids = await self._candidates(sought, [one for one, _ in near])
        known = await self._stories.by_ids(ids)
        self._index.let_go([one for one in ids if one not in known])
        stories = [story for story in known.values() if _fits(story, scope, sought)]
        vectors = self._index.of([story.id for story in stories])
        # Hundreds of descriptions are taken apart: not on the loop.
        hits = await asyncio.to_thread(_ranked, sought, stories, question, vectors)
        if near and (unread := self._unread(stories)):
            notes.append(phrase("semantic.reading", count=unread))
        if near:
            hits = await self._quoted(sought, hits)
        reach = await self._stories.reach([hit.story.id for hit in hits])
        told = tuple(Hit(hit, reach.get(hit.story.id, Reach())) for hit in hits)
        return Answer(sought.wish, told, bool(near), tuple(notes))

    async def _sought(self, wish: Wish) -> tuple[Sought, list[Phrase]]:
        """What the titles in it mean; one that nobody knows is taken for words of the plot."""
        like: list[Story] = []
        unknown: list[str] = []
        cast_of: Story | None = None
        for title in wish.like:
            found = await self._stories.by_title(title)
            like += found[:1]
        if wish.like and not like:
            unknown.append(wish.like[0])
        for title in wish.seen_in:
            found = [story for story in await self._stories.by_title(title) if story.people]
            cast_of = found[0] if found else None
            unknown += [] if found else [title]
        if unknown:
            wish = replace(wish, plot=wish.text)
        people = cast_of.people if cast_of is not None else ()
        notes = [phrase("semantic.unknown_title", title=title) for title in unknown]
        return Sought(wish, people, cast_of, tuple(like)), notes

    async def _question(self, sought: Sought) -> tuple[Vectors | None, Phrase | None]:
        """What is asked for as one direction, or none with the reason why."""
        embedder = self._embedder()
        if embedder is None:
            return None, phrase("semantic.words_alone")
        try:
            await self._index.refresh(await embedder.key())
            plot = await embedder.embed(sought.wish.plots)
        except Unavailable as error:
            return None, phrase("semantic.model_failed", why=str(error).rstrip("."))
        # French and English of one plot count as one.
        told = [plot.mean(axis=0)] if len(plot) else []
        parts = [*told, *self._index.of([story.id for story in sought.like]).values()]
        if not parts:
            return None, None
        import numpy as np

        mean = np.mean(parts, axis=0, keepdims=True)
        direction: Vectors = (mean / (np.linalg.norm(mean) or 1.0)).astype(np.float32)
        return direction, None

    async def _near(self, question: Vectors | None, count: int) -> list[tuple[uuid.UUID, float]]:
        return [] if question is None else await self._index.nearest(question, count)

    async def _candidates(self, sought: Sought, near: Sequence[uuid.UUID]) -> list[uuid.UUID]:
        """Whatever may answer: near in meaning, of the same words, of the facts asked for."""
        wish = sought.wish
        people = (*wish.people, *sought.people)
        words = [stem for text in wish.plots for stem in tokens.stems(text)]
        worded = await self._stories.by_words(words, WORDED)
        factual: Sequence[uuid.UUID] = []
        if wish.genres or wish.years or people or wish.language:
            factual = await self._stories.by_facets(wish, people, FACTUAL)
        akin: Sequence[uuid.UUID] = []
        if sought.like and not near:
            genres = frozenset(code for story in sought.like for code in story.genre_codes)
            akin = await self._stories.by_facets(Wish(genres=genres), (), FACTUAL)
        same = {story.id for story in sought.like}
        return [one for one in dict.fromkeys([*near, *worded, *factual, *akin]) if one not in same]

    def _unread(self, stories: Sequence[Story]) -> int:
        """How many have a description that no model has read yet."""
        read_ = self._index.of([story.id for story in stories])
        return sum(story.id not in read_ for story in stories if story.overview or story.english)

    async def _quoted(self, sought: Sought, hits: Sequence[Match]) -> list[Match]:
        """For the best few, the passage of the description that lies nearest to what was asked."""
        embedder = self._embedder()
        if embedder is None or not sought.wish.plot:
            return list(hits)
        first = [
            (place, text) for place, hit in enumerate(hits[:QUOTED]) for text in hit.story.sentences()[:6]
        ]
        try:
            asked = (await embedder.embed(sought.wish.plots)).mean(axis=0)
            passages = await embedder.embed([text for _, text in first])
        except Unavailable:
            return list(hits)
        best: dict[int, tuple[float, str]] = {}
        for (place, text), vector in zip(first, passages, strict=True):
            best[place] = max(best.get(place, (0.0, "")), (float(vector @ asked), text))
        return [
            replace(hit, reasons=(phrase("meaning.sentence", text=best[place][1]), *hit.reasons))
            if best.get(place, (0.0, ""))[0] >= 0.3
            else hit
            for place, hit in enumerate(hits)
        ]


def _fits(story: Story, scope: Scope, sought: Sought) -> bool:
    if scope.owned and not story.owned:
        return False
    if scope.media_type is not None and story.media_type is not scope.media_type:
        return False
    wanted = sought.wish.media_type
    if wanted is not None and story.media_type is not wanted and story.media_type is not MediaType.UNKNOWN:
        return False
    return sought.cast_of is None or story.id != sought.cast_of.id


def _ranked(
    sought: Sought,
    stories: Sequence[Story],
    question: Vectors | None,
    vectors: Mapping[uuid.UUID, Vectors],
) -> list[Match]:
    vocabularies = [story.vocabulary() for story in stories]
    weights = Weights.among(vocabularies, list(tokens.stems(sought.wish.plot)))
    found = []
    for story, vocabulary in zip(stories, vocabularies, strict=True):
        vector = vectors.get(story.id)
        likeness = None if vector is None or question is None else float(vector @ question[0])
        found.append(match(sought, story, likeness, weights, vocabulary))
    kept = [one for one in found if one.score >= LEAST and one.reasons]
    return sorted(kept, key=lambda one: (-one.points, one.story.title))[:MOST]
