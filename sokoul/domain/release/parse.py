"""A release name turned into facts: PTT underneath, readable rules of our own over it."""

from __future__ import annotations

import re

from sokoul.domain.release import (
    anchors,
    edition,
    flags,
    garbage,
    group,
    language,
    numbering,
    ptt,
    resolution,
    source,
    streams,
    subtitle,
    title,
    version,
)
from sokoul.domain.release.model import Release
from sokoul.domain.release.outline import Outline, draw, with_second_opinion
from sokoul.domain.release.text import Text, prepare

_PACK_WORDS = re.compile(
    r"(?:[\s._:-]+the)?(?:[\s._:(\[-]+(?:(?:complete|full|all)(?:[\s._]series)?"
    r"|(?:seasons?|saison|temporadas?|stagione|staffel)(?:[\s._]?\d{1,2})?|tem|ep))+[\s._:(\[-]*$"
    r"|[\s._]*[:-][\s._]*the[\s._]*$",
    re.IGNORECASE,
)
# `Название (S2E1) / Title (S2E1)`: the second name stands behind the numbers of the first.
_SECOND_NAME = re.compile(r"[^/(\[]{0,12}\)\s*/\s*(?P<name>[^/(|\[]{2,})")
_LEADING_DAY = re.compile(r"^\d{6}[ ._](?=\D)")
_NONE = numbering.Numbers(0, 0)


def parse(name: str) -> Release:
    """Read any text; never raises. Names are cut at 255 characters before any expression runs."""
    text = prepare(name)
    if garbage.is_garbage(text.text):
        return Release(name=name, container=text.container, garbage=True)
    signed = group.find(text.text)
    body, low = (part[: signed.end].replace("_", " ") for part in (text.text, text.low))
    facts = ptt.read(body)
    outline = with_second_opinion(draw(body, low, signed.start), facts)
    return _release(name, text, signed, outline, streams.read(facts, low))


def _release(
    name: str, text: Text, signed: group.Found, outline: Outline, inside: streams.Streams
) -> Release:
    low, numbers = outline.low, outline.numbers or _NONE
    origin, origin_at = source.find(low, outline.behind_titles, outline.technical, source.sure(low))
    lines, lines_at = resolution.find(low) or (None, None)
    cut, cut_at = edition.find(outline.body, low, numbers.end or None) or (None, None)
    spots = [place for place in (origin_at, lines_at, cut_at) if place and place >= outline.first]
    end = min([outline.title_end, *spots])
    described = outline.body + " " + text.text[signed.after :]
    spot = _described(outline, origin_at, lines_at)
    languages, multi = language.find(described, max(end, numbers.end), spot)
    if text.container in subtitle.CONTAINERS and (written := subtitle.of_file(name)):
        languages = (written,)
    number = version.find(text.low, end)
    names = _titles(text.text, outline, end)
    return Release(
        name=name,
        title=names[0] if names else "",
        titles=names,
        year=outline.year[0] if outline.year else None,
        year_leads=outline.year is not None and outline.year[2],
        seasons=numbers.seasons,
        episodes=numbers.episodes,
        absolute=numbers.absolute,
        full_season=numbers.full_season,
        special=numbers.special,
        air_date=outline.day.date if outline.day else None,
        resolution=lines,
        source=origin,
        modifier=source.modifier(low, origin, text.container),
        video_codec=inside.video_codec,
        audio=inside.audio,
        hdr=inside.hdr,
        bit_depth=inside.bit_depth,
        languages=languages,
        multi=multi,
        group=signed.name,
        version=number,
        proper=number > 1,
        edition=cut,
        cam=origin in source.FILMED,
        hardcoded_subs=flags.hardcoded_subs(outline.body, low, end),
        three_d=flags.three_d(low, end),
        upscaled=flags.upscaled(low, end),
        container=text.container,
    )


def _described(outline: Outline, origin_at: int | None, lines_at: int | None) -> int:
    """Where the first describing word stands; behind a film's year everything describes."""
    spots = [outline.technical, origin_at, lines_at]
    if outline.year and not outline.numbers:
        spots.append(outline.year[1])
    return min(spot for spot in spots if spot is not None)


def _titles(text: str, outline: Outline, end: int) -> tuple[str, ...]:
    body, first, numbers = outline.body, outline.first, outline.numbers
    if first and body[first:].lstrip(" .").startswith(("[", "★")):
        until = numbers.start if numbers else end
        inner = title.of_brackets(text[first : max(until, first)]) if "]" in body[first:until] else None
        if inner and (not numbers or body[numbers.start : numbers.start + 1] in ("[", "第")):
            return (inner,)
        first = body.index("]", first) + 1 if "]" in body[first:end] else first
    raw = body[first:end]
    if numbers:
        raw = _PACK_WORDS.sub("", raw)
    elif end == outline.technical:
        raw = language.without(raw)
    if numbers and numbers.leads:
        raw = body[numbers.end : anchors.strong(outline.low, numbers.end)]
    elif outline.day and outline.day.start == 0:
        raw = body[outline.day.end : anchors.strong(outline.low, outline.day.end)]
    elif numbers and (other := _SECOND_NAME.match(body, numbers.end)):
        raw += " / " + other.group("name")
    return tuple(name for name in title.titles(_LEADING_DAY.sub("", raw)) if name)
