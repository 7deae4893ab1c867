"""A raw name made ready to be read: cut, unwrapped, its suffix and the sites that passed it on taken off."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sokoul.domain.release import paths

LONGEST = 255

_CONTAINER = re.compile(
    r"(?:\.|(?<=[\w\]]) (?=mkv$|mp4$|avi$))"
    r"(mkv|mk3d|mp4|m4v|avi|divx|xvid|wmv|mov|mpe?g|ts|m2ts|mts|webm|ogm|ogv|flv|vob|iso|img|3gp|asf|strm"
    r"|srt|sub|idx|ass|ssa|vtt|nfo|nzb|torrent|zip|rar|7z|exe|scr)$",
    re.IGNORECASE,
)
_NOT_CONTAINERS = frozenset({"nzb", "torrent", "xvid", "nfo"})
_HOST = r"(?:www[. ])?[a-z0-9-]{2,30}(?:\.(?:co|com|net|org))?"
# Behind a name a dotted word in brackets may be its group, as YTS.MX is: fewer endings make it a site there.
_PASSING = (
    r"au|uk|za|ru|eu|com|org|net|info|ca|cc|to|tv|me|io|ro|pl|in|ws|nu|se|re|rs|li|cz|vip|pro|pics|city"
    r"|ltd|site|club|win|date|top|gs|zone"
)
_ENDINGS = (
    rf"{_PASSING}|biz|us|fr|de|es|it|nl|be|ch|at|dk|fi|br|mx|la|sx|so|ag|fm|gg|is|im|lt|lv|ua|by|kz|md|ge|gr|tr"
    r"|pt|nz|ie|ph|sh|st|xyz|online|space|store|tech|app|dev|fun|ink|live|link|lol|mobi|one|party|cafe|download"
    r"|world|today|stream|blog|bid|buzz|click|cloud|cfd|lat|men|icu|work|loan|review|trade|science|website"
)
_SITE = rf"{_HOST}\.(?:{_ENDINGS})"
_SITE_BEHIND = rf"(?:{_HOST}\.(?:{_PASSING})|www\.[\w.-]{{4,30}})"
_SITE_PREFIX = re.compile(
    rf"^\W{{0,2}}(?:\[\s*{_SITE}\s*\]|\(\s*{_SITE}\s*\)|【\s*{_SITE}\s*】|\{{\s*{_SITE}\s*\}}"
    rf"|{_SITE}(?=\s*[-_]{{1,3}}\s)|www[. ][\w-]+[. ]\w{{2,6}}(?=\s+-))"
    r"[\s._-]*(?=\S)",
    re.IGNORECASE,
)
_SITE_SUFFIX = re.compile(
    rf"[\s._-]*(?:\[\s*{_SITE_BEHIND}\s*\]|\(\s*{_SITE_BEHIND}\s*\)|(?<!-)\[(?:eztvx?|ettv|rartv|rarbg|glotv|vtv"
    rf"|tgx)(?:\.\w+)?\])\s*$",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")
_RUN = re.compile(r"([\W_]{8})[\W_]+")  # no name has a longer run of marks, and expressions crawl along one
_CROSS = re.compile(r"(?<=\d)[хХ×](?=\d)")  # the Cyrillic letter, and the sign
_WIDE = str.maketrans("０１２３４５６７８９【】（）［］　", "0123456789[]()[] ")


@dataclass(frozen=True, slots=True)
class Text:
    """A name ready to be read; `low` is `text` in lower case at the same positions."""

    text: str
    low: str
    container: str | None


def prepare(name: str) -> Text:
    """Cut at 255 characters first, because expressions take seconds on longer ones."""
    visible = _CONTROL.sub(" ", _INVISIBLE.sub("", name[:LONGEST]))
    text = _CROSS.sub("x", _RUN.sub(r"\1", visible)).translate(_WIDE).strip().strip("\"'“”")
    text, container = _without_suffix(text)
    text = _without_sites(paths.name_of(text, is_file=container is not None))
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
