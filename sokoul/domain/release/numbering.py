"""Seasons, episodes and absolute numbers, in the notations of the world; the surest notation is tried first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

MOST = 2_000
_A, _Z = r"(?<![a-z0-9])", r"(?![a-z0-9])"
_S = r"[ ._-]"


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

_SEASON_WORD = r"(?:seasons?|saisons?|staffel|temporadas?|stagion[ei]|sezon|seizoen|säsong|sæson|sesong|kausi|сезони?|temp|se)"
_EPISODE_WORD = r"(?:episod[eio]{1,2}s?|épisode|folge|ep|e|afl(?:evering)?|capitulo|cap|эпизод|серії|серия|серии|odc|avsnitt|cd|jakso|bölüm)"

_STANDARD = re.compile(
    rf"(?:(?<![a-z0-9])|(?<=[a-z]{{4}})(?=s\d\de\d\d))s(?P<season>\d{{1,4}}){_S}{{0,3}}[\[(]?(?:ep?(?:isode)?|x){_S}{{0,2}}\(?(?P<first>\d{{1,5}})"
    rf"(?P<more>(?:(?:[ ._+&-]{{0,3}}(?:s\d{{1,4}}{_S}?)?ep?{_S}?\d{{1,5}})|(?:[-~&+]\d{{1,5}}(?![\da-z])))*)"
)
_CROSS = re.compile(
    r"(?<![a-z0-9])(?<![^\d]\d\.)(?P<season>\d{1,2}|(?:19|20)\d\d)x(?P<first>\d{1,3})"
    r"(?P<more>(?:[ ]?-[ ]?\d{1,2}x\d{1,3}|-?x\d{1,3}|-\d{2,3}(?![\dpi]))*)(?![a-z0-9])"
)
_WORDS = re.compile(
    rf"{_A}{_SEASON_WORD}[ ._]?(?P<season>\d{{1,4}})[\s._,/()-]{{1,4}}{_EPISODE_WORD}[ ._]?(?P<first>\d{{1,4}})"
    r"(?P<more>(?:(?:[ ._]?(?:-|~|&|\+|en|and|et|y)[ ._]?)\d{1,4}(?!\d))*)"
)
_CAP = re.compile(rf"{_A}cap(?:itulo)?[. ]?(?P<code>\d{{3,4}})(?:[ _-](?P<last>\d{{3,4}}))?{_Z}")
_OF = re.compile(rf"{_A}(?P<first>\d{{1,3}}){_S}?of{_S}?(?P<last>\d{{1,3}}){_Z}")
_SEASON_RANGE = re.compile(
    rf"{_A}(?P<prefix>s|{_SEASON_WORD}[ ._]?)(?P<first>\d{{1,2}})"
    rf"(?:(?:[ ._]?(?:-|~|to|a|al|thru|&|\+)[ ._]?|[ ._])(?:s|{_SEASON_WORD}[ ._]?)|-|~|[ ](?=\d\d \())"
    rf"(?P<last>\d{{1,2}})(?![\da-z])"
)
_PART = rf"(?:[ ._-]*(?P<part>p(?:art)?[ ._]?\d{{1,2}}|vol(?:ume)?[ ._]?\d+))?{_Z}"
_SHORT_SEASON = re.compile(rf"{_A}s(?P<number>\d{{2,4}}){_PART}")
_SEASON = re.compile(
    rf"{_A}(?:s[ ._](?=\d\d(?!\d))|s(?=\d[\s._\[\](/-])|{_SEASON_WORD}[ ._]?|(?:series?|se)[ ._](?=\d\d?(?:[ ._\])]|$)))"
    rf"(?P<number>\d{{1,4}}){_PART}"
)
_ORDINAL_SEASON = re.compile(
    rf"{_A}(?P<number>\d{{1,2}})(?:st|nd|rd|th|ª|º|\.|-?й)?{_S}?(?:season|temporada|staffel|sezon|сезон|saison)(?!s){_Z}"
)
_COMPLETE = re.compile(
    rf"{_A}(?:the{_S})?(?:complete{_S}(?:series|collection|season|box.?set)|(?:mini.?)?series{_S}complete|all{_S}seasons|int[ée]grale?|serie{_S}completa){_Z}"
)
_EPISODE = re.compile(
    r"(?<![a-z0-9])(?:e|ep|eps|episode|episodio|épisode|folge|эпизод|серия|odc|bölüm|bolum|blm)[ ._#]{0,2}(?P<first>\d{1,4})(?P<more>(?:[ ._]?[-~][ ._]?(?:ep?)?\d{1,4}(?![\dpi]))?)(?!\d|[a-uw-z])"
)
_TURKISH = re.compile(rf"(?<![\w])(?P<first>\d{{1,4}})[. ]{{1,2}}(?:b[oö]l[uü]m|blm){_Z}")
_RUSSIAN = re.compile(r"(?P<first>\d{1,4})(?:-(?P<last>\d{1,4}))?[ ._](?:серія|эпизод|серії|серия|серии)")
_CJK = re.compile(r"第?(?P<first>\d{1,4})(?:-(?P<last>\d{1,4}))?(?:[話话集回]|完)")
_KOREAN = re.compile(r"제?(?P<first>\d{1,4})[화회]")
_DATE_BEHIND = re.compile(r"^[ ._-]\d{6}(?!\d)")


def find(low: str, *, anime: bool) -> Numbers | None:
    """The numbers of a name in lower case; `anime` when a group's brackets open it."""
    for reader in _READERS:
        if found := reader(low):
            return found
    return absolute_numbers(low, anime=anime)


def span(first: int, last: int) -> tuple[int, ...]:
    """From first to last, or only the first when that is no plausible range."""
    return tuple(range(first, last + 1)) if first <= last < first + MOST else (first,)


def _list(first: int, more: str) -> tuple[int, ...]:
    """`E01E03` is a list, `E01-E03` a range, `E01-E02-E03` both."""
    numbers = [first]
    for found in re.finditer(r"(?:s\d+[ ._]?)?(?:(?<=s)|ep?|x|\d+x)?[ ._]?(\d{1,5})(?![\dx])", more):
        number = int(found.group(1))
        if number > numbers[-1]:
            numbers.append(number)
    if len(numbers) > 1 and re.search(r"[-~]|(?<=\d)[ ._]?(?:en|a)[ ._]", more):
        return span(numbers[0], numbers[-1])
    return tuple(numbers)


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
        (int(extra.group(1)),) if extra and season < 1900 and not _is_year(int(extra.group(1))) else (),
        full_season=full,
        special=season == 0,
    )


def _cross(low: str) -> Numbers | None:
    for found in _CROSS.finditer(low):
        season, first = int(found.group("season")), int(found.group("first"))
        if season > 1900 and first < 200 and found.start() > 0 and low[found.start() - 1] in "([":
            continue
        more = re.sub(r"(?<=-)[ ]?\d{1,2}x", "x", found.group("more"))
        extra = re.match(r" (\d{2,4})(?= |$|\[)", low[found.end() :])
        absolute = (int(extra.group(1)),) if extra and not _is_year(int(extra.group(1))) else ()
        return Numbers(
            found.start(), found.end(), (season,), _list(first, more), absolute, special=season == 0
        )
    return None


_REVERSED = re.compile(
    r"(?<!\w)(?P<season>\d{1,2})(?:-?[а-я]{1,2}|\.|st|nd|rd|th)?[ ._]?(?:sezon|сезон|season|staffel|temporada)[ ._,-]{1,3}"
    r"(?P<first>\d{1,4})(?:-?[а-я]{1,2}|\.)?[ ._]?(?:b[öo]l[üu]m|серия|серии|serii|episode|folge)"
)


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
    if pack := _SEASON.search(low[:start]):
        start = pack.start()
    return Numbers(start, found.end(), (season,), span(first, last))


def _of(low: str) -> Numbers | None:
    found = _OF.search(low)
    if not found or int(found.group("first")) > int(found.group("last")) or int(found.group("last")) < 2:
        return None
    return Numbers(found.start(), found.end(), (1,), (int(found.group("first")),))


def _season_range(low: str) -> Numbers | None:
    found = _SEASON_RANGE.search(low)
    if not found:
        return None
    first, last = int(found.group("first")), int(found.group("last"))
    if not first < last <= first + 60:
        return None
    return Numbers(found.start(), found.end(), span(first, last), full_season=True)


def _season(low: str) -> Numbers | None:
    found = _SHORT_SEASON.search(low) or _SEASON.search(low)
    if not found:
        ordinal = _ORDINAL_SEASON.search(low)
        if not ordinal:
            return None
        return _with_episode(
            low, Numbers(ordinal.start(), ordinal.end(), (int(ordinal.group("number")),), full_season=True)
        )
    number = int(found.group("number"))
    if number > 150 and not _is_year(number):
        return None
    return _with_episode(
        low, Numbers(found.start(), found.end(), (number,), full_season=not found.group("part"))
    )


_APART = re.compile(
    r"^[\])]?(?:[ ._]*-[ ._]*(?:e?p?|episode[ .]?)|[ ._]+(?:ep?|episode[ .]?)|[ ._]*\[|[ ._]+(?=\d{2,4}(?:$|[ ._]*[\[(])))(?P<first>\d{1,4})(?:(?P<join>-|~)(?P<last>\d{1,4}))?(?:v\d)?(?P<end>\]|end|fin|(?![\dpi]))(?=$|[ ._\[\](-])"
)
_EXTRAS = re.compile(rf"^[ ._-]+(?:extras?|subpack|specials?|special{_S}features){_Z}")


def _with_episode(low: str, season: Numbers) -> Numbers:
    """`Title S2 - 07`: a season followed by an absolute number is that number, not a pack."""
    rest = low[season.end :]
    found = _APART.match(rest)
    if (
        not found
        or _is_year(int(found.group("first")))
        or int(found.group("first")) in (264, 265, 480, 576, 720)
    ):
        special = _EXTRAS.match(rest)
        return Numbers(
            season.start, season.end, season.seasons, full_season=season.full_season, special=bool(special)
        )
    first = int(found.group("first"))
    numbers = span(first, int(found.group("last") or first))
    return Numbers(season.start, season.end + found.end(), season.seasons, (), numbers)


_ASIDE = re.compile(
    r"(?:[ ._](?P<absolute>\d{1,4})[ ._]?)?[(\[]s(?P<season>\d{1,2})[ ._]?-[ ._]?(?P<first>\d{1,3})[)\]]"
)
_DOTTED = re.compile(rf"{_A}s(?P<season>\d{{2}})\.(?P<first>\d{{2}})(?=\.|$)")
_LEADING = re.compile(r"^(?P<season>\d{1,2})-(?P<first>\d{2})(?=[ .][^\d\W]| [a-z])")


def _aside(low: str) -> Numbers | None:
    """`Title 87 (S4-24)`, `Title.S01.07.`, and a file that is only called `4-13 Name`."""
    for pattern in (_ASIDE, _DOTTED, _LEADING):
        if found := pattern.search(low):
            absolute = found.groupdict().get("absolute")
            return Numbers(
                found.start(),
                found.end(),
                (int(found.group("season")),),
                (int(found.group("first")),),
                (int(absolute),) if absolute else (),
            )
    return None


def _complete(low: str) -> Numbers | None:
    found = _COMPLETE.search(low)
    return (
        Numbers(found.start(), found.end(), full_season=True, sure=False) if found and found.start() else None
    )


def _episode(low: str) -> Numbers | None:
    """An episode without a season: absolute, and season 1 of a mini-series, whichever it turns out to be."""
    for found in _EPISODE.finditer(low):
        last = re.search(r"\d+", found.group("more"))
        first = int(found.group("first"))
        numbers = span(first, int(last.group()) if last else first)
        if len(found.group()) - len(found.group("more")) < 3 and not _DATE_BEHIND.match(low[found.end() :]):
            continue  # "E3" alone is a fair and a sequel
        return Numbers(found.start(), found.end(), (1,), numbers, numbers, sure=False)
    return None


def _foreign(low: str) -> Numbers | None:
    for pattern in (_TURKISH, _RUSSIAN, _KOREAN):
        if found := pattern.search(low):
            first = int(found.group("first"))
            last = found.groupdict().get("last")
            return Numbers(found.start(), found.end(), (), (), span(first, int(last or first)))
    return None


_READERS: tuple[Reader, ...] = (
    _standard, _cross, _reversed, _words, _cap, _aside, _season_range, _season, _of, _foreign, _episode, _complete,
)  # fmt: skip

_BRACKETED = re.compile(
    r"\[(?:第)?(?P<first>\d{1,4})(?:\s?[-~]\s?(?P<last>\d{1,4}))?(?:\.5)?\s?(?:v\d|end|fin|完|話|话|集|回)*\]"
)
_DASHED = re.compile(
    r"(?:[ ._]-[ ._]|[ ._]-{1,2}(?=\d{2,4}[ ._\[(]))[ ._]?(?:#|ep?\.?[ ]?)?(?P<first>\d{1,4})(?P<more>(?:[ ._]?[-~][ ._]?\d{2,4})*)(?P<half>\.5)?(?P<tail>v\d|end|完)?(?=[ ._\[(]|$)"
)
_ROUND = re.compile(r"\((?P<first>\d{2,4})[ ]?[-~][ ]?(?P<last>\d{2,4})\)")
_LOOSE = re.compile(
    r"[ ._](?P<first>\d{1,4})(?P<more>(?:[ ._]?[-~][ ._]?\d{2,4})?)(?:v\d|end)?(?=[ ._]*[\[(]|[ ._]vost|[ ._]*$)"
)
_RANGE = re.compile(r"[ ._](?P<first>\d{1,3})[-~](?P<last>\d{2,3})(?=[ ._]*[\[(])")
_BATCH = re.compile(r"[ ._](?P<first>0?0?1) - (?P<last>\d{2,4})(?=[ ._]*[\[(])")
_VOST = re.compile(r"[ ._](?P<first>\d{1,4})(?=[ ._]vost)")
_COMPACT = re.compile(
    r"[ ._](?P<code>\d{3,4}|\d{5,6})(?=[ ._]+(?:\d{3,4}p[ ._]+)?(?:hdtv|pdtv|dsr|sdtv|tvrip)|$)"
    r"|(?<=(?:19|20)\d\d)[ ._](?P<day>\d{4})(?=-|$)"
)
_PICTURES = frozenset({"264", "265", "480", "576", "720", "1080", "2160"})
_STATED = re.compile(r"\d{3,4}[pi]")


def absolute_numbers(low: str, *, anime: bool) -> Numbers | None:
    """Numbers with no word beside them: ` - 07`, `[12]`, `(01-25)`, and behind a group's brackets ` 07 [`."""
    if (
        (found := _BRACKETED.search(low, 1))
        and not _is_picture(found.group("first"))
        and (anime or found.start() > 3)
    ):
        if not (_is_year(int(found.group("first"))) and (later := _BRACKETED.search(low, found.end()))):
            if not _is_year(int(found.group("first"))):
                return _absolute(found, found.group("last"))
        elif later:
            return _absolute(later, later.group("last"))
    if found := _BATCH.search(low):
        return _absolute(found, found.group("last"))
    if found := _dashed(low):
        numbers = re.findall(r"\d+", found.group("more"))
        return _absolute(found, numbers[-1] if numbers else None)
    if found := _ROUND.search(low):
        if not _is_year(int(found.group("first"))):
            return _absolute(found, found.group("last"))
    if found := _RANGE.search(low):
        if int(found.group("first")) < int(found.group("last")) and not _is_year(int(found.group("first"))):
            return _absolute(found, found.group("last"))
    if found := _VOST.search(low):
        return _absolute(found, None)
    if (found := _CJK.search(low)) and not _is_year(int(found.group("first"))):
        return _absolute(found, found.group("last"))
    if anime and (loose := _loose(low)):
        return loose
    return _compact(low)


def _dashed(low: str) -> re.Match[str] | None:
    """The number between hyphens or before brackets: `- 100 Years Quest - 05 (1080p)` is 5."""
    found = [
        match
        for match in _DASHED.finditer(low)
        if _is_plausible(low, match)
        or (match.group("first") in _PICTURES and _STATED.search(low, match.end()))
    ]
    closed = [match for match in found if re.match(r"[ ._]*(?:[\[(]|$)", low[match.end() :])]
    return (closed or found or [None])[0]


def _absolute(found: re.Match[str], last: str | None) -> Numbers:
    first = int(found.group("first"))
    return Numbers(found.start(), found.end(), (), (), span(first, int(last or first)), sure=False)


def _loose(low: str) -> Numbers | None:
    candidates = [f for f in _LOOSE.finditer(low) if f.start() > 5 and _is_plausible(low, f)]
    if not candidates:
        inner = re.search(r"(?<=[a-z!?]) (?P<first>\d{2,3})(?:v\d)? [a-z]", low)
        return _absolute(inner, None) if inner and not _is_picture(inner.group("first")) else None
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
    if _is_picture(found.group("first")) or (_is_year(first) and "[" not in behind):
        return False
    return re.match(r"[ ._]?(?:mb|gb|bit|kbps|fps|p\b|i\b|ch\b|x\d)", behind) is None


def _is_picture(digits: str) -> bool:
    return digits in _PICTURES


def _is_year(number: int) -> bool:
    return 1900 <= number <= 2099


def _compact(low: str) -> Numbers | None:
    """`Title.103.hdtv` is season 1 episode 3; `10708` season 1 episodes 7 and 8."""
    for found in _COMPACT.finditer(low):
        code = found.group("code") or found.group("day")
        if found.start() < 1 or _is_picture(code) or _is_bare_number(low, found):
            continue
        if len(code) >= 5:
            season, rest = int(code[:-4]), code[-4:]
            numbers = (int(rest[:2]), int(rest[2:]))
            return Numbers(found.start(), found.end(), (season,), numbers, sure=False)
        season, episode = divmod(int(code), 100)
        if 0 < season < 40 and episode > 0:
            on_air = found.group("code") is not None and found.end() < len(low)
            return Numbers(found.start(), found.end(), (season,), (episode,), sure=on_air)
    return None


def _is_bare_number(low: str, found: re.Match[str]) -> bool:
    """A year, or a number that ends a name which does not look like an episode's file."""
    code = found.group("code")
    if code is None:
        return False
    if len(code) == 4 and _is_year(int(code)):
        return True
    ends = not low[found.end() :]
    return ends and (" " in low or len(code) > 3 or re.search(r"(?:19|20)\d\d", low) is not None)
