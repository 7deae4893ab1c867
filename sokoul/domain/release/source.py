"""What the picture was taken from, and how little it was changed since."""

from __future__ import annotations

import re

_A, _Z = r"(?<![a-z0-9])", r"(?![a-z0-9])"
_S = r"[ ._-]?"

# Words that can only be a source. Order decides between two at the same place.
_SURE: tuple[tuple[str, str], ...] = (
    ("cam", rf"(?:hd|hq|new|clean){_S}cam(?:{_S}rip)?|cam{_S}(?:rip|rp|hd)"
            rf"|hq{_S}s?print|s{_S}print|cam{_S}scr(?:eener)?"),
    ("telesync", rf"ts{_S}scr(?:eener)?|(?:hd|hq|new|pre){_S}ts(?:{_S}rip)?|ts{_S}rip"
                 rf"|tele{_S}syn(?:c|ch|k)h?(?:{_S}rip)?"
                 rf"|p{_S}dvd{_S}rip|pre{_S}dvd(?:{_S}rip)?|pdvd"),
    ("telecine", rf"(?:hd|hq){_S}tc(?:{_S}rip)?|tc{_S}rip|tele{_S}cine(?:{_S}rip)?"),
    ("workprint", r"work.?print"),
    ("screener", rf"pre{_S}hd(?:{_S}rip)?|(?:dvd|bd|br|hd|web|tv|vhs){_S}scr(?:eener)?|screener"),
    ("regional", rf"r[3-9]{_S}(?:line|ac3|dvd(?:rip)?)"),
    ("webdl", rf"(?:web{_S})?dl{_S}mux|web{_S}dl|web{_S}hd|(?:amazon|netflix|itunes|disney|hbomax|apple|max"
              rf"|paramount|sky|rtl|joyn|tvnow|maxdome|magenta)u?(?:hd|sd)"),
    ("webrip", rf"(?:uhd{_S})?web{_S}(?:dl{_S}?)?(?:rip|cap)|dl{_S}rip|web{_S}mux"),
    ("hddvd", rf"hd{_S}dvd(?:{_S}rip)?"),
    ("bluray", rf"(?:m|uhd)?{_S}blu?e?{_S}ray(?:{_S}(?:rip|remux|mux))?|(?:uhd)?{_S}bd{_S}(?:rip|mux|light"
               rf"|remux|iso|r|25|50|66|100|full|rm)|(?:uhd|u){_S}bd|br{_S}(?:rip|disk)|uhd2bd"
               rf"|uhd{_S}(?:remux|rip)|(?:bd|blu{_S}ray)\d{{3,4}}p|bdmv|3d{_S}bd"),
    ("tv", rf"[au]?hd{_S}tv(?:{_S}(?:rip|mux)|[xh]26[45])?|pdtv|sdtv|dsr(?:ip)?|ds{_S}rip|tv{_S}rip"
           rf"|dvb(?:{_S}rip)?"
           rf"|dtv(?:rip)?|sat{_S}rip|dth{_S}rip|raw{_S}hd|tv{_S}hd"),
    ("hdrip", rf"hd{_S}rip|micro{_S}hd"),
    ("dvd", rf"(?:\d{_S}?x{_S})?m?dvd{_S}(?:rip|r[59]?|mux|[59]|full)|(?:\dx|r\d)dvd|dvd{_S}rip|(?:pal"
            rf"|ntsc){_S}dvd\w?"),
    ("ppv", rf"ppv{_S}rip"),
    ("vod", rf"vod{_S}rip"),
    ("vhs", rf"vhs{_S}rip"),
)  # fmt: skip
# Words that are as often part of a title: they count only behind it.
_DOUBTFUL: tuple[tuple[str, str], ...] = (
    ("cam", "cam"),
    ("telesync", "ts"),
    ("telecine", "tc"),
    ("workprint", "wp"),
    ("screener", "scr"),
    ("regional", "r[56]"),
    ("webdl", "web"),
    ("bluray", "bd"),
    ("tv", "tv"),
    ("dvd", "dvd"),
    ("ppv", "ppv"),
    ("vod", "vod"),
    ("vhs", "vhs"),
)
_sure = re.compile(_A + "(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _SURE) + ")" + _Z)
_doubtful = re.compile(_A + "(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _DOUBTFUL) + ")" + _Z)
FILMED = frozenset({"cam", "telesync", "telecine", "workprint", "screener", "regional"})

_REMUX = re.compile(r"(?:(?<![a-z0-9])|bd|uhd|hybrid-?)remux(?![a-z])")
_RAW_WORDS = re.compile(
    rf"{_A}(?:bd{_S}(?:iso|25|50|66|100|full)|(?:full|complete){_S}(?:uhd{_S})?blu{_S}ray"
    rf"|blu{_S}ray{_S}(?:iso|disk)|untouched|bdmv)"
)
_RAW_CODEC = re.compile(rf"{_A}(?:avc|vc{_S}1|mpeg{_S}2){_Z}")
_ENCODED = re.compile(r"x26[45]|h[ .]?26[45]|xvid|divx|rip|10.?bit|aac|remux|\[bd|mkv|mp4|flac")
_MPEG2 = re.compile(rf"{_A}mpeg{_S}2{_Z}")
_RAW_DVD = re.compile(rf"m?dvd{_S}r[59]?{_Z}|dvd{_S}[59]{_Z}|full{_S}dvd")


def is_source(word: str) -> bool:
    """Whether a word in lower case is a source and nothing else."""
    return _sure.fullmatch(word) is not None or _doubtful.fullmatch(word) is not None


def sure(low: str) -> list[tuple[str, int]]:
    """Every unmistakable source word with its position."""
    return [(found.lastgroup or "", found.start()) for found in _sure.finditer(low)]


def find(
    low: str, behind: int, described: int, known: list[tuple[str, int]]
) -> tuple[str | None, int | None]:
    """Source and the position of the first word of it; `behind` is where all titles surely have ended,
    `described` where the first describing word stands.

    A copy filmed in a cinema wins over every other claim; otherwise the last word does.
    """
    words = [word for word in known if word[1] > 0]  # the word that opens a name is its title
    words += [
        (found.lastgroup or "", found.start())
        for found in _doubtful.finditer(low)
        if found.start() >= behind or found.end() + 1 == described or _bracketed(low, found)
    ]
    if not words:
        return ("bluray", None) if _REMUX.search(low) else (None, None)
    words.sort(key=lambda word: word[1])
    filmed = [kind for kind, _ in words if kind in FILMED]
    strong = [kind for kind, place in known if place > 0 and kind not in FILMED]
    others = strong or [kind for kind, _ in words]
    return (filmed[0] if filmed else others[-1]), words[0][1]


def modifier(low: str, source: str | None, container: str | None) -> str | None:
    """remux, brdisk, rawhd or dvdr: picture data straight from the disc or the air."""
    if _REMUX.search(low):
        return "remux" if source in (None, "bluray", "hddvd", "dvd") else None
    if source in ("bluray", "hddvd") and (
        container in ("iso", "img")
        or re.search(r"\biso\b", low)
        or _RAW_WORDS.search(low)
        or _is_raw_stream(low)
    ):
        return "brdisk"
    if source == "tv" and (_MPEG2.search(low) or re.search(r"raw[ ._-]?hd", low)):
        return "rawhd"
    if source == "dvd" and _RAW_DVD.search(low) and "rip" not in low:
        return "dvdr"
    return None


def _is_raw_stream(low: str) -> bool:
    return "blu" in low and _RAW_CODEC.search(low) is not None and _ENCODED.search(low) is None


def _bracketed(low: str, found: re.Match[str]) -> bool:
    return low[found.start() - 1 : found.start()] in ("[", "(") and low[found.end() : found.end() + 1] in (
        "]",
        ")",
        " ",
        "-",
        ".",
        "_",
    )
