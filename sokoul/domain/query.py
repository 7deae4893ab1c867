"""What a person's free text means: the numbers in it, and which of several works."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from sokoul.domain.media import MediaType, Work
from sokoul.domain.titles import loose, normalise

_EPISODE = re.compile(
    r"\b(?:s(\d{1,4})[ ._-]*e(\d{1,4})|(\d{1,2})x(\d{2,3})"
    r"|(?:season|saison|staffel|temporada)[ ._-]*(\d{1,3})(?:[ ,._-]*(?:episode|ep|folge)[ ._-]*(\d{1,4}))?"
    r"|s(\d{1,2}))\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:^|[ (\[])((?:18|19|20)\d\d)[)\]]?$")
_LONGEST = 255
_CLEARLY_MORE_POPULAR = 3.0
_ALIKE = 82


def read_query(text: str) -> tuple[str, int | None, int | None, int | None]:
    """Title, year, season and episode: "The Bear S02E03", "Alien 1979", "dune 2" (which stays a title)."""
    rest = " ".join(text[:_LONGEST].split())
    season = episode = None
    if (found := _EPISODE.search(rest)) and found.start() > 0:
        numbers = [int(group) for group in found.groups() if group is not None]
        season, episode = numbers[0], numbers[1] if len(numbers) > 1 else None
        rest = (rest[: found.start()] + " " + rest[found.end() :]).strip(" -–.,")
    year = None
    if (stated := _YEAR.search(rest)) and stated.start() > 0 and int(stated.group(1)) < 2040:
        year, rest = int(stated.group(1)), rest[: stated.start()].rstrip(" -–,(")
    return " ".join(rest.split()), year, season, episode


def choose(
    query_title: str, year: int | None, media_type: MediaType | None, candidates: Sequence[Work]
) -> tuple[Work | None, list[Work]]:
    """The work that is meant, and the works to choose from when two are equally likely.

    A title that is equal wins over one that is alike; among equals the year, then clear popularity decides.
    The first of the list is the best guess even when the answer is None.
    """
    fitting = [work for work in candidates if media_type is None or _same_kind(work.media_type, media_type)]
    ranked = sorted(
        (
            (_rank(query_title, year, work), -work.popularity, place, work)
            for place, work in enumerate(fitting)
        ),
        key=lambda item: item[:3],
    )
    if not ranked or ranked[0][0][0] >= _UNLIKE:
        return None, []
    best = ranked[0]
    rivals = [item[3] for item in ranked if item[0] == best[0] and _is_rival(item[3], best[3])]
    return (best[3], []) if len(rivals) == 1 else (None, rivals)


_UNLIKE = 5


def _rank(query: str, year: int | None, work: Work) -> tuple[int, int]:
    """How far the title is (0 equal, 1 equal as a sequel, 2 begins so, 3 alike), then how far the year is."""
    if year is not None and work.year != year and (distance := _title_distance(f"{query} {year}", work)) == 0:
        return distance, 0  # "Wonder Woman 1984" and "Blade Runner 2049" carry their number in the title
    distance = _title_distance(query, work)
    if year is None or work.year is None:
        return distance, 0 if year is None else 1
    off = abs(work.year - year)
    return (distance, min(off, 1)) if off <= 1 else (_UNLIKE, off)


def _title_distance(query: str, work: Work) -> int:
    wanted = normalise(query)
    keys = [normalise(name) for name in (work.title, work.original_title or "", *work.aliases) if name]
    if wanted in keys:
        return 0
    if loose(wanted) in {loose(key) for key in keys}:
        return 0 if _sequel_number(wanted) else 1
    if _sequel_number(wanted) is None and any(key.startswith(wanted + " ") for key in keys):
        return 2
    numbers = set(re.findall(r"\d+", wanted))
    if any(fuzz.ratio(wanted, key) >= _ALIKE and set(re.findall(r"\d+", key)) == numbers for key in keys):
        return 3
    if numbers and any(key.startswith(wanted + " ") for key in keys):
        return 2
    return _UNLIKE


def _sequel_number(key: str) -> str | None:
    last = key.rsplit(" ", 1)[-1]
    return last if last.isdigit() and len(last) < 3 and " " in key else None


def _is_rival(work: Work, best: Work) -> bool:
    if work is best:
        return True
    return max(best.popularity, 0.01) < _CLEARLY_MORE_POPULAR * max(work.popularity, 0.01)


def _same_kind(one: MediaType, other: MediaType) -> bool:
    series = {MediaType.TV, MediaType.EPISODE}
    return one == other or (one in series and other in series)
