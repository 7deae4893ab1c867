"""A raw name made ready to be read: cut, unwrapped, its suffix and the sites that passed it on taken off."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 255

_CONTAINER = re.compile(
    r"\.(mkv|mk3d|mp4|m4v|avi|divx|xvid|wmv|mov|mpe?g|ts|m2ts|mts|webm|ogm|ogv|flv|vob|iso|img|3gp|asf|strm"
    r"|srt|sub|idx|ass|ssa|vtt|nfo|nzb|torrent|zip|rar|7z|exe|scr)$",
    re.IGNORECASE,
)
_NOT_CONTAINERS = frozenset({"nzb", "torrent", "xvid", "nfo"})
_SITE = (
    r"(?:www[. ])?[a-z0-9-]{2,30}(?:\.(?:co|com|net|org))?\.(?:au|uk|za|ru|eu|com|org|net|info|ca|cc|to|tv"
    r"|me|io|ro|pl|in|ws|nu|se|re|rs|li|cz|vip|pro|pics|city|ltd|site|club|win|date|top|gs|zone)"
)
_SITE_PREFIX = re.compile(
    rf"^\W{{0,2}}(?:\[\s*{_SITE}\s*\]|\(\s*{_SITE}\s*\)|【\s*{_SITE}\s*】|\{{\s*{_SITE}\s*\}}"
    rf"|{_SITE}(?=\s*[-_]{{1,3}}\s)|www[. ][\w-]+[. ]\w{{2,6}}(?=\s+-))"
    r"[\s._-]*(?=\S)",
    re.IGNORECASE,
)
_SITE_SUFFIX = re.compile(
    rf"[\s._-]*(?:\[\s*{_SITE}\s*\]|\(\s*{_SITE}\s*\)|-?\[(?:eztvx?|ettv|rartv|rarbg|glotv|vtv"
    rf"|tgx)(?:\.\w+)?\])\s*$",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x1f\x7f]")
_WIDE = str.maketrans("０１２３４５６７８９【】（）［］　", "0123456789[]()[] ")
_PATH = re.compile(r"^[A-Za-z]:\\|^/|\\|^[^\[\](]*[^\s/]/[^\s/][^/]*\.\w{2,4}$")


@dataclass(frozen=True, slots=True)
class Text:
    """A name ready to be read; `low` is `text` in lower case at the same positions."""

    text: str
    low: str
    container: str | None


def prepare(name: str) -> Text:
    """Cut at 255 characters first, because expressions take seconds on longer ones."""
    text = _INVISIBLE.sub("", name[:LONGEST]).translate(_WIDE).strip().strip("\"'“”")
    if _PATH.search(text):
        text = _of_path(text)
    text, container = _without_suffix(text)
    text = _without_sites(text)
    return Text(text, lower(text), container)


def lower(text: str) -> str:
    """Lower case of the same length: the few letters that grow stay as they are."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _without_suffix(text: str) -> tuple[str, str | None]:
    container = None
    while found := _CONTAINER.search(text):
        suffix = found.group(1).lower()
        text = text[: found.start()].rstrip()
        if suffix not in _NOT_CONTAINERS:
            container = suffix
    return text, container


def _without_sites(text: str) -> str:
    text = _SITE_PREFIX.sub("", text, count=1)
    while found := _SITE_SUFFIX.search(text):
        if found.start() == 0:
            break
        text = text[: found.start()]
    return text


def _of_path(path: str) -> str:
    """The last part of a path that says something: a scrambled leaf gives way to its folder."""
    parts = [part for part in re.split(r"[\\/]+", path) if part.strip()]
    if not parts:
        return ""
    leaf, folder = parts[-1], parts[-2] if len(parts) > 1 else ""
    named = [part for part in parts[:-1] if not _SEASON_FOLDER.fullmatch(part)]
    if named and _NUMBER_FIRST.match(leaf):
        return f"{named[-1]} - {leaf}"
    if folder and not _speaks(leaf) and _speaks(folder):
        return folder
    return leaf


_SEASON_FOLDER = re.compile(r"(?:season|saison|staffel|temporada|s)[ ._]?\d+|specials?|[a-z]:", re.IGNORECASE)
_NUMBER_FIRST = re.compile(r"s\d+[ ._x]?e\d|\d{1,2}x\d\d|ep", re.IGNORECASE)


def _speaks(part: str) -> bool:
    return (
        re.search(r"s\d+[ ._-]?e\d|\d+x\d\d|(?:19|20)\d\d|\d{3,4}p|episode", part, re.IGNORECASE) is not None
    )
