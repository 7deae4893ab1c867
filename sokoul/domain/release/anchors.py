"""Where the description of a release begins: its first word that no title has."""

from __future__ import annotations

import re

_HARD = re.compile(
    r"(?<![a-z0-9])(?:\d{3,4}[pi](?:\d\d)?|[hx][ .]?26[456]|hevc|xvid|x-vid|divx|avc|av1|10.?bits?|hi10p?|hdr(?:10)?(?:\+|plus)?|dovi|dolby.vision"
    r"|hdtv|pdtv|dsr|sdtv|tvrip|web[ ._-]?dl|web[ ._-]?rip|webhd|web[ ._-]?mux|m?blu[ ._-]?ray|bd[ ._-]?rip|bd[ ._-]?remux|br[ ._-]?rip|bdmux|uhd|dvd[ ._-]?rip|dvd[ ._-]?scr|dvdr"
    r"|hd[ ._-]?rip|cam[ ._-]?rip|hd[ ._-]?cam|hd[ ._-]?ts|telesync|remux|repack\d?|rerip|proper|internal|ac3|e-?ac-?3|aac(?:\d[ .]\d)?|ddp?[ ._]?[257][ .][01]|dts|truehd|flac"
    r"|multi|dual[ ._-]audio|vostfr|subfrench|truefrench|\d{3,4}[x*]\d{3,4}|korsub|readnfo|dubbed|4k|fhd|ws|limited|subbed|bdrip\w*|dvd|\d+x?dvd\d?|dsnp|amzn|nf(?= web)|x265|complete"
    r"|german[ ._](?:dl|dubbed|ac3|\d{3,4}p|web|bdrip|dvdrip|ml|720p|1080p)|(?:english|french|german|italian|spanish|japanese|korean)(?=[ ._]dub)|batch|nc(?:op|ed)\d*|audio[ ._](?:latino|dual))(?![a-z0-9])"
)
_BRACKET = re.compile(
    r"(?:v\d )?\[[0-9a-f]{8}\]|[\[(](?=[^\[\]()]*(?:\d{3,4}[pi]|bd|web|dvd|hevc|x26|h26|aac|flac|batch|nc(?:op|ed)\d*|multi|dual|mkv|mp4|avc|remux|english|\d+x\d{3}))",
    re.IGNORECASE,
)


def first(low: str, start: int) -> int:
    """Position of the first describing word behind `start`, or the length of the name."""
    hard = _HARD.search(low, start)
    bracket = _BRACKET.search(low, start)
    return min([len(low)] + [found.start() for found in (hard, bracket) if found])
