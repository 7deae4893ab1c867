"""The numbers of a series' release, and what they are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MOST = 2_000

# Fragments that the expressions of the readers share; names are in lower case.
OPEN, CLOSE = r"(?<![a-z0-9])", r"(?![a-z0-9])"
GAP = r"[ ._-]"
SEASON_WORD = (
    r"(?:seasons?|saisons?|staffel|temporadas?|stagion[ei]|sezon|seizoen|säsong|sæson|sesong"
    r"|kausi|сезони?|temp|se)"
)
EPISODE_WORD = (
    r"(?:episod[eio]{1,2}s?|épisode|folge|ep|e|afl(?:evering)?|capitulo|cap|эпизод|серії|серия"
    r"|серии|odc|avsnitt|cd|jakso|bölüm)"
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the numbers say and where they stand; `sure` means that no film name looks like this."""

    start: int
    end: int
    seasons: tuple[int, ...] = ()
    episodes: tuple[int, ...] = ()
    absolute: tuple[int, ...] = ()
    full_season: bool = False
    special: bool = False
    sure: bool = True


Reader = Callable[[str], Numbers | None]


def span(first: int, last: int) -> tuple[int, ...]:
    """From first to last, or only the first when that is no plausible range."""
    return tuple(range(first, last + 1)) if first <= last < first + MOST else (first,)


def is_year(number: int) -> bool:
    """Whether a number is more likely a year."""
    return 1900 <= number <= 2099
