"""Which cut or edition: extended, director's cut, IMAX, anniversary and their like."""

from __future__ import annotations

import re

_S = r"[ ._-]"
_ALONE = (
    rf"(?:\d{{2,3}}(?:st|nd|rd|th)?{_S}?anniversary|extended|unrated|uncut|uncensored|imax(?:{_S}enhanced)?|remaster(?:ed)?|restored|despeciali[sz]ed|theatrical"
    rf"|director'?s{_S}cut|directors?{_S}edition|final{_S}cut|special{_S}edition|fan{_S}?edit|open{_S}matte|assembly{_S}cut|redux|criterion|alternat(?:e|ive){_S}(?:cut|ending)"
    rf"|rogue{_S}cut|roadshow|anniversary{_S}edition"
    rf"|(?:deluxe|limited|signature|imperial|diamond|noir|producer'?s|international|television|integral){_S}(?:edition|cut|version)|version{_S}longue|langfassung|edi(?:tion|zione){_S}(?:collector|integrale)|ultimate{_S}(?:cut|edition)|collector'?s(?:{_S}edition)?|2in1|[234]k{_S}remaster(?:ed)?|hybrid(?={_S}(?:edition|cut)))"
)
_PHRASE = re.compile(
    rf"(?<![a-z0-9])(?:(?:the|custom|ultimate|special|extended){_S})?{_ALONE}(?:{_S}(?:{_ALONE}|directors?|director'?s|cut|edition|version|remaster(?:ed)?|imax))*(?![a-z0-9])"
)
_NAMED = re.compile(rf"(?<![a-z0-9])(?P<words>(?:[a-z']+{_S}){{1,4}}(?:cut|edition))(?=[ ._\-\])]|$)")
_DIRECTORS = re.compile(r"(?<=(?:19|20)\d\d[ .])DC(?=[ .(\[]|$)")
_YEAR = re.compile(r"(?:19|20)\d\d[)\]]?[ ._\-\[(]+(?:\d{3,4}p[ ._-]+)?$")


def is_edition(low: str) -> bool:
    """Whether a text in lower case is nothing but an edition."""
    return _PHRASE.fullmatch(low) is not None


def find(text: str, low: str, numbered: int | None) -> tuple[str, int] | None:
    """The edition as it is written and its position; never at the start, where it is the title.

    `numbered` is where an episode's number ends: behind it words belong to the episode's title.
    """
    for found in _PHRASE.finditer(low):
        if found.start() == 0 or (numbered is not None and _in_episode_title(low, found, numbered)):
            continue
        return _written(text, found.start(), found.end()), found.start()
    if short := _DIRECTORS.search(text):
        return "Director's Cut", short.start()
    for found in _NAMED.finditer(low):
        if _YEAR.search(low[: found.start()]):
            return _written(text, found.start(), found.end()), found.start()
    return None


def _written(text: str, start: int, end: int) -> str:
    return re.sub(r"[ ._-]+", " ", text[start:end]).strip()


def _in_episode_title(low: str, found: re.Match[str], numbered: int) -> bool:
    return (
        found.start() >= numbered
        and re.search(r"\d{3,4}p|hdtv|web|blu|dvd|german|french", low[: found.start()]) is None
        and found.group() in ("criterion", "theatrical", "restored", "redux")
    )
