"""Numbers with a mark beside them: S01E02, 1x02, Season 1 Episode 2, Cap.102, 2of6, E07, 12. Bölüm."""

from __future__ import annotations

import re

from sokoul.domain.release.numbers import (
    CLOSE,
    EPISODE_WORD,
    GAP,
    OPEN,
    SEASON_WORD,
    Numbers,
    Reader,
    is_year,
    numeral,
    span,
)

_STANDARD = re.compile(
    rf"(?:(?<![a-z0-9])|(?<=[a-z]{{4}})(?=s\d\de\d\d))s(?P<season>\d{{1,4}}){GAP}{{0,3}}[\[(]?x?(?:ep?(?:isode)?|x){GAP}{{0,2}}\(?(?P<first>\d{{1,5}})"
    rf"(?P<more>(?:(?:[ ._+&-]{{0,3}}(?:s\d{{1,4}}{GAP}?)?ep?{GAP}?\d{{1,5}})"
    rf"|(?:[-~&+]\d{{1,5}}(?![\da-z])))*)"
)
_CROSS = re.compile(
    r"(?<![a-z0-9])(?<![^\d][2567]\.)(?P<season>\d{1,2}|(?:19|20)\d\d)x(?P<first>\d{1,3})"
    r"(?P<more>(?:[ ]?-[ ]?\d{1,2}x\d{1,3}|-?x\d{1,3}(?!\d)|-\d{2,3}(?![\dpi]))*)(?![a-z0-9])"
)
_WORDS = re.compile(
    rf"{OPEN}(?:{SEASON_WORD}|series)[ ._:]{{0,2}}(?P<season>\d{{1,4}})[\s._,/()-]{{1,4}}"
    rf"(?P<word>{EPISODE_WORD})[ ._:]{{0,2}}\(?(?P<first>\d{{1,4}})(?![\dpi])"
    r"(?P<more>(?:(?:[ ._]?(?:-|~|&|\+|en|and|et|y)[ ._]?)\d{1,4}(?!\d))*)"
)
_REVERSED = re.compile(
    r"(?<!\w)(?P<season>\d{1,2})(?:-?[а-я]{1,2}|\.|st|nd|rd|th)?[ ._]?(?:sezon|сезон|season|staffel"
    r"|temporada)[ ._,-]{1,3}"
    r"(?P<first>\d{1,4})(?:-?[а-я]{1,2}|\.)?[ ._]?(?:b[öo]l[üu]m|серия|серии|serii|episode|folge)"
)
_CAP = re.compile(rf"{OPEN}cap(?:itulo)?[. ]?(?P<code>\d{{3,4}})(?:[ _-](?P<last>\d{{3,4}}))?{CLOSE}")
_SEASON_BEFORE = re.compile(rf"{OPEN}(?:s(?=\d\d)|{SEASON_WORD}[ ._]?|tem[ ._])\d{{1,2}}")
_OF = re.compile(rf"{OPEN}(?P<first>\d{{1,3}}){GAP}?(?:of|iz|из|von|sur){GAP}?(?P<last>\d{{1,3}}){CLOSE}")
_EPISODE = re.compile(
    r"(?<![a-z0-9])(?:e|ep|eps|episodes?|episodi[oi]?|episódio|épisodes?|capítulo|cap[íi]tulo(?=.\d)|folge|эпизод|серия|odc|bölüm|bolum"
    r"|blm)[ ._#]{0,2}(?P<first>\d{1,4})(?P<more>(?:[ ._]?[-~][ ._]?(?:ep?)?\d{1,4}(?![\dpi]))?)(?!\d"
    r"|[a-uw-z])"
)
_TURKISH = re.compile(rf"(?<![\w])(?P<first>\d{{1,4}})[. ]{{1,2}}(?:b[oö]l[uü]m|blm){CLOSE}")
_RUSSIAN = re.compile(
    r"(?P<first>\d{1,4})(?:-(?P<last>\d{1,4}))?[ ._]"
    r"(?:серія|эпизод|серії|серия|серии|сер|seri[iy]a)(?!\w)"
)
_KOREAN = re.compile(r"제?(?P<first>\d{1,4})[화회]")
_DATE_BEHIND = re.compile(r"^[ ._-]\d{6}(?!\d)")
_ASIDE = re.compile(
    r"(?:[ ._](?P<absolute>\d{1,4})[ ._]?)?[(\[]s(?P<season>\d{1,2})[ ._]?-[ ._]?(?P<first>\d{1,3})[)\]]"
)
_DOTTED = re.compile(rf"{OPEN}s(?P<season>\d{{2}})\.(?P<first>\d{{2}})(?=\.|$)")
_POINTED = re.compile(r"[ ._]-[ ._](?P<season>\d{1,2})\.(?P<first>\d{2})(?=[ ._]-[ ._]|$)")
_PART = re.compile(
    r"(?<=[a-z0-9])[ ._-]{1,3}(?:part|pt|teil)[ ._]?"
    r"(?P<first>\d{1,2}|[ivx]{1,4}|one|two|three|four|five|six)(?![a-z0-9])"
)
_FURTHER = re.compile(r"(?:s\d+[ ._]?)?(?:(?<=s)|ep?|x|\d+x(?=\d+$|\d+ ?-))?[ ._]?(\d{1,5})(?!\d)")
_ON_AIR = re.compile(r"(?<![a-z0-9])(?:hdtv|pdtv|dsr|sdtv|tvrip|dvb)(?![a-z])")
_YEAR_NEXT = re.compile(r"[ ._(\[]*(?:19|20)\d\d(?!\d)")
_LEADING = re.compile(r"^(?P<season>\d{1,2})-(?P<first>\d{2})(?=[ .][^\d\W]| [a-z])")


def _standard(low: str) -> Numbers | None:
    found = _STANDARD.search(low)
    if not found:
        return None
    first = int(found.group("first"))
    more = re.sub(r"s\d{1,4}(?=[ ._]?e)", "", found.group("more"))
    episodes = _list(first, more)
    behind = low[found.end() : found.end() + 12]
    whole = re.match(r"\W{0,2}(?:of|из|із)\W?(\d+)", behind)
    full = bool(whole and first == 1 and len(episodes) > 1 and episodes[-1] == int(whole.group(1)))
    season = int(found.group("season"))
    if re.match(r"s\d+ - ep", found.group()):
        return Numbers(found.start(), found.end(), (season,), episodes, episodes)
    extra = re.match(r"[ ._\-(\[]{1,3}(\d{3,4})(?=[)\]])", behind)
    return Numbers(
        found.start(),
        found.end(),
        (season,),
        () if full else episodes,
        (int(extra.group(1)),) if extra and season < 1900 and not is_year(int(extra.group(1))) else (),
        full_season=full,
        special=season == 0,
    )


def _list(first: int, more: str) -> tuple[int, ...]:
    """`E01E03` is a list, `E01-E03` a range, `E01-E02-E03` both."""
    numbers = [first]
    for found in _FURTHER.finditer(more):
        number = int(found.group(1))
        if number > numbers[-1]:
            numbers.append(number)
    if len(numbers) > 1 and re.search(r"[-~]|(?<=\d)[ ._]?(?:en|a)[ ._]", more):
        return span(numbers[0], numbers[-1])
    return tuple(numbers)


def _cross(low: str) -> Numbers | None:
    for found in _CROSS.finditer(low):
        season, first = int(found.group("season")), int(found.group("first"))
        if season > 1900 and first < 200 and found.start() > 0 and low[found.start() - 1] in "([":
            continue
        more = re.sub(r"(?<=-)[ ]?\d{1,2}x", "x", found.group("more"))
        extra = re.match(r" (\d{2,4})(?= |$|\[)", low[found.end() :])
        absolute = (int(extra.group(1)),) if extra and not is_year(int(extra.group(1))) else ()
        return Numbers(
            found.start(), found.end(), (season,), _list(first, more), absolute, special=season == 0
        )
    return None


def _reversed(low: str) -> Numbers | None:
    found = _REVERSED.search(low)
    if not found:
        return None
    return Numbers(found.start(), found.end(), (int(found.group("season")),), (int(found.group("first")),))


def _words(low: str) -> Numbers | None:
    found = _WORDS.search(low)
    if not found:
        return None
    numbers = [int(number) for number in re.findall(r"\d+", found.group("more"))]
    episodes = span(int(found.group("first")), numbers[-1]) if numbers else (int(found.group("first")),)
    whole = re.match(r"\W{0,2}(?:of|из|із)\W?(\d+)", low[found.end() :])
    if whole and found.group("word") == "серии":
        episodes = span(1, episodes[-1]) if len(episodes) == 1 else episodes  # "5 of 20 are out"
    full = bool(whole and len(episodes) > 1 and episodes[0] == 1 and episodes[-1] == int(whole.group(1)))
    return Numbers(
        found.start(), found.end(), (int(found.group("season")),), () if full else episodes, full_season=full
    )


def _cap(low: str) -> Numbers | None:
    found = _CAP.search(low)
    if not found:
        return None
    season, first = divmod(int(found.group("code")), 100)
    last = int(found.group("last")) % 100 if found.group("last") else first
    start = found.start()
    if pack := _SEASON_BEFORE.search(low[:start]):
        start = pack.start()
    return Numbers(start, found.end(), (season,), span(first, last))


def _of(low: str) -> Numbers | None:
    found = _OF.search(low)
    if not found or int(found.group("first")) > int(found.group("last")) or int(found.group("last")) < 2:
        return None
    return Numbers(found.start(), found.end(), (1,), (int(found.group("first")),))


def _aside(low: str) -> Numbers | None:
    """`Title 87 (S4-24)`, `Title.S01.07.`, `Title - 6.01 - `, a file only called `4-13 Name`."""
    for pattern in (_ASIDE, _DOTTED, _POINTED, _LEADING):
        if found := pattern.search(low):
            absolute = found.groupdict().get("absolute")
            if pattern is _ASIDE and not absolute and found.group("season") == "01":
                continue  # [S01-11] is a range of seasons
            return Numbers(
                found.start(),
                found.end(),
                (int(found.group("season")),),
                (int(found.group("first")),),
                (int(absolute),) if absolute else (),
            )
    return None


def _foreign(low: str) -> Numbers | None:
    for pattern in (_TURKISH, _RUSSIAN, _KOREAN):
        if found := pattern.search(low):
            first = int(found.group("first"))
            last = found.groupdict().get("last")
            return Numbers(found.start(), found.end(), (), (), span(first, int(last or first)))
    return None


def _episode(low: str) -> Numbers | None:
    """An episode without a season: absolute, and season 1 of a mini-series, whichever it turns out to be."""
    for found in _EPISODE.finditer(low):
        last = re.search(r"\d+", found.group("more"))
        first = int(found.group("first"))
        numbers = span(first, int(last.group()) if last else first)
        if len(found.group()) - len(found.group("more")) < 3 and not _DATE_BEHIND.match(low[found.end() :]):
            continue  # "E3" alone is a fair and a sequel
        if is_year(first):
            continue  # `The Episode 2016`
        return Numbers(found.start(), found.end(), (1,), numbers, numbers, sure=False)
    return None


def _part(low: str) -> Numbers | None:
    """A part with a zero before it, or on television: a mini-series. A year behind it makes it a film."""
    found = _PART.search(low)
    if not found or _YEAR_NEXT.match(low, found.end()):
        return None
    word = found.group("first")
    number = int(word) if word.isdigit() else numeral(word)
    if number and (word.startswith("0") or _ON_AIR.search(low, found.end())):
        return Numbers(found.start(), found.end(), (1,), (number,))
    return None


# The surest notation first; between the two tables stand the packs.
BEFORE_PACKS: tuple[Reader, ...] = (_standard, _cross, _words, _reversed, _cap, _aside)
AFTER_PACKS: tuple[Reader, ...] = (_of, _foreign, _episode, _part)
