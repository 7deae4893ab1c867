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
    r"|kausi|сезони?|sezonul|évad|temp|sn|se)"
)
EPISODE_WORD = (
    r"(?:episod[eio]{1,2}s?|épisode|folge|ep|e|afl(?:evering)?|capitulo|cap|эпизод|серії|серия"
    r"|серии|сер|seri[iy]a|odc(?:inek)?|avsnitt|cd|jakso|b[öo]l[üu]m|díl|rész)"
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the numbers say and where they stand; `sure` means that no film name looks like this.

    `leads` says that the title stands behind them.
    """

    start: int
    end: int
    seasons: tuple[int, ...] = ()
    episodes: tuple[int, ...] = ()
    absolute: tuple[int, ...] = ()
    full_season: bool = False
    special: bool = False
    sure: bool = True
    leads: bool = False


Reader = Callable[[str], Numbers | None]


def span(first: int, last: int) -> tuple[int, ...]:
    """From first to last, or only the first when that is no plausible range."""
    return tuple(range(first, last + 1)) if first <= last < first + MOST else (first,)


_NUMERALS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11,
    "xii": 12, "xiii": 13, "xiv": 14, "xv": 15,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip


def numeral(word: str) -> int | None:
    """The number that a Roman numeral or a small number's name says."""
    return _NUMERALS.get(word)


def is_year(number: int) -> bool:
    """Whether a number is more likely a year."""
    return 1900 <= number <= 2099
