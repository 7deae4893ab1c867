"""Numbers with nothing beside them but brackets, hyphens or the end of the name."""

from __future__ import annotations

import re

from sokoul.domain.release.numbers import Numbers, is_year, span

_BRACKETED = re.compile(
    r"\[(?:第)?(?P<first>\d{1,4})(?:\s?[-~]\s?(?P<last>\d{1,4}))?(?:\.5)?\s?(?:v\d|end|fin|完|話|话|集|回)*\]"
)
_DASHED = re.compile(
    r"(?:[ ._]-[ ._]|[ ._]-{1,2}(?=\d{2,4}[ ._\[(]))[ ._]?(?:#"
    r"|ep?\.?[ ]?)?(?P<first>\d{1,4})(?P<more>(?:[ ._]?[-~][ ._]?\d{2,4})*)(?P<half>\.5)?(?P<tail>v\d|end"
    r"|完)?(?=[ ._\[(]|$)"
)
_ROUND = re.compile(r"\((?P<first>\d{2,4})[ ]?[-~][ ]?(?P<last>\d{2,4})\)")
_RANGE = re.compile(r"[ ._](?P<first>\d{1,3})[-~](?P<last>\d{2,3})(?=[ ._]*[\[(])")
_BATCH = re.compile(r"[ ._](?P<first>0?0?1) - (?P<last>\d{2,4})(?=[ ._]*[\[(])")
_VOST = re.compile(r"[ ._](?P<first>\d{1,4})(?=[ ._]vost)")
_CJK = re.compile(r"第?(?P<first>\d{1,4})(?:-(?P<last>\d{1,4}))?(?:[話话集回]|完)")
_LOOSE = re.compile(
    r"[ ._]#?(?P<first>\d{1,4})(?P<more>(?:[ ._]?[-~][ ._]?\d{2,4})?)(?:v\d|end)?(?=[ ._]*[\[(]|[ ._]vost"
    r"|[ ._]*$)"
)
_COMPACT = re.compile(
    r"[ ._](?P<code>\d{3,4}|\d{5,6})(?=[ ._]+(?:\d{3,4}p[ ._]+)?(?:hdtv|pdtv|dsr|sdtv|tvrip)|$)"
    r"|(?<=(?:19|20)\d\d)[ ._](?P<day>\d{4})(?=-|$)"
)
_PICTURES = frozenset({"264", "265", "480", "576", "720", "1080", "2160"})
_STATED = re.compile(r"\d{3,4}[pi]")


_OPENING = re.compile(
    r"(?:\[[^\]]+\][ _]?)?(?P<first>0\d{1,2}|\d{3}|(?<=\][ _])\d\d)(?: - |\. |[ _]-[ _])(?=[^\W\d_])"
)
_PADDED = re.compile(
    r"(?<=[a-z])[._](?P<first>0\d)(?:v\d)?(?=[._](?:[a-z]|\d{3,4}p))|(?<=[a-z]) (?P<alone>0\d)(?= \d{3,4}p)"
)
_A_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def find(low: str, *, anime: bool) -> Numbers | None:
    """` - 07`, `[12]`, `(01-25)`, `第12話`; behind a group's brackets ` 07 [`, too; then `Title.103.hdtv`."""
    if found := _bracketed(low, 1 if anime else 4):
        return found
    for reader in (_batch, _between_hyphens, _ranged, _before_vost, _chinese):
        if found := reader(low):
            return found
    found = (_loose(low) if anime else None) or _compact(low)
    return found or (None if _A_YEAR.search(low) else _opening(low) or _padded(low))


def _opening(low: str) -> Numbers | None:
    """`01 - Title`, `003. Title`, `[Group] 12 - Title`."""
    if not (found := _OPENING.match(low)):
        return None
    number = int(found.group("first"))
    return Numbers(found.start("first"), found.end(), (), (), (number,), sure=False, leads=True)


def _padded(low: str) -> Numbers | None:
    """`Title.07.The.Name`: a zero before a number counts episodes."""
    if not (found := _PADDED.search(low)):
        return None
    return Numbers(
        found.start(), found.end(), (), (), (int(found.group("first") or found.group("alone")),), sure=False
    )


def _bracketed(low: str, start: int) -> Numbers | None:
    for found in _BRACKETED.finditer(low, start):
        if is_year(int(found.group("first"))):
            continue
        if found.group("first") in _PICTURES and not _STATED.search(low, found.end()):
            continue
        return _absolute(found, found.group("last"))
    return None


def _batch(low: str) -> Numbers | None:
    found = _BATCH.search(low)
    return _absolute(found, found.group("last")) if found else None


def _between_hyphens(low: str) -> Numbers | None:
    if not (found := _dashed(low)):
        return None
    numbers = re.findall(r"\d+", found.group("more"))
    return _absolute(found, numbers[-1] if numbers else None)


def _ranged(low: str) -> Numbers | None:
    for pattern in (_ROUND, _RANGE):
        found = pattern.search(low)
        if (
            found
            and not is_year(int(found.group("first")))
            and int(found.group("first")) < int(found.group("last"))
        ):
            return _absolute(found, found.group("last"))
    return None


def _before_vost(low: str) -> Numbers | None:
    found = _VOST.search(low)
    return _absolute(found, None) if found and not is_year(int(found.group("first"))) else None


def _chinese(low: str) -> Numbers | None:
    found = _CJK.search(low)
    return _absolute(found, found.group("last")) if found and not is_year(int(found.group("first"))) else None


def _dashed(low: str) -> re.Match[str] | None:
    """The number between hyphens or before brackets: `- 100 Years Quest - 05 (1080p)` is 5."""
    found = [
        match
        for match in _DASHED.finditer(low)
        if _is_plausible(low, match)
        or (match.group("first") in _PICTURES and _STATED.search(low, match.end()))
    ]
    closed = [match for match in found if re.match(r"[ ._]*(?:[\[(]|$)", low[match.end() :])]
    chosen = closed or found
    return chosen[0] if chosen else None


def _absolute(found: re.Match[str], last: str | None) -> Numbers:
    first = int(found.group("first"))
    return Numbers(found.start(), found.end(), (), (), span(first, int(last or first)), sure=False)


def _loose(low: str) -> Numbers | None:
    candidates = [f for f in _LOOSE.finditer(low) if f.start() > 5 and _is_plausible(low, f)]
    if not candidates:
        inner = re.search(r"(?<=[a-z!?]) (?P<first>\d{2,3})(?:v\d)? [a-z]", low)
        return _absolute(inner, None) if inner and inner.group("first") not in _PICTURES else None
    found = (
        candidates[-1]
        if len(candidates) > 1 and candidates[-1].start() < candidates[0].end() + 6
        else candidates[0]
    )
    last = re.search(r"\d+", found.group("more"))
    return _absolute(found, last.group() if last else None)


def _is_plausible(low: str, found: re.Match[str]) -> bool:
    first = int(found.group("first"))
    behind = low[found.end() : found.end() + 6]
    if found.group("first") in _PICTURES or (is_year(first) and "[" not in behind):
        return False
    return re.match(r"(?:\.\d{1,2})?[ ._]?(?:mb|gb|bit|kbps|fps|p\b|i\b|ch\b|x\d)", behind) is None


def _compact(low: str) -> Numbers | None:
    """`Title.103.hdtv` is season 1 episode 3; `10708` season 1 episodes 7 and 8."""
    for found in _COMPACT.finditer(low):
        code = found.group("code") or found.group("day")
        if found.start() < 1 or code in _PICTURES or _is_bare_number(low, found):
            continue
        if len(code) >= 5:
            season, rest = int(code[:-4]), code[-4:]
            numbers = (int(rest[:2]), int(rest[2:]))
            return Numbers(found.start(), found.end(), (season,), numbers, sure=False)
        season, episode = divmod(int(code), 100)
        if 0 < season < 40 and episode > 0:
            on_air = found.group("code") is None or found.end() < len(low)
            return Numbers(found.start(), found.end(), (season,), (episode,), sure=on_air)
    return None


def _is_bare_number(low: str, found: re.Match[str]) -> bool:
    """A year, or a number that ends a name which does not look like an episode's file."""
    code = found.group("code")
    if code is None:
        return False
    if len(code) == 4 and is_year(int(code)):
        return True
    ends = not low[found.end() :]
    return ends and (" " in low or len(code) > 3 or re.search(r"(?:19|20)\d\d", low) is not None)
