"""Read a wish by rules: kind, genres, years, people, "like …", language; the rest is the plot."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from sokoul.domain.meaning import genres, tokens
from sokoul.domain.meaning.wish import Wish
from sokoul.domain.media import MediaType

LONGEST: Final = 300
_SERIES: Final = re.compile(
    r"\b(?:tv\s+)?(?:series|tv shows?|shows?|s[ée]ries?|feuilletons?|sitcoms?)\b", re.IGNORECASE
)
_FILMS: Final = re.compile(r"\b(?:films?|movies?|long[- ]m[ée]trages?)\b", re.IGNORECASE)
_CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*"
_BETWEEN_NAMES: Final = r"(?:(?:de|del|della|di|da|von|van|der|la|le|du|bin|al)\s+)?"
_NAME: Final = rf"{_CAPITAL}(?:\s+{_BETWEEN_NAMES}{_CAPITAL}){{1,3}}"
_BY: Final = re.compile(
    r"\b(?:starring|featuring|directed by|made by|by|with|r[ée]alis[ée]e?s? par|jou[ée]e?s? par|avec|par|de)"
    rf"\s+({_NAME}"
    rf"(?:\s*(?:,|and|&|et)\s+{_NAME})*)"
)
_JOINED: Final = re.compile(r"\s*(?:,|\band\b|&|\bet\b)\s*")
_LIKE: Final = re.compile(
    r"(\b(?:something|anything|more|films?|movies?|series|shows?|quelque chose|un truc|s[ée]ries?)\s+)?"
    r"\b(?:like|similar to|in the style of|in the vein of|reminiscent of|comme|semblables?\s+[àa]|"
    r"similaires?\s+[àa]|dans le (?:style|genre) de|[àa] la mani[èe]re de)\s+"
    r"(.+?)(?=\s+(?:but|mais|with|avec|in|dans|from|set)\b|\s*[,;.!?]|$)",
    re.IGNORECASE,
)
_CAST_OF: Final = re.compile(
    r"\b(?:(?:with|by|avec|par)\s+)?(?:the\s+)?(?:(?:guy|man|woman|girl|actor|actress|star|lead|director)\s+(?:from|of)|"
    r"(?:l['’]acteur|l['’]actrice|le type|le gars|la fille|le r[ée]alisateur)\s+(?:de|du|d['’]))\s*"
    r"(.+?)(?=\s+(?:but|mais|and|et|set|where|in|dans|qui|who)\b|\s*[,;.!?]|$)",
    re.IGNORECASE,
)
_DECADE: Final = re.compile(
    r"\b(?:(?:from|of|in|des?|dans)\s+)?(?:the\s+|les\s+)?(?:(early|late|mid)[- ])?(?:ann[ée]es\s+)?"
    r"'?((?:18|19|20)?[0-9]0)(?:'?s\b|(?=\s|$|[,.;!?]))",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(
    r"\b(?:between|entre|from|de)\s+((?:18|19|20)\d\d)\s+(?:and|et|to|[àa])\s+((?:18|19|20)\d\d)\b",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(r"\b(?:before|avant|older than)\s+((?:18|19|20)\d\d)\b", re.IGNORECASE)
_AFTER: Final = re.compile(
    r"\b(?:after|since|apr[èe]s|depuis|newer than)\s+((?:18|19|20)\d\d)\b", re.IGNORECASE
)
_YEAR: Final = re.compile(
    r"\b(?:from|of|in|de|en)\s+((?:18|19|20)\d\d)\b|\(((?:18|19|20)\d\d)\)", re.IGNORECASE
)
_SILENT_ERA: Final = re.compile(
    r"\b(?:silent (?:film|movie|era)|film muet|cin[ée]ma muet)s?\b", re.IGNORECASE
)
_OUT: Final = re.compile(
    r"\b(?:no|not|without|sans|pas de|non)\s+(?:any\s+|too\s+)?([\w-]+(?:\s[\w-]+)?)", re.IGNORECASE
)
_LISTED: Final = """
fr french francais francaise|en english anglais british|de german allemand allemande
it italian italien italienne|es spanish espagnol espagnole|ja japanese japonais japonaise
ko korean coreen coreenne|zh chinese chinois chinoise|da danish danois danoise|sv swedish suedois suedoise
no norwegian norvegien norvegienne|ru russian russe|pl polish polonais polonaise
pt portuguese portugais portugaise
hi hindi bollywood|fa iranian iranien iranienne|tr turkish turc turque|nl dutch neerlandais
"""
_LANGUAGES: Final = {
    name: entry[:2]
    for line in _LISTED.strip().splitlines()
    for entry in line.split("|")
    for name in entry[3:].split()
}
_ANY: Final = "|".join(_LANGUAGES)
# A nationality asks for a language only where it speaks of the work and not of somebody in it.
_SPOKEN: Final = re.compile(
    r"\b(?:("
    + "|".join(_LANGUAGES)
    + r")(?:[- ]language)?\s+(?:\w+[- ]?\w*\s+)?(?:films?|movies?|series?|shows?|cinema|"
    r"thrillers?|comed(?:y|ies)|dramas?|horror|noir)|(?:films?|series?|comedies?|drames?|polars?|thrillers?|cinema)\s+(?:\w+\s+)?("
    + "|".join(_LANGUAGES)
    + r")|in ("
    + "|".join(_LANGUAGES)
    + r")$|en ("
    + "|".join(_LANGUAGES)
    + r")$)\b"
)
# What only says that a film is looked for, at the beginning; further on "a TV show" belongs to the plot.
_FLUFF: Final = re.compile(
    r"^(?:(?:i'?m looking for|i want|i'd like|looking for|find me|show me|recommend|je cherche|je veux|"
    r"je voudrais|trouve[- ]moi|montre[- ]moi|you know|what'?s|what is|quel est|c'est quoi)\s+)*"
    r"(?:(?:the|that) one\s+|celui\s+|celle\s+|(?:(?:an?|some|any|the|une?|des|les?|la)\s+)?"
    r"(?:(?:old|good|bon|vieux)\s+)?(?:films?|movies?|flicks?|series|(?:tv )?shows?|s[ée]ries?)\b\s*)?"
    r"(?:\b(?:about|where|in which|with|that|of|on|sur|o[ùu]|qui|dans (?:lequel|laquelle)|avec|"
    r"[àa] propos de?)\s+)?",
    re.IGNORECASE,
)
_DESCRIPTIVE: Final = re.compile(
    r"\b(?:about|where|who|whose|which|like|set in|inside|someone|somebody|starring|directed by|films?|"
    r"movies?|sur|o[ùu]|qui|comme|dans|avec|r[ée]alis[ée]|quelqu'un|histoire|story|with|from the|"
    r"des ann[ée]es)\b",
    re.IGNORECASE,
)
_RELEASE: Final = re.compile(
    r"\b(?:\d{3,4}p|x26[45]|hevc|bluray|web-?dl|webrip|s\d\de\d\d|s\d\d|remux|2160|1080)\b|magnet:|://",
    re.IGNORECASE,
)
_AROUND: Final = " \"'«»“”.,;:!?\u00a0"
_BEFORE_TITLE: Final = re.compile(
    r"^(?:the (?:film|movie|series|show)|le film|la s[ée]rie)\s+", re.IGNORECASE
)
_SPACE: Final = re.compile(r"\s+")


def read(text: str) -> Wish:
    """Total: any text gives a wish, the least telling one only a plot."""
    asked = _SPACE.sub(" ", text[:LONGEST]).strip()
    state = _State(asked, Wish(asked, asked))
    for step in _STEPS:
        step(state)
    plot = _FLUFF.sub("", _SPACE.sub(" ", state.rest).strip()).strip(" ,.;:!?-")
    return replace(state.wish, plot=plot)


def is_description(text: str) -> bool:
    """Whether words read like a description and not like a title: what pages ask by meaning as well."""
    asked = text.strip()
    count = len(asked.split())
    if count < 2 or count > 60 or _RELEASE.search(asked):
        return False
    wish = read(asked)
    if wish.like or wish.cast_of or (wish.is_narrow and count > 2):
        return True
    return count >= 4 and (_DESCRIPTIVE.search(asked) is not None or count >= 6)


@dataclass
class _State:
    """What is left to read, and what was read so far."""

    rest: str
    wish: Wish
    taken: list[str] = field(default_factory=list)

    def cut(self, found: re.Match[str], instead: str = " ") -> None:
        self.rest = self.rest[: found.start()] + instead + self.rest[found.end() :]


def _cast_of(state: _State) -> None:
    if (found := _CAST_OF.search(state.rest)) is not None:
        state.wish = replace(state.wish, cast_of=(_title(found[1]),))
        state.cut(found)


def _like(state: _State) -> None:
    """ "He looks like his father" names no title, "films like his father" does."""
    found = _LIKE.search(state.rest)
    if found is None or not (found[1] or found[2].lstrip("\"'«“ ")[:1].isupper() or found.start() == 0):
        return
    names = (_title(found[2]), *map(_title, re.split(r"\s+(?:and|or|et|ou)\s+", found[2])))
    state.wish = replace(state.wish, like=tuple(dict.fromkeys(name for name in names if name))[:4])
    state.cut(found)


def _people(state: _State) -> None:
    while (found := _BY.search(state.rest)) is not None:
        names = tuple(name.strip(" .") for name in _JOINED.split(found[1]) if name.strip(" ."))
        state.wish = replace(state.wish, people=(*state.wish.people, *names)[:5])
        state.cut(found)


def _years(state: _State) -> None:
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[int, int] | None]], ...] = (
        (_BETWEEN, lambda m: (min(int(m[1]), int(m[2])), max(int(m[1]), int(m[2])))),
        (_BEFORE, lambda m: (1870, int(m[1]) - 1)),
        (_AFTER, lambda m: (int(m[1]), 2200)),
        (_DECADE, _decade),
        (_YEAR, lambda m: (int(m[1] or m[2]), int(m[1] or m[2]))),
        (_SILENT_ERA, lambda _: (1890, 1930)),
    )
    for pattern, years in readers:
        found = pattern.search(state.rest)
        if found is not None and (meant := years(found)) is not None:
            state.wish = replace(state.wish, years=meant)
            if pattern is not _SILENT_ERA:
                state.cut(found)
            return


def _decade(found: re.Match[str]) -> tuple[int, int] | None:
    """ "80s", "the 1980s", "années 80"; a bare "80" only after « années »."""
    said, number = found.group().casefold(), int(found[2])
    if "s" not in said[-1:] and "ann" not in said:
        return None
    if number < 100:
        number += 1900 if number >= 30 else 2000
    first, last = {"early": (0, 4), "mid": (3, 7), "late": (5, 9)}.get((found[1] or "").casefold(), (0, 9))
    return (number + first, number + last) if 1870 <= number <= 2200 else None


def _kind(state: _State) -> None:
    series, films = _SERIES.search(state.rest), _FILMS.search(state.rest)
    if bool(series) != bool(films):
        state.wish = replace(state.wish, media_type=MediaType.TV if series else MediaType.MOVIE)


def _language(state: _State) -> None:
    found = _SPOKEN.search(tokens.fold(state.rest))
    if found is not None:
        name = next(group for group in found.groups() if group)
        state.wish = replace(state.wish, language=_LANGUAGES[name])


def _genres(state: _State) -> None:
    folded = tokens.fold(state.rest)
    out = frozenset(
        code for found in _OUT.finditer(folded) for _, named in genres.spoken(found[1])[:1] for code in named
    )
    named = frozenset(code for _, found in genres.spoken(folded) for code in found) - out
    state.wish = replace(state.wish, genres=named, without=out)


_STEPS: Final[tuple[Callable[[_State], None], ...]] = (
    _kind,
    _cast_of,
    _like,
    _people,
    _years,
    _language,
    _genres,
)


def _title(said: str) -> str:
    text = re.sub(
        r"^(?:the (?:film|movie|series|show)|le film|la s[ée]rie)\s+",
        "",
        said.strip(" \"'«»“”.,;:!?"),
        flags=re.IGNORECASE,
    )
    return text.strip(" \"'«»“”.,;:!?")[:120]
