"""How far a story answers a wish, in points from 0 to 100, and why, in sentences that are true."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sokoul.domain.meaning import tokens
from sokoul.domain.meaning.story import Story
from sokoul.domain.meaning.wish import Wish
from sokoul.domain.titles import normalise
from sokoul.domain.words.phrase import Phrase, phrase

# Cosines of this kind of model: below the first two texts have nothing in common, from the second on all.
NOTHING, EVERYTHING = 0.1, 0.6
CLOSE: Final = 0.3  # from here on likeness alone is worth a sentence
_BY_MEANING, _BY_WORDS, _BY_FACETS = 62, 14, 24
_CALLED_SO: Final = 25
_UNWANTED: Final = 30
_MOST_WORDS: Final = 4
# Among fewer stories than this a word that all of them use may still be a rare one.
_FEW: Final = 40


@dataclass(frozen=True, slots=True)
class Weights:
    """How rare words are among the stories at hand: one that all of them use says nothing."""

    shares: Mapping[str, float] = field(default_factory=dict)

    def of(self, stem: str) -> float:
        """1 for a word that no story of those at hand has, less for common ones."""
        return 1.0 - min(0.9, self.shares.get(stem, 0.0))

    @classmethod
    def among(cls, vocabularies: Sequence[Mapping[str, str]], stems: Sequence[str]) -> Weights:
        """How many of these stories use each of the words."""
        count = max(_FEW, len(vocabularies))
        return cls({stem: sum(stem in words for words in vocabularies) / count for stem in stems})


@dataclass(frozen=True, slots=True)
class Sought:
    """A wish with what its names turned out to mean: people, and stories to resemble."""

    wish: Wish
    people: tuple[str, ...] = ()
    cast_of: Story | None = None
    like: tuple[Story, ...] = ()

    @property
    def facets(self) -> int:
        """How many things beside the plot are asked for."""
        wish = self.wish
        asked = (wish.years, wish.language, wish.people, self.cast_of, self.like)
        return len(wish.genres) + sum(bool(one) for one in asked)


@dataclass(frozen=True, slots=True)
class Match:
    """A story with its points and reasons, the weightiest first."""

    story: Story
    points: float
    reasons: tuple[Phrase, ...]
    likeness: float | None = None

    @property
    def score(self) -> int:
        """0 to 100."""
        return max(0, min(100, round(self.points)))


def match(
    sought: Sought,
    story: Story,
    likeness: float | None,
    weights: Weights | None = None,
    vocabulary: Mapping[str, str] | None = None,
) -> Match:
    """`likeness` is the cosine of both vectors; without it words and facets share its points."""
    shared, share = _words(sought.wish, vocabulary or story.vocabulary(), weights or Weights())
    facts = list(_facets(sought, story))
    meaning = _scaled(likeness) if likeness is not None else share
    points = _BY_MEANING * meaning + _BY_WORDS * share
    most = _BY_MEANING + _BY_WORDS
    if sought.facets:
        missed = 1 - _kinship(sought, story) if sought.like else 0.0
        points += _BY_FACETS * max(0.0, min(1.0, (len(facts) - missed) / sought.facets))
        most += _BY_FACETS
    points = 100 * points / most
    reasons = [*facts, *_told(sought, shared, likeness)]
    if normalise(story.title) == normalise(sought.wish.text):
        points, reasons = points + _CALLED_SO, [phrase("meaning.title"), *reasons]
    if sought.wish.without & story.genre_codes:
        points -= _UNWANTED
    return Match(story, points, tuple(reasons), likeness)


def _words(wish: Wish, spoken: Mapping[str, str], weights: Weights) -> tuple[list[str], float]:
    """The words of the plot that the story uses, as it writes them, and their share by weight."""
    asked = tokens.stems(wish.plot)
    total = sum(weights.of(stem) for stem in asked)
    found = sorted((stem for stem in asked if stem in spoken), key=weights.of, reverse=True)
    share = sum(weights.of(stem) for stem in found) / total if total else 0.0
    return [spoken[stem] for stem in found], share


def _kinship(sought: Sought, story: Story) -> float:
    """How much of what it should be like it has, from 0 to 1."""
    shares = (
        len(story.genre_codes & other.genre_codes) / max(1, len(story.genre_codes | other.genre_codes))
        for other in sought.like
    )
    return max(shares, default=0.0)


def _told(sought: Sought, shared: Sequence[str], likeness: float | None) -> Iterator[Phrase]:
    if likeness is not None and likeness >= CLOSE:
        percent = round(100 * _scaled(likeness))
        described = bool(sought.wish.plot) or not sought.like
        yield phrase("meaning.close" if described else "meaning.alike", percent=percent)
    if shared:
        yield phrase("meaning.words", words=tuple(shared[:_MOST_WORDS]))


def _scaled(likeness: float) -> float:
    if math.isnan(likeness):
        return 0.0
    return max(0.0, min(1.0, (likeness - NOTHING) / (EVERYTHING - NOTHING)))


def _facets(sought: Sought, story: Story) -> Iterator[Phrase]:
    for facet in _FACETS:
        yield from facet(sought, story)


def _people(sought: Sought, story: Story) -> Iterator[Phrase]:
    wanted = {name.casefold() for name in (*sought.wish.people, *sought.people)}
    found = tuple(name for name in story.people if not wanted.isdisjoint(_called(name)))
    if found and sought.cast_of is not None and story.id != sought.cast_of.id:
        yield phrase("meaning.cast", names=found[:3], title=sought.cast_of.title)
    elif found and sought.wish.people:
        yield phrase("meaning.people", names=found[:3])


def _called(name: str) -> set[str]:
    """In full, and by the last name alone."""
    folded = name.casefold()
    return {folded, folded.rpartition(" ")[2]}


def _like(sought: Sought, story: Story) -> Iterator[Phrase]:
    best: tuple[int, Phrase] | None = None
    for other in sought.like:
        common = tuple(sorted(story.genre_codes & other.genre_codes))
        keywords = tuple(word for word in story.keywords if word in other.keywords)
        rank = len(common) + 2 * len(keywords)
        said = (
            phrase("meaning.like_about", title=other.title, about=keywords[:3])
            if keywords
            else phrase("meaning.like_genres", title=other.title, genres=common[:3])
        )
        if rank and (best is None or rank > best[0]):
            best = rank, said
    if best is not None:
        yield best[1]


def _genres(sought: Sought, story: Story) -> Iterator[Phrase]:
    for code in sorted(sought.wish.genres & story.genre_codes):
        yield phrase("meaning.genre", genres=(code,))


def _years(sought: Sought, story: Story) -> Iterator[Phrase]:
    years = sought.wish.years
    if years is not None and story.year is not None and years[0] <= story.year <= years[1]:
        yield phrase("meaning.year", year=story.year)


def _language(sought: Sought, story: Story) -> Iterator[Phrase]:
    if sought.wish.language is not None and sought.wish.language == story.original_language:
        yield phrase("meaning.language", spoken=(sought.wish.language,))


_FACETS: Final[tuple[Callable[[Sought, Story], Iterator[Phrase]], ...]] = (
    _people, _like, _genres, _years, _language,
)  # fmt: skip
