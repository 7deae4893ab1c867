"""Read a wish by rules: kind, genres, years, people, "like …", language; the rest is the plot."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from sokoul.domain.meaning import french, genres, keywords, tokens, years
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
_OF: Final = (
    r"\b(?:starring|featuring|directed by|made by|by|with|r[ée]alis[ée]e?s? par|jou[ée]e?s? par|avec|"
    r"par{also})\s+(?:(?:the\s+)?(?:guy|man|actor|actress)\s+|l['’]act(?:eur|rice)\s+)?"
)
_BY: Final = re.compile(
    _OF.replace("{also}", "|de")
    + rf"({_NAME}(?:\s*(?:,|\band\b|&|\bet\b)\s+{_CAPITAL}(?:\s+{_BETWEEN_NAMES}{_CAPITAL}){{0,3}})*)"
)
# One name alone may be no person's: it stays in the plot as well.
_ALONE: Final = re.compile(_OF.replace("{also}", "") + rf"({_CAPITAL})(?!\w)")
_JOINED: Final = re.compile(r"\s*(?:,|\band\b|&|\bet\b)\s*")
_LIKE: Final = re.compile(
    r"(\b(?:something|anything|more|films?|movies?|series|shows?|quelque chose|un truc|s[ée]ries?)\s+)?"
    r"\b(?:like|similar to|in the style of|in the vein of|reminiscent of|comme|semblables?\s+[àa]|"
    r"similaires?\s+[àa]|dans le (?:style|genre) de|[àa] la mani[èe]re de)\s+"
    r"(.+?)(?=\s+(?:but|mais|with|avec|in|dans|from|set)\b|\s*[,;.!?]|$)",
    re.IGNORECASE,
)
_CALLED: Final = r"(?=(?-i:(?:the (?:film|movie) |the |le film )?[«“\"'A-ZÀ-ÖØ-Þ0-9]))"
_SEEN_IN: Final = re.compile(
    r"\b(?:(?:with|by|avec|par)\s+)?(?:(?:the|that|le|la|un|une)\s+)?"
    r"(?:(?:guy|man|woman|girl|actor|actress|star|lead|director)\s+(?:from|of)\s|"
    rf"(?:(?:guy|actor|actress|star|lead|cast)\s+in|(?:cast|kid|lady)\s+(?:from|of))\s+{_CALLED}|"
    r"(?:l['’]acteur|l['’]actrice|(?:le|la)\s+(?:type|gars|fille|mec)|le\s+r[ée]alisateur)\s+(?:de|du|d['’])|"
    rf"(?:acteur|actrice|mec|gars|type|h[ée]ros)\s+(?:du film\s|de\s|d['’]|dans\s){_CALLED})\s*"
    r"(.+?)(?=\s+(?:but|mais|and|et|set|where|in|dans|qui|who|o[ùu]|from the|des ann[ée]es)\b|\s*[,;.!?]|$)",
    re.IGNORECASE,
)
_MOST: Final = 4
_OUT: Final = re.compile(
    r"\b(?:no|not|without|sans|pas de|non)\s+(?:any\s+|too\s+)?([\w-]+(?:\s[\w-]+)?)", re.IGNORECASE
)
_LISTED: Final = """
fr french francais francaise|en english anglais british|de german allemand allemande
it italian italien italienne|es spanish espagnol espagnole|ja japanese japonais japonaise
ko korean coreen coreenne|zh chinese chinois chinoise|da danish danois danoise|sv swedish suedois suedoise
no norwegian norvegien norvegienne|ru russian russe|pl polish polonais polonaise
pt portuguese portugais portugaise
hi hindi bollywood indian indien indienne|fa iranian iranien iranienne
tr turkish turc turque|nl dutch neerlandais
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
    r"thrillers?|comed(?:y|ies)|dramas?|horror|noir)|(?:films?|series?|comedies?|drames?|polars?|thrillers?|cinema)\s+(?:(?!with|avec)\w+\s+)?("
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
    if wish.like or wish.seen_in or (wish.is_narrow and count > 2):
        return True
    return count >= 4 and (_DESCRIPTIVE.search(asked) is not None or count >= 6)


@dataclass
class _State:
    """What is left to read, and what was read so far."""

    rest: str
    wish: Wish

    def cut(self, found: re.Match[str], instead: str = " ") -> None:
        self.rest = self.rest[: found.start()] + instead + self.rest[found.end() :]


def _seen_in(state: _State) -> None:
    while (found := _SEEN_IN.search(state.rest)) is not None:
        state.wish = replace(state.wish, seen_in=_few((*state.wish.seen_in, _title(found[1]))))
        state.cut(found)


def _like(state: _State) -> None:
    """ "He looks like his father" names no title, "films like his father" does."""
    found = _LIKE.search(state.rest)
    if found is None or not (found[1] or found[2].lstrip("\"'«“ ")[:1].isupper() or found.start() == 0):
        return
    names = (_title(found[2]), *map(_title, re.split(r"\s+(?:and|or|et|ou)\s+", found[2])))
    state.wish = replace(state.wish, like=_few(names))
    state.cut(found)


def _people(state: _State) -> None:
    named: list[str] = []
    while (found := _BY.search(state.rest)) is not None:
        named += _JOINED.split(found[1])
        state.cut(found)
    alone = (found[1] for found in _ALONE.finditer(state.rest))
    named += [name for name in alone if tokens.fold(name) not in _LANGUAGES]
    state.wish = replace(state.wish, people=_few(name.strip(" .") for name in named))


def _years(state: _State) -> None:
    if (found := years.said(state.rest)) is not None:
        state.wish = replace(state.wish, years=found.meant)
        state.rest = found.rest


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
    hints = keywords.hints(folded) - named - out
    state.wish = replace(state.wish, genres=named, hints=hints, without=out)


def _words(state: _State) -> None:
    spoken = (name for name, code in _LANGUAGES.items() if code == state.wish.language)
    apart = (*state.wish.people, *spoken)
    folded, is_french = tokens.fold(_OUT.sub(" ", state.rest)), french.is_spoken(state.wish.text)
    state.wish = replace(state.wish, words=keywords.words(folded, apart, is_french=is_french))


_STEPS: Final[tuple[Callable[[_State], None], ...]] = (
    _kind,
    _seen_in,
    _like,
    _people,
    _years,
    _language,
    _genres,
    _words,
)


def _title(said: str) -> str:
    return _BEFORE_TITLE.sub("", said.strip(_AROUND)).strip(_AROUND)[:120]


def _few(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in found if each))[:_MOST]
