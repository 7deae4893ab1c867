"""The words around a group's name: what is hung behind it, what signs in its place, what never is one."""

from __future__ import annotations

import re

from sokoul.domain.release import source
from sokoul.domain.release.language_words import CODES, NAMES

# Marks that posters and bots hang behind the group with a hyphen.
MARKS = (
    r"obfuscat(?:ed|ion)|scrambled|sample|proof|post ?bot|x-?post|rakuv[a-z0-9]*|nzb ?geek|rp|pre|whiterev"
    r"|buymore|asrequested|alternativetorequested|gerov|z0ids3n|chamele0n|4p|4planet|altezachen|repackpost|1"
)
# What is noted behind the group about sound and subtitles.
NOTES = (
    r"(?:e|m|heb|nl|dk|swe|nor|fin|multi|soft)-?subs?|subs"
    r"|legend(?:as|ado)|dublado|dual[ ._]audio|thumbnails?"
)
# Labels that sign for their encoders: `-Qman[UTR]`.
LABELS = frozenset({"TAoE", "QxR", "UTR", "SEV"})
# Groups whose names have a dot or a space in them.
PARTED = r"E\.N\.D|BEN[ ._]THE[ ._]MEN|Koten[ _]Gars|EML[ ._]HDTeam|Fight-BB"
# The second half of names such as Erai-raws.
HALVES = r"raws|HS|PROD|BB|TV|bits|subs|fansubs?|ToonsHub|studio"

_PICTURE = (
    r"\d{3,4}[pi]|x?26[3-6]|h?26[3-6]|hevc|avc|xvid|divx|av1|hdr|hdr10|sdr|dv|10-?bits?|8-?bits?|bit|hi10p?|fhd|uhd"
    r"|hd|sd|3d|4k"
)
_SOUND = (
    r"ac3|e?ac-?3|ddp?|aac|dts|flac|opus|truehd|atmos|ma|hr|hra|es|x|audio|dual|multi|dub(?:bed)?"
    r"|(?:e|m|multi|soft)?sub(?:s|bed)?|vost\w*"
)
_SOURCE = (
    r"(?:sat|tv|dvb|dvd|hd|vhs|web|bd|br)-?rip|dl(?:rip|mux)?|rip|ray|r[59]?|web(?:-?dl)?|hdtv|pdtv|sdtv|dsr|tvrip"
    r"|bluray|cap|mux|scr(?:eener)?|cam|remux|raw|disc|iso|untouched|dvd\d?|bd"
)
_SERVICE = r"nf|amzn|dsnp|hmax|max|atvp|hulu|pcok|cr|funi|hidive|bilibili|baha|b-global"
_PARTS = r"s?\d{1,4}(?:e\d+)?|\d+x\d+|ep?\d+|part ?\d+|cap[. ]?\d+|end|season|episode|complete|batch"
_PARTS += r"|edition|cut|serie|tv"
_FIXES = r"re(?:pack|rip)\d?|proper|real|int(?:ernal)?|readnfo"
_FIXES += r"|(?:dir|nfo)fix|dxva|hybrid|uncut|read|hq|ws|ntsc|pal"
_FILES = r"mkv|mp4|avi|ts|m2ts|srt|ass"
_NEVER = re.compile("|".join((_PICTURE, _SOUND, _SOURCE, _SERVICE, _PARTS, _FIXES, _FILES)))
# Codes that stand behind a hyphen as languages; the rarer ones are names of groups as often.
_TONGUES = re.compile(
    r"pl|fr|en|it|de|es|ru|nl|cz|ita|eng|ger|deu|fra|fre|esp|spa|rus|ukr|jap|jpn|kor|por|pol|cze|lek|hun|hin"
    r"|cht|chs|big5"
)


_SHORTEST = 3  # VF, LAV, THA: groups have such names


def never(name: str) -> bool:
    """Whether a word describes the release or names a language, and so is nobody's name."""
    low = name.lower()
    return (
        source.is_source(low)
        or _NEVER.fullmatch(low) is not None
        or _TONGUES.fullmatch(low) is not None
        or (low in NAMES and len(low) > _SHORTEST)
    )


def all_languages(words: list[str]) -> bool:
    """Whether words are languages and nothing else: `Hin-Tam-Tel`."""
    return all(word.lower() in NAMES or word.lower() in CODES for word in words)
