"""How akin two works are, what they share, and a choice among many that is not five times the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sokoul.domain.meaning.match import CLOSE, EVERYTHING, NOTHING
from sokoul.domain.meaning.story import Story
from sokoul.domain.titles import normalise
from sokoul.domain.words.phrase import Phrase, phrase

# Of one franchise, and on account of one title, no more than these share a list.
PER_FRANCHISE: Final = 2
PER_TIE: Final = 3
_PER_GENRES: Final = 4
_SEQUEL: Final = re.compile(
    r"\s*(?::| - | – |\bpart\b|\bepisode\b|\bchapter\b|\bvol(?:ume)?\b).*$|\s+\d{1,2}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Affinity:
    """From 0 to 1, with what the two have in common, the most telling first."""

    strength: float
    keywords: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    alike: bool = False

    def because(self, tie: Phrase) -> Phrase:
        """Why one who is bound so to the one work may like the other."""
        if self.keywords:
            return phrase("because.about", tie=tie, about=self.keywords[:2])
        if self.people:
            return phrase("because.people", tie=tie, names=self.people[:2])
        if self.alike:
            return phrase("because.story", tie=tie)
        return phrase("because.genres", tie=tie, genres=self.genres[:2])


def affinity(one: Story, other: Story, likeness: float | None) -> Affinity:
    """By what catalogues say of both, and by the cosine of their vectors where both were read."""
    keywords = tuple(word for word in one.keywords if word in other.keywords)
    people = tuple(name for name in one.people if name in other.people)
    genres = tuple(sorted(one.genre_codes & other.genre_codes))
    union = len(one.genre_codes | other.genre_codes) or 1
    by_facts = 0.45 * len(genres) / union + 0.12 * min(3, len(keywords)) + 0.15 * min(2, len(people))
    if likeness is None:
        return Affinity(min(1.0, by_facts), keywords, people, genres)
    by_meaning = max(0.0, min(1.0, (likeness - NOTHING) / (EVERYTHING - NOTHING)))
    strength = min(1.0, 0.65 * by_meaning + 0.5 * by_facts)
    return Affinity(strength, keywords, people, genres, likeness >= CLOSE + 0.05)


@lru_cache(maxsize=4096)
def franchise(title: str) -> str:
    """What parts of a series of films share: "Dune" of "Dune: Part Two", "Rocky" of "Rocky 4"."""
    bare = _SEQUEL.sub("", title)
    return normalise(bare) or normalise(title)


@dataclass(frozen=True, slots=True)
class Suggested:
    """A story with its points, why, and on account of which title (None where of none)."""

    story: Story
    points: float
    reason: Phrase
    tie: Story | None = None


def varied(found: Iterable[Suggested], count: int) -> list[Suggested]:
    """The best of them, but no more than a few of one franchise, one reason or one mixture of genres.

    What is held back comes at the end where there is too little else.
    """
    ordered = sorted(found, key=lambda one: (-one.points, one.story.title))
    chosen: list[Suggested] = []
    held: list[Suggested] = []
    for one, fits in _counted(ordered):
        (chosen if fits else held).append(one)
        if len(chosen) == count:
            return chosen
    # Even then never a whole list of one franchise.
    few = Counter(franchise(one.story.title) for one in chosen)
    for one in held:
        name = franchise(one.story.title)
        if few[name] < PER_FRANCHISE and len(chosen) < count:
            few[name] += 1
            chosen.append(one)
    return chosen


def _counted(ordered: Sequence[Suggested]) -> Iterator[tuple[Suggested, bool]]:
    franchises: Counter[str] = Counter()
    ties: Counter[object] = Counter()
    mixtures: Counter[frozenset[str]] = Counter()
    for one in ordered:
        name, tie = franchise(one.story.title), one.tie.id if one.tie else None
        mixture = one.story.genre_codes
        fits = franchises[name] < PER_FRANCHISE and mixtures[mixture] < _PER_GENRES
        fits = fits and (tie is None or ties[tie] < PER_TIE)
        if fits:
            franchises[name] += 1
            ties[tie] += 1
            mixtures[mixture] += 1
        yield one, fits
