"""Where the parts of a name lie: title, numbers, date, year, and the words that describe the release."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sokoul.domain.release import anchors, dates, numbering, ptt, year

_OPENING_BRACKET = re.compile(r"\s*[\[(][^\[\]()]*[\])]\s*(?=\S)")
_OPENING_YEAR = re.compile(r"[\[(]\d{4}[\])]\s*")
_SERIES_WORD = re.compile(
    r"(?<!\w)(?:seasons?|saisons?|temporadas?|stagion[ei]|staffeln?|сезони?|сезон|серии|серия|series|sezon"
    r"|complete|all)(?!\w)"
)


_MORE = re.compile(r"[\s._]*(?:-|~|,|&|\+|/|to|and|a|al|et|y|e|s?\d)")


@dataclass(frozen=True, slots=True)
class Outline:
    """Positions in the body: `first` is where the title begins, `technical` where the description does."""

    body: str
    low: str
    first: int
    technical: int
    numbers: numbering.Numbers | None
    day: dates.Day | None
    year: tuple[int, int, bool] | None

    @property
    def anchor(self) -> int:
        """Where numbers, a date or a year end the title; the length of the name when nothing does."""
        spots = (
            self.numbers.start if self.numbers else None,
            self.day.start if self.day else None,
            self.year[1] if self.year else None,
        )
        return min([len(self.low)] + [spot for spot in spots if spot is not None and spot >= self.first])

    @property
    def title_end(self) -> int:
        """Where the title ends, as far as numbers and unmistakable words tell."""
        return max(self.first, min(self.anchor, self.technical))

    @property
    def behind_titles(self) -> int:
        """Behind the year of a film; an episode has a title of its own behind its numbers."""
        return self.technical if self.numbers else min(self.technical, self.anchor)


def draw(body: str, low: str, start: int) -> Outline:
    """The outline of a body and its lower-case form; `start` is where a group's brackets end."""
    anime = start > 0
    start = _after_technical_brackets(low, start)
    technical = anchors.strong(low, max(start, 1))
    numbers, day = _numbers_or_day(low, anime=anime)
    when = None if day else year.find(low, technical, numbers.start if numbers else None)
    if numbers and not anime and _is_phantom(low, numbers, when, technical):
        numbers = None
    if when and when[1] <= start:
        start = max(start, _behind_year(low, when[1]))
    if not numbers and not (when and when[1] < technical):
        technical = min(technical, anchors.weak(low, max(start, 1)))
    return Outline(body, low, start, technical, numbers, day, when)


def _numbers_or_day(low: str, *, anime: bool) -> tuple[numbering.Numbers | None, dates.Day | None]:
    numbers, day = numbering.find(low, anime=anime), dates.find(low)
    if day is None or (numbers is not None and numbers.sure and day.start > 0):
        return numbers, None
    if numbers is not None and numbers.episodes and 0 < numbers.start < day.start:
        return None, replace(day, start=numbers.start)
    return None, day


def _is_phantom(
    low: str, numbers: numbering.Numbers, when: tuple[int, int, bool] | None, technical: int
) -> bool:
    """Doubtful numbers in a name with a film's year: a sequel, or a part of a group's name."""
    if numbers.sure or when is None or not when[2]:
        return False
    if numbers.start > technical:
        return True
    padded = "0" in low[numbers.start : numbers.end]
    single = len(numbers.absolute) == 1 and numbers.absolute[0] < 10 and not padded
    return not numbers.absolute or (single and not numbers.episodes and when[1] > numbers.start)


def _after_technical_brackets(low: str, start: int) -> int:
    """`[720p] Title`, `[Group] [BD][1080p] Title`: describing brackets before the title are none."""
    place = start
    while found := _OPENING_BRACKET.match(low, place):
        if anchors.strong(found.group(), 0) >= len(found.group()):
            return start
        place = found.end()
    return place


def _behind_year(low: str, place: int) -> int:
    found = _OPENING_YEAR.match(low, place)
    return found.end() if found else 0


def with_second_opinion(outline: Outline, facts: ptt.Facts) -> Outline:
    """PTT's seasons where ours are silent or fewer: it knows more notations, and sees more ghosts."""
    seasons = tuple(sorted(set(facts.get("seasons", ()))))[: numbering.MOST]
    episodes = tuple(sorted(set(facts.get("episodes", ()))))[: numbering.MOST]
    ours = outline.numbers
    if not seasons or outline.day or (outline.year and not outline.year[1]):
        return outline
    if ours is None and (outline.year is None or len(seasons) > 1 or _SERIES_WORD.search(outline.low)):
        found = _SERIES_WORD.search(outline.low)
        start = found.start() if found else min(outline.technical, len(outline.low))
        return replace(
            outline,
            numbers=numbering.Numbers(start, start, seasons, episodes, full_season=not episodes, sure=False),
        )
    if ours and ours.full_season and set(ours.seasons) < set(seasons) and _MORE.match(outline.low, ours.end):
        return replace(outline, numbers=replace(ours, seasons=seasons))
    return outline
