"""Whole seasons: S01, S01-S03, Season 2, Series 3, Saison 4, complete series; and `S2 - 07` behind them."""

from __future__ import annotations

import re

from sokoul.domain.release.numbers import CLOSE, GAP, OPEN, SEASON_WORD, Numbers, is_year, numeral, span

_SEASON_RANGE = re.compile(
    rf"{OPEN}(?P<prefix>s|{SEASON_WORD}[ ._]?)(?P<first>\d{{1,2}})"
    rf"(?:(?:[ ._]?(?:-|~|to|a|al|thru|&|\+)[ ._]?|[ ._])(?:s|{SEASON_WORD}[ ._]?)|-|~|[ ](?=\d\d \())"
    rf"(?P<last>\d{{1,2}})(?![\da-z])"
)
_WIDE_RANGE = re.compile(
    rf"{OPEN}{SEASON_WORD}[ ._:]{{0,2}}(?P<first>\d{{1,2}})[ ._]?[-–~][ ._]?(?P<last>[1-9]\d?)(?!\d)"
    rf"(?=[ ._]*(?:complete|\+|extras|full|all|/|dvd|bd|web|\[|\())"
)
_TO_RANGE = re.compile(
    rf"{OPEN}{SEASON_WORD}[ ._]?(?P<first>\d{{1,2}})[ ._](?:a|à|to|al|bis|thru|through)"
    r"[ ._](?P<last>\d{1,2})(?!\d)"
)
_TURN = r"(?:st|nd|rd|th|ª|º|\.|-?й|-?[а-я]{1,2})?"
_ORDINAL_RANGE = re.compile(
    rf"{OPEN}(?P<first>\d{{1,2}}){_TURN}[ ._]?(?:a|to|e|y|et|&|-|–)[ ._]?(?P<last>\d{{1,2}}){_TURN}[ ._]?"
    r"(?:seasons?|temporadas?|staffeln?|saisons?|sezon\w*|сезон\w*|stagioni)(?![a-z])"
)
_ROMAN_SEASON = re.compile(
    rf"{OPEN}(?:season|saison|temporada|staffel|stagione)[ ._](?P<number>[ivx]{{1,5}}){CLOSE}"
)
_PART = (
    rf"(?:[ ._-]*(?P<part>p(?:art)?[ ._]?\d{{1,2}}|d(?:is[ck])?[ ._]?\d{{1,2}}|vol(?:ume)?[ ._]?\d+))?{CLOSE}"
)
_SHORT_SEASON = re.compile(rf"{OPEN}s(?P<number>\d{{2,4}}){_PART}")
_SEASON = re.compile(
    rf"{OPEN}(?:s[ ._](?=\d\d(?!\d))|s(?=\d[\s._\[\](/-])|{SEASON_WORD}[ ._]?|(?:series?"
    rf"|se)[ ._](?=\d\d?(?:[ ._\])]|$)))"
    rf"(?P<number>\d{{1,4}}){_PART}"
)
_ORDINAL_SEASON = re.compile(
    rf"{OPEN}(?P<number>\d{{1,2}})(?:st|nd|rd|th|ª|º|\.|-?й)?{GAP}?(?:season|temporada|staffel|sezon|сезон"
    rf"|saison)(?!s){CLOSE}"
)
_COMPLETE = re.compile(
    rf"{OPEN}(?:the{GAP})?(?:(?:complete|full){GAP}(?:series|collection|season|box.?set)"
    rf"|(?:mini.?)?series{GAP}complete|all{GAP}seasons|int[ée]grale?|serie{GAP}completa){CLOSE}"
)
_APART = re.compile(
    r"^[\])]?(?:[ ._]*-[ ._]*(?:e?p?|episode[ .]?)|[ ._]+(?:ep?|episode[ .]?)|[ ._]*\["
    r"|[ ._]+(?=\d{2,4}(?:$|[ ._]*[\[(])))(?P<first>\d{1,4})"
    r"(?:(?P<join>[ ._]?[-~][ ._]?)(?P<last>\d{1,4}))?(?:v\d)?(?P<end>\]|end|fin|(?![\dpi]))(?=$|[ ._\[\](-])"
)
_OF_THEM = re.compile(rf"[ ._-]{{1,3}}(?P<first>\d{{1,3}}){GAP}?of{GAP}?\d{{1,3}}{CLOSE}")
_EXTRAS = re.compile(rf"^[ ._-]+(?:extras?|subpack|specials?|special{GAP}features){CLOSE}")
_MOST_SEASONS = 150
_PICTURES = frozenset({264, 265, 480, 576, 720})


def season_range(low: str) -> Numbers | None:
    """`S01-S03`, `Season 1 to 3`."""
    found = _SEASON_RANGE.search(low) or _TO_RANGE.search(low) or _ORDINAL_RANGE.search(low)
    if not found and not (low.startswith("[") and " - " in low):
        found = _WIDE_RANGE.search(low)
    if not found:
        return None
    first, last = int(found.group("first")), int(found.group("last"))
    if not first < last <= first + 60:
        return None
    return Numbers(found.start(), found.end(), span(first, last), full_season=True)


def season(low: str) -> Numbers | None:
    """One season, or an episode that stands apart behind it."""
    found = _SHORT_SEASON.search(low) or _SEASON.search(low)
    if not found:
        ordinal = _ORDINAL_SEASON.search(low)
        if not ordinal:
            return _roman(low)
        return _with_episode(
            low, Numbers(ordinal.start(), ordinal.end(), (int(ordinal.group("number")),), full_season=True)
        )
    number = int(found.group("number"))
    short = low[found.start() + 1 : found.start() + 2].isdigit()
    if number > _MOST_SEASONS and not (short and is_year(number)):
        return None  # `Four.Seasons.1971`; only S2014 is a season
    return _with_episode(
        low, Numbers(found.start(), found.end(), (number,), full_season=not found.group("part"))
    )


def _roman(low: str) -> Numbers | None:
    found = _ROMAN_SEASON.search(low)
    number = numeral(found.group("number")) if found else None
    return Numbers(found.start(), found.end(), (number,), full_season=True) if found and number else None


def _with_episode(low: str, season: Numbers) -> Numbers:
    """`Title S2 - 07`: a season followed by an absolute number is that number, not a pack."""
    rest = low[season.end :]
    if of := _OF_THEM.match(rest):
        return Numbers(season.start, season.end + of.end(), season.seasons, (int(of.group("first")),))
    found = _APART.match(rest)
    if not found or is_year(int(found.group("first"))) or int(found.group("first")) in _PICTURES:
        special = _EXTRAS.match(rest)
        return Numbers(
            season.start, season.end, season.seasons, full_season=season.full_season, special=bool(special)
        )
    first = int(found.group("first"))
    numbers = span(first, int(found.group("last") or first))
    return Numbers(season.start, season.end + found.end(), season.seasons, (), numbers)


def complete(low: str) -> Numbers | None:
    """Everything there is."""
    found = _COMPLETE.search(low)
    if not found or not found.start():
        return None
    return Numbers(found.start(), found.end(), full_season=True, sure="ser" in found.group())
