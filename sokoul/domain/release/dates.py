"""Air dates; a day and a month that could be swapped are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

_S = r"[ ._/-]"
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_YEAR_FIRST = re.compile(rf"(?<!\d)((?:19|20)\d\d){_S}(\d\d){_S}(\d\d)(?!\d)")
_YEAR_LAST = re.compile(rf"(?<!\d)(\d\d){_S}(\d\d){_S}((?:19|20)\d\d)(?!\d)")
_SOLID = re.compile(r"(?<!\d)((?:19[5-9]|20[0-4])\d)(\d\d)(\d\d)(?![\d])")
_SHORT = re.compile(r"(?<![a-z0-9.])(\d\d)(\d\d)(\d\d)(?=[ ._-]+(?:\d{3,4}p|hdtv|web|pdtv))")
_MONTH = "(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_NAMED = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_S}{_MONTH},?{_S}(?P<year>(?:19|20)\d\d)(?!\d)"
)
_MONTH_FIRST = re.compile(
    rf"(?<![a-z]){_MONTH}{_S}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?{_S}(?P<year>(?:19|20)\d\d)(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Day:
    """An air date and its place; `date` is None when day and month cannot be told apart."""

    date: str | None
    start: int
    end: int


def find(low: str) -> Day | None:
    """The first date of a name in lower case."""
    if found := _YEAR_FIRST.search(low):
        year, one, two = (int(number) for number in found.groups())
        if day := _day(year, one, two) or _day(year, two, one):
            return Day(day, found.start(), found.end())
    if found := _YEAR_LAST.search(low):
        return _year_last(found)
    if found := _NAMED.search(low) or _MONTH_FIRST.search(low):
        day = _day(int(found.group("year")), _MONTHS[found.group("month")], int(found.group("day")))
        return Day(day, found.start(), found.end()) if day else None
    for pattern, century in ((_SOLID, 0), (_SHORT, 2000)):
        found = pattern.search(low)
        if found and (day := _day(century + int(found.group(1)), int(found.group(2)), int(found.group(3)))):
            return Day(day, found.start(), found.end())
    return None


def _year_last(found: re.Match[str]) -> Day | None:
    one, two, year = (int(number) for number in found.groups())
    if one <= 12 and two <= 12 and one != two:
        return Day(None, found.start(), found.end())
    day = _day(year, two, one) or _day(year, one, two)
    return Day(day, found.start(), found.end()) if day else None


def _day(year: int, month: int, day: int) -> str | None:
    if (
        not 1 <= month <= 12
        or not 1 <= day <= 31
        or (month == 2 and day > 29)
        or (month in (4, 6, 9, 11) and day > 30)
    ):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"
