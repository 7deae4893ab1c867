"""Who released it: behind the last hyphen, in the first brackets of an anime name, or in the last ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sokoul.domain.release import anchors, edition
from sokoul.domain.release.group_words import HALVES, LABELS, MARKS, NOTES, PARTED, all_languages, never
from sokoul.domain.release.language_words import NAMES

_TAIL = re.compile(
    rf"(?:-(?:{MARKS})|[-_. +]+(?:{NOTES})|[-_. ](?P<word>[^\W\d_]{{4,}})|\s?\(\d\)"
    rf"|-?=\{{\w+\}}=-?|\s*\(s:\d+/l:\d+\))$"
)
_ENDS_WITH_GROUP = re.compile(
    r"-\s?(?P<group>\w[^\s.\-\[\]()]*(?: [^\W\d_]+)*|e\.n\.d)(?:\s?\[[^\]]*\])?[\s._+-]*$"
)
_PARENTHESIS = re.compile(r"\s*\((?:[^()]*(?:sub|dub|audio)[^()]*|[^()]*, [^()]*)\)$")
_HYPHEN = re.compile(
    rf"-[\s.]?(?P<group>(?:(?<!DTS-)(?<!DVD-)[A-Za-z]-)?[A-Za-z0-9][A-Za-z0-9@&$!'+]*"
    rf"(?:(?<=[A-Za-z])-(?i:{HALVES})|[ ._](?i:crew|team))?|\[[A-Za-z0-9.]{{2,20}}\]"
    r"|[^\W\d_]\w*)(?P<after>\s?\[[^\]]{1,25}\])*[\s.\])'}]*$"
)
_PARTED = re.compile(rf"[-. ]\s?(?P<group>{PARTED})$")
_BY = re.compile(r"[ ._(\[]by[ ._](?P<group>[A-Za-z0-9@]{2,20})[\])]?$", re.IGNORECASE)
_LEADING = re.compile(r"^\[(?P<group>[^\[\]]{1,60})\]")
_CLOSED = re.compile(r"[\[(](?P<inside>[^\[\]()]*)[\])]*\.?\s*(?P<rest>[A-Za-z0-9]{2,15})?\s*$")
_LAST_WORD = re.compile(r"(?:^|[\s._-])(?P<group>-?[A-Za-z][A-Za-z0-9.]*-?)\s*$")
_TECHNICAL = re.compile(
    r"(?<![a-z0-9])(?:\d{3,4}[pi]|x26[45]|h[ .]?26[456]|hevc|avc|aac|ac3|e?ac-?3|ddp?\d?|dts|flac|opus"
    r"|blu-?ray(?:\d{3,4}p)?|web(?:-?dl|-?rip)?"
    r"|bd\d{3,4}p|bd(?:rip|remux)?|hdtv|(?:sat|tv|dvb|dvd|hd|vhs)-?rip|10-?bits?|hdr|5[ .]1|7[ .]1|2[ .]0"
    r"|dvd|mkv|mp4|hi10p?|dual.audio"
    r"|remux|bit|multi)(?![a-z0-9])"
)
_TIGHT_DOT = re.compile(
    r"(?:264|265|hevc|avc|\d[ .]\d|bit|aac|flac|atmos|ac3|dts|x26[45])\.(?P<group>[A-Z][A-Za-z]{2,11})$",
    re.IGNORECASE,
)
# `x264-One-Two`, `XviD.One-Two`: both parts are the group's.
_TWO_PARTS = re.compile(
    r"(?i)(?:(?:[xh][ .]?26[45]|xvid|divx|hevc|avc|aac|flac|\d[ .]\d)-(?P<tight>[a-z][a-z0-9]{1,14})"
    r"|(?:[xh][ .]?26[45]|xvid|divx)[._ ](?P<loose>[a-z]{3,14}))$"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A group, where the rest of the name begins and ends without it, and where the group itself ends."""

    name: str | None
    start: int
    end: int
    after: int


def find(text: str) -> Found:
    """The group of a name, and the span of the name that remains to be read."""
    end = _without_tail(text)
    lead = _LEADING.match(text)
    start = lead.end() if lead and _may_lead(text, lead) else 0
    if found := _after_hyphen(text[:end]):
        name, place = found
        if not start or (" " not in name and not _CLOSED.search(text[:end])):
            return Found(name, start, place, end)
    if start and lead:
        return Found(_lead_name(lead.group("group")), start, end, end)
    if found := _in_last_brackets(text[:end]) or _unmarked(text[:end]):
        return Found(found[0], 0, found[1], end)
    return Found(None, 0, end, end)


def _unmarked(text: str) -> tuple[str, int] | None:
    """`H.264.KCRT` and `x264 by Someone`."""
    if (tight := _TIGHT_DOT.search(text)) and not never(tight.group("group")):
        return tight.group("group"), tight.start("group")
    by = _BY.search(text)
    if by and _TECHNICAL.search(text[: by.start()].lower()):
        return by.group("group"), by.start()
    return None


def _without_tail(text: str) -> int:
    low, end = text.lower(), len(text)
    if len(low) != end:
        return end
    while (tail := _TAIL.search(low, 0, end)) and tail.start() > 8:
        if tail.group("word") and tail.group("word") not in NAMES:
            break
        end = tail.start()
    signed = _ENDS_WITH_GROUP.search(low, 0, end)
    if not signed or never(signed.group("group")):
        end = len(text)
    note = _PARENTHESIS.search(text[:end])
    return note.start() if note and "-" in text[max(0, note.start() - 20) : note.start()] else end


def _may_lead(text: str, lead: re.Match[str]) -> bool:
    inside = lead.group("group").strip()
    technical = _TECHNICAL.search(inside.lower())
    return (
        not technical
        and not inside.isdigit()
        and bool(text[lead.end() :].strip())
        and inside.lower() != "dolby vision"
    )


def _lead_name(inside: str) -> str:
    """The Latin name when one opens and Chinese follows: `OPFans楓雪動漫`."""
    latin = re.match(r"[A-Za-z][A-Za-z0-9]{3,}(?=(?!.*字幕)[\u4e00-\u9fff]{2,}$)", inside)
    return latin.group() if latin else inside.strip()


def _after_hyphen(text: str) -> tuple[str, int] | None:
    if parted := _PARTED.search(text):
        return parted.group("group"), parted.start()
    found = _HYPHEN.search(text)
    if found is None or found.start() == 0:
        return None
    name, place = found.group("group").strip("[]"), found.start()
    if any(map(never, name.split("_"))) or (name.isdigit() and len(name) < 5) or not _signs(text, place):
        return None
    two = _TWO_PARTS.search(text[:place])
    if two and not never(one := two.group("tight") or two.group("loose")):
        name, place = f"{one}-{name}", two.start()
    label = found.group("after") and found.group("after").strip(" []")
    return (label if label in LABELS else name), place


def _signs(text: str, place: int) -> bool:
    """Whether a hyphen parts a group from the name: not `X-Men`, `Half-Moon` or `Title - Part`."""
    before = text[:place]
    if anchors.strong(before.lower(), 0) < place:
        return True
    if " " in text[max(0, place - 1) : place + 2]:
        return False
    parted = re.search(r"[\s._\])]", before) is not None
    return parted and (" " not in before or before[-1:] in "0123456789])")


def _in_last_brackets(text: str) -> tuple[str, int] | None:
    """`(… 5.1 Tigole) [QxR]` is QxR's, `(… 5.1 Tigole)` is Tigole's, and so is `[Group]` at the end."""
    found = _CLOSED.search(text)
    if found is None or found.start() == 0:
        return None
    inside, behind = found.group("inside").strip(), found.group("rest")
    if behind:
        return (
            (behind, found.start("rest")) if _TECHNICAL.search(inside.lower()) and _proper(behind) else None
        )
    if _TECHNICAL.search(inside.lower()):
        last = _LAST_WORD.search(inside)
        if last and _proper(last.group("group")) and " " in inside:
            return last.group("group").lstrip("-"), found.start("inside") + last.start()
        return _before_brackets(text)
    if re.fullmatch(
        r"-?[A-Za-z0-9][\w.&$-]{1,24}(?: x [\w.-]+| (?i:fansubs?|subs|raws|team))?", inside
    ) and _proper(inside):
        return inside, found.start()
    return None


def _before_brackets(text: str) -> tuple[str, int] | None:
    """`Film 1999 [DHD] [Blu-ray][MKV]`: the bracket that opens the technical ones."""
    for bracket in re.finditer(r"\[([^\[\]]{2,25})\]", text):
        inside = bracket.group(1)
        if not _TECHNICAL.search(inside.lower()) and _proper(inside) and " " not in inside:
            return inside, len(text)
    return None


def _proper(name: str) -> bool:
    """Whether a word in brackets can be a group's name."""
    low = name.lower()
    if _TECHNICAL.fullmatch(low) or re.fullmatch(r"[0-9a-f]{8}|[\d .~-]+|s\d+|v\d", low):
        return False
    parts = re.split(r"[-/+& ]", name)
    if all(map(never, parts)) or all_languages(parts):
        return False
    return not never(name) and not edition.is_edition(low)
