"""Where the description of a release begins: its first word that no title has."""

from __future__ import annotations

import re

_A, _Z = r"(?<![a-z0-9])", r"(?![a-z0-9])"
_S = "[ ._-]?"
_PICTURE = (
    r"\d{3,4}[pi](?:\d\d)?|[hx][ .]?26[456]|hevc|xvid|x-vid|divx|avc|av1|10.?bits?|hi10p?"
    r"|hdr(?:10)?(?:\+|plus)?|dovi"
)
_PICTURE += r"|dolby.vision|\d{3,4}[x*]\d{3,4}|4k|fhd|uhd"
_SOURCE = (
    rf"hdtv|pdtv|dsr|sdtv|tvrip|web{_S}dl|web{_S}rip|webhd|web{_S}mux|m?blu{_S}ray|bd{_S}rip\w*"
    rf"|bd{_S}remux|br{_S}rip|bdmux"
)
_SOURCE += rf"|dvd{_S}rip|dvd{_S}scr|\d*x?dvd[59r]?|hd{_S}rip|cam{_S}rip|hd{_S}cam|hd{_S}ts|telesync|remux"
_SOUND = r"ac3d?|e-?ac-?3d?|aac(?:\d[ .]\d)?|ddp?[ ._]?[257][ .][01]|dts|truehd|flac"
_RELEASE = (
    r"repack\d?|rerip|vostfr|subfrench|truefrench|korsub|swesub|nlsubs?|hundub|readnfo|nc(?:op"
    r"|ed)\d*|dsnp|amzn|nf(?=.web)"
)
_LANGUAGE = r"(?:english|french|german|italian|spanish|japanese|korean)"
_STRONG = re.compile(
    f"{_A}(?:{_PICTURE}|{_SOURCE}|{_SOUND}|{_RELEASE}|dual[ ._-]audio|audio[ ._](?:latino|dual)){_Z}"
)
# Words that titles have, too: they count where nothing surer ends the title.
_WEAK = re.compile(
    rf"{_A}(?:proper|internal|multi|dubbed|subbed|ws|limited|complete|batch|convert|doku|docu|pal|ntsc|vff"
    rf"|vfq|vf2"
    rf"|{_LANGUAGE}(?=[ ._](?:dl|dub|ac3|\d{{3,4}}p|web|bdrip|dvd|ml|blu|multi))){_Z}"
)
_BRACKET = re.compile(
    r"(?:v\d )?\[[0-9a-f]{8}\]|[\[(](?=[^\[\]()]*(?:\d{3,4}[pi]|bd|web|dvd|hevc|x26|h26|aac|flac|batch"
    r"|multi|dual|mkv|mp4|avc"
    r"|remux|english|\d+x\d{3}))"
)


def strong(low: str, start: int) -> int:
    """Position of the first unmistakable word behind `start`, or the length of the name."""
    found = (_STRONG.search(low, start), _BRACKET.search(low, start))
    return min([len(low)] + [match.start() for match in found if match])


def weak(low: str, start: int) -> int:
    """Position of the first word that may describe and may be a title's, or the length of the name."""
    found = _WEAK.search(low, start)
    return found.start() if found else len(low)
