"""A release name turned into facts: PTT underneath, readable rules of our own over it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sokoul.domain.release import (
    anchors,
    dates,
    edition,
    flags,
    garbage,
    group,
    language,
    numbering,
    ptt,
    resolution,
    source,
    title,
    version,
    year,
)
from sokoul.domain.release.model import Release
from sokoul.domain.release.text import Text, prepare

_CODECS = {"avc": "avc", "hevc": "hevc", "av1": "av1", "xvid": "xvid", "mpeg": "mpeg2"}
_SOUNDS = (
    ("Atmos", "atmos"), ("TrueHD", "truehd"), ("DTS Lossless", "dts-hd"), ("FLAC", "flac"), ("PCM", "pcm"),
    ("Dolby Digital Plus", "eac3"), ("DTS Lossy", "dts"), ("Dolby Digital", "ac3"), ("AAC", "aac"),
    ("OPUS", "opus"),
    ("MP3", "mp3"),
)  # fmt: skip
_LIGHTS = {"DV": "dv", "HDR10+": "hdr10+", "HDR": "hdr", "SDR": "sdr"}


@dataclass(frozen=True, slots=True)
class _Outline:
    """Where the parts of a name lie; positions are in the body."""

    body: str
    low: str
    first: int
    technical: int
    numbers: numbering.Numbers | None
    day: dates.Day | None
    year: tuple[int, int, bool] | None


def parse(name: str) -> Release:
    """Read any text; never raises. Names are cut at 255 characters before any expression runs."""
    text = prepare(name)
    if garbage.is_garbage(text.text):
        return Release(name=name, container=text.container, garbage=True)
    signed = group.find(text.text)
    body = text.text[: signed.end].replace("_", " ")
    outline = _outline(body, text.low[: signed.end].replace("_", " "), signed.start)
    return _release(name, text, signed, outline)


def _outline(body: str, low: str, start: int) -> _Outline:
    anime = start > 0
    start = start or _after_technical_bracket(low)
    technical = anchors.strong(low, max(start, 1))
    numbers = numbering.find(low, anime=anime)
    day = dates.find(low)
    if day and numbers and numbers.sure and day.start > 0:
        day = None
    if day:
        numbers = None
    when = None if day else year.find(low, technical, numbers.start if numbers else None)
    if numbers and not numbers.sure and when and when[2] and not anime and not numbers.absolute:
        numbers = None
    if when and when[1] <= start:
        start = max(start, _behind_year(low, when[1]))
    if not numbers and not (when and when[1] < technical):
        technical = min(technical, anchors.weak(low, max(start, 1)))
    return _Outline(body, low, start, technical, numbers, day, when)


_OPENING_BRACKET = re.compile(r"[\[(][^\[\]()]*[\])]\s*(?=\S)")
_OPENING_YEAR = re.compile(r"[\[(]\d{4}[\])]\s*")


def _after_technical_bracket(low: str) -> int:
    """`[720p] Title`: a describing bracket that opens the name is no title."""
    found = _OPENING_BRACKET.match(low)
    return found.end() if found and anchors.strong(found.group(), 0) < found.end() else 0


def _behind_year(low: str, place: int) -> int:
    found = _OPENING_YEAR.match(low, place)
    return found.end() if found else 0


def _release(name: str, text: Text, signed: group.Found, outline: _Outline) -> Release:
    low, numbers = outline.low, outline.numbers
    facts = ptt.read(outline.body)
    outline = _with_second_opinion(outline, facts)
    low, numbers = outline.low, outline.numbers
    cut = _title_end(outline)
    known = source.sure(low)
    origin, origin_at = source.find(low, _behind_titles(outline), outline.technical, known)
    lines = resolution.find(low)
    end = min(
        [cut]
        + [place for place in (origin_at, lines[1] if lines else None) if place is not None and place > 0]
    )
    cutting = edition.find(outline.body, low, numbers.end if numbers else None)
    if cutting and 0 < cutting[1] < end:
        end = cutting[1]
    languages, multi = language.find(
        outline.body + " " + text.text[signed.after :],
        _described(outline, end),
        _technical(outline, origin_at, lines),
    )
    number = version.find(text.low, min(end, cut))
    names = _titles(text.text, outline, end)
    codec = _CODECS.get(str(facts.get("codec", "")))
    return Release(
        name=name,
        title=names[0] if names else "",
        titles=names,
        year=outline.year[0] if outline.year else None,
        year_leads=outline.year is not None and outline.year[2],
        seasons=numbers.seasons if numbers else (),
        episodes=numbers.episodes if numbers else (),
        absolute=numbers.absolute if numbers else (),
        full_season=numbers.full_season if numbers else False,
        special=numbers.special if numbers else False,
        air_date=outline.day.date if outline.day else None,
        resolution=lines[0] if lines else None,
        source=origin,
        modifier=source.modifier(low, origin, text.container),
        video_codec=codec,
        audio=next((ours for theirs, ours in _SOUNDS if theirs in facts.get("audio", ())), None),
        hdr=tuple(_LIGHTS[word] for word in facts.get("hdr", ()) if word in _LIGHTS),
        bit_depth=int(depth)
        if (depth := str(facts.get("bit_depth", "")).removesuffix("bit")).isdigit()
        else None,
        languages=languages,
        multi=multi,
        group=signed.name,
        version=number,
        proper=number > 1,
        edition=cutting[0] if cutting else None,
        cam=origin in source.FILMED,
        hardcoded_subs=flags.hardcoded_subs(outline.body, low, end),
        three_d=flags.three_d(low, end),
        upscaled=flags.upscaled(low, end),
        container=text.container,
    )


def _with_second_opinion(outline: _Outline, facts: ptt.Facts) -> _Outline:
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
    if ours and ours.full_season and len(seasons) > len(ours.seasons) and set(ours.seasons) <= set(seasons):
        return replace(outline, numbers=replace(ours, seasons=seasons))
    return outline


_SERIES_WORD = re.compile(
    r"(?<!\w)(?:seasons?|saisons?|temporadas?|stagion[ei]|staffeln?|сезони?|сезон|серии|серия|series|sezon"
    r"|complete|all)(?!\w)"
)


def _anchor(outline: _Outline) -> int:
    """Where numbers, a date or a year end the title; the length of the name when nothing does."""
    spots = [
        outline.numbers.start if outline.numbers else None,
        outline.day.start if outline.day else None,
        outline.year[1] if outline.year else None,
    ]
    return min([len(outline.low)] + [spot for spot in spots if spot is not None and spot >= outline.first])


def _behind_titles(outline: _Outline) -> int:
    """Behind the year of a film; an episode has a title of its own behind its numbers."""
    return outline.technical if outline.numbers else min(outline.technical, _anchor(outline))


def _title_end(outline: _Outline) -> int:
    return max(outline.first, min(_anchor(outline), outline.technical))


def _described(outline: _Outline, end: int) -> int:
    """Where words begin to describe: behind the title, and behind an episode's numbers."""
    if outline.numbers:
        return max(end, outline.numbers.end)
    return end


def _technical(outline: _Outline, origin_at: int | None, lines: tuple[int, int] | None) -> int:
    spots = [outline.technical, origin_at, lines[1] if lines else None]
    if outline.year and not outline.numbers:
        spots.append(outline.year[1])
    return min(spot for spot in spots if spot is not None)


def _titles(text: str, outline: _Outline, end: int) -> tuple[str, ...]:
    body, first, numbers = outline.body, outline.first, outline.numbers
    if first and body[first:].lstrip(" .").startswith(("[", "★")):
        until = numbers.start if numbers else end
        inner = title.of_brackets(text[first : max(until, first)]) if "]" in body[first:until] else None
        if inner and (not numbers or body[numbers.start] in "[第"):
            return (inner,)
        first = body.index("]", first) + 1 if "]" in body[first:end] else first
    raw = body[first:end]
    if numbers:
        raw = _PACK_WORDS.sub("", raw)
    elif end == outline.technical:
        raw = language.without(raw)
    if outline.day and outline.day.start == 0:
        raw = body[outline.day.end : anchors.strong(outline.low, outline.day.end)]
    elif numbers and (other := _SECOND_NAME.match(body, numbers.end)):
        raw += " / " + other.group("name")
    return tuple(name for name in title.titles(_LEADING_DAY.sub("", raw)) if name)


# `Название (S2E1) / Title (S2E1)`: the second name stands behind the numbers of the first.
_SECOND_NAME = re.compile(r"[^/(\[]{0,12}\)\s*/\s*(?P<name>[^/(|\[]{2,})")
_PACK_WORDS = re.compile(
    r"(?:[\s._:-]+the)?(?:[\s._:-]+(?:(?:complete|full|all)(?:[\s._]series)?|seasons?|saison|temporadas?"
    r"|tem|ep))+[\s._:-]*$"
    r"|[\s._]*[:-][\s._]*the[\s._]*$",
    re.IGNORECASE,
)
_LEADING_DAY = re.compile(r"^\d{6}[ ._](?=\D)")
