"""Whether a release name opens with a film's title and its very year, whatever else was read out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from sokoul.domain.media import Work
from sokoul.domain.titles import normalise

_LONGEST = 255
_SITE = re.compile(
    r"^\s*(?:(?:\[[^\]]*\]|\([^)]*\)|【[^】]*】)\s*|www[. ]\S+(?: \w{2,6})?\s*-\s*)+", re.IGNORECASE
)
_ASIDE = re.compile(r"[\[(][^\])]*(?:[\])]|$)")
_PREFIXED = re.compile(r"^[a-z0-9]{2,12}-(?=[a-z0-9])")
# What may stand between a title and its year: a kind of film, or a cut of it.
_BETWEEN = frozenset(
    {"action", "adventure", "animation", "biography", "comedy", "crime", "drama", "documentary", "family",
     "fantasy", "horror", "music", "musical", "mystery", "romance", "scifi", "thriller", "war", "western",
     "extended", "remastered", "restored", "uncut", "unrated", "uncensored", "theatrical", "imax", "om",
     "directors", "director", "s", "cut", "special", "edition", "final"}
)  # fmt: skip
# What only an episode or a season is written with; a group's tail such as "-S56" is not.
_NUMBERED = re.compile(
    r"(?<![\w-])(?:s\d{1,2}(?:[ ._-]?e\d{1,4}|\b)|\d{1,2}x\d{2,3}\b|e(?:p|pisode)?[ ._]?\d{1,4}\b"
    r"|(?:season|saison|staffel|temporada|stagione)\b)",
    re.IGNORECASE,
)


def opens_with(work: Work, keys: frozenset[str], name: str) -> bool:
    """Title or alias (`keys`, normalised) and then the exact year, with no more than asides around them."""
    if work.year is None or str(work.year) not in name:
        return False
    return any(_is_title(head, keys) for head in _heads(name[:_LONGEST], work.year))


def numbered(work: Work, name: str) -> bool:
    """Whether the rest of the name, behind the year, is that of an episode or a season, beyond doubt."""
    return _NUMBERED.search(name[:_LONGEST].partition(str(work.year))[2]) is not None


def _heads(name: str, year: int) -> Iterator[str]:
    """What stands before the year, with and without what may stand before and beside a title."""
    for found in _year(year).finditer(name):
        head = name[: found.start()]
        bare = _SITE.sub("", head)
        yield head
        yield bare
        yield _ASIDE.sub(" ", bare)
        if head.islower():
            yield _PREFIXED.sub("", head)


@lru_cache(maxsize=256)
def _year(year: int) -> re.Pattern[str]:
    return re.compile(rf"(?<!\d){year}(?!\d)")


def _is_title(head: str, keys: frozenset[str]) -> bool:
    key = normalise(head)
    while key not in keys:
        shorter, _, last = key.rpartition(" ")
        if last not in _BETWEEN or not shorter:
            return False
        key = shorter
    return True
