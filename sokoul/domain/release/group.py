"""Who released it: behind the last hyphen, in the first brackets of an anime name, or in the last ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sokoul.domain.release import edition

# Marks that posters and bots hang behind the group.
_TAIL = re.compile(
    r"(?:[-_. ]+(?:obfuscat(?:ed|ion)|scrambled|sample|post ?bot|xpost|x-post|rakuv[a-z0-9]*|nzb ?geek|rp"
    r"|pre|whiterev"
    r"|buymore|asrequested|alternativetorequested|gerov|z0ids3n|chamele0n|4p|4planet|altezachen|repackpost"
    r"|1|english"
    r"|multi-?subs?|nlsubs?|dksubs?|thumbnails?)|\s*\(s:\d+/l:\d+\))+$"
)
_PARENTHESIS = re.compile(r"\s*\((?:[^()]*(?:sub|dub|audio)[^()]*|[^()]*, [^()]*)\)$")
_NEVER = re.compile(
    r"(?:dl|rip|hd|ray|sd|fhd|uhd|x?26[456]|h?26[456]|ma|hr|es|x|ac3|e?ac-?3|ddp?|aac|dts|flac|\d{3,4}[pi]"
    r"|hdtv|(?:sat|tv|dvb|dvd|hd|vhs)-?rip|web"
    r"|s?\d{1,4}(?:e\d+)?|ep?\d+|part ?\d+|bit|10bits?|8bits?|sub(?:s|bed)?|audio|dual|multi|avc|hevc"
    r"|cap[. ]?\d+|pdtv|sdtv|dsr|tvrip|xvid|divx|vost\w*|ita|eng|ger|deu|fra|fre|esp|spa|rus|ukr|jap|jpn"
    r"|kor|por|pol|cze|cht|chs|big5|mkv|mp4|avi|pl|fr|en|it|de|es|ru|nl|cz|mux|raw|disc|end|bluray"
    r"|season|episode|complete|edition|cut|remux|dub(?:bed)?|hdr|sdr|dv)"
)
_HYPHEN = re.compile(
    r"-\s?(?P<group>(?:(?<!DTS-)(?<!DVD-)[A-Za-z]-)?[A-Za-z0-9][A-Za-z0-9@&$!'+]*(?:(?<=[A-Za-z])-(?:raws"
    r"|HS|PROD|BB|TV|bits"
    r"|subs|fansub|ToonsHub))?"
    r"|\[[A-Za-z0-9.]{2,20}\]|E\.N\.D|BEN[ ._]THE[ ._]MEN"
    r"|[^\W\d_]\w*)(?P<after>\s?\[[^\]]{1,25}\])*[\s.\])'}]*$"
)
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
_LANGUAGE = re.compile(
    r"(?i:english|german|french|italian|spanish|korean|japanese|hindi|latino|castellano|subs?|batch|serie"
    r"|tv|end)"
)
_TIGHT_DOT = re.compile(
    r"(?:264|265|hevc|avc|\d[ .]\d|bit|aac|flac|atmos|ac3|dts|x26[45])\.(?P<group>[A-Z][A-Za-z]{2,11})$",
    re.IGNORECASE,
)


# Labels that sign for their encoders: `-Qman[UTR]`.
_LABELS = frozenset({"TAoE", "QxR", "UTR", "SEV"})


# `x264-One-Two`: both parts are the group's.
_TWO_PARTS = re.compile(
    r"(?i)(?:[xh][ .]?26[45]|xvid|divx|hevc|avc|aac|flac|\d[ .]\d)-(?P<one>[a-z][a-z0-9]{1,14})$"
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
    if found := _in_last_brackets(text[:end]):
        return Found(found[0], 0, found[1], end)
    if tight := _TIGHT_DOT.search(text[:end]):
        name = tight.group("group")
        if not _NEVER.fullmatch(name.lower()) and not _LANGUAGE.fullmatch(name):
            return Found(name, 0, tight.start("group"), end)
    return Found(None, 0, end, end)


def _without_tail(text: str) -> int:
    tail = _TAIL.search(text.lower()) if len(text.lower()) == len(text) else None
    end = tail.start() if tail and tail.start() > 8 else len(text)
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
    found = _HYPHEN.search(text)
    if found is None or found.start() == 0:
        return None
    name = found.group("group").strip("[]")
    if _NEVER.fullmatch(name.lower()) or (name.isdigit() and len(name) < 5):
        return None
    place = found.start()
    if (two := _TWO_PARTS.search(text[:place])) and not _NEVER.fullmatch(two.group("one").lower()):
        name, place = f"{two.group('one')}-{name}", two.start()
    label = found.group("after") and found.group("after").strip(" []")
    if label in _LABELS:
        name = label
    spaced = (
        text[found.start() - 1 : found.start()] == " " or text[found.start() + 1 : found.start() + 2] == " "
    )
    if spaced and not _TECHNICAL.search(text[: found.start()].lower()):
        return None
    if not spaced and not re.search(r"[\s._\])]", text[: found.start()]):
        return None
    return name, place


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
        return _before_brackets(text, found.start())
    if re.fullmatch(r"-?[A-Za-z0-9][\w.&$-]{1,24}(?: x [\w.-]+)?", inside) and _proper(inside):
        return inside, found.start()
    return None


def _before_brackets(text: str, start: int) -> tuple[str, int] | None:
    """`Film 1999 [DHD] [Blu-ray][MKV]`: the bracket that opens the technical ones."""
    del start
    for bracket in re.finditer(r"\[([^\[\]]{2,25})\]", text):
        inside = bracket.group(1)
        if not _TECHNICAL.search(inside.lower()) and _proper(inside) and " " not in inside:
            return inside, bracket.start()
    return None


def _proper(name: str) -> bool:
    """Whether a word in brackets can be a group's name."""
    low = name.lower()
    if (
        _LANGUAGE.fullmatch(name)
        or _TECHNICAL.fullmatch(low)
        or re.fullmatch(r"[0-9a-f]{8}|[\d .~-]+|s\d+|v\d", low)
    ):
        return False
    return not _NEVER.fullmatch(low) and not edition.is_edition(low)
