"""Which languages are spoken, read from the words that describe the release and never from the title."""

from __future__ import annotations

import re

from sokoul.domain.release.language_words import CODES, NAMES, SHORT

_ALWAYS_CJK = (
    (
        re.compile(
            r"[国國粤粵][语語]|中[字文]|[简簡繁][体體日中内內]|[简簡繁]\]|字幕[组組社]|双语|[简簡]繁|cht|chs|big5|\[gb\]"
        ),
        "zh",
    ),
)
_WORD = re.compile(r"[^\W\d_]+5?|\d+x?(?=Ukr|Rus|Eng|Fra)")
_SUBTITLES = re.compile(r"(?:e|m|multi|soft|hard)?subs?(?:bed|titles?)?|vost\w*|subfrench|esub")
_SUB = re.compile(r"subs?(?:titles?)?|st|legendas?|napisy")
_FILLER = re.compile(
    r"(?:dl|ml|dubbed|dubs?|audio|dual|multi|mic|line|ac3|aac|dts|md|ld|pal|ntsc|internal|proper|repack|complete|uncut|extended|hd|remastered|ws|retail|docu|doku|tv|synced|dd|eac|p|also|mvo|avo|vo|line|hq|org|clean|original|dubbing|subs?|the|cut|edition|limited|anime|series|and|en|s)"
)


def find(text: str, described_from: int, technical_from: int) -> tuple[tuple[str, ...], bool]:
    """ISO 639-1 codes in order, and whether several unnamed languages are promised.

    Words count behind the first technical word, and in the unbroken run of describing words before it.
    """
    words = [found for found in _WORD.finditer(text) if found.start() >= described_from]
    begin = _run_start(words, technical_from)
    dropped = _subtitle_runs(words)
    spoken = (_code(words, place, text) for place in range(begin, len(words)) if place not in dropped)
    languages = [code for code in spoken if code]
    low = text.lower()
    if (
        any(ord(char) > 0x2E7F for char in text)
        or "cht" in low
        or "chs" in low
        or "big5" in low
        or "[gb]" in low
    ):
        languages += [code for pattern, code in _ALWAYS_CJK if pattern.search(low)]
    described = text[described_from:].lower()
    multi = (
        re.search(r"(?<![a-z])(?:multi(?!.?sub)|dual(?:.?audio)?|german[ ._]dl|ml)(?![a-z])", described)
        is not None
    )
    return tuple(dict.fromkeys(languages)), multi


def _run_start(words: list[re.Match[str]], technical_from: int) -> int:
    """The first word of the run of languages and fillers that reaches the first technical word."""
    begin = next((i for i, word in enumerate(words) if word.start() >= technical_from), len(words))
    while begin > 0 and _describes(words[begin - 1].group()):
        begin -= 1
    return begin


def _describes(word: str) -> bool:
    low = word.lower()
    return low in NAMES or low in CODES or word in SHORT or _FILLER.fullmatch(low) is not None


def _subtitle_runs(words: list[re.Match[str]]) -> set[int]:
    """Codes that run into "Sub", or out of it, belong to subtitles: `Ger.Eng.Spa.Sub`, `sub ita eng`."""
    dropped: set[int] = set()
    for place, word in enumerate(words):
        if _SUB.fullmatch(word.group().lower()) is None:
            continue
        back = place - 1
        while back >= 0 and _is_code(words[back].group()):
            dropped.add(back)
            back -= 1
        ahead = place + 1
        while dropped.isdisjoint({place - 1}) and ahead < len(words) and _is_code(words[ahead].group()):
            dropped.add(ahead)
            ahead += 1
    return dropped


def _is_code(word: str) -> bool:
    return word.lower() in CODES or word in SHORT


def _code(words: list[re.Match[str]], place: int, text: str) -> str | None:
    found = words[place]
    word, low = found.group(), found.group().lower()
    if low in NAMES:
        of_america = low == "latin" and text[found.end() : found.end() + 8].lower() == " america"
        return None if of_america else NAMES[low]
    if low in CODES:
        return CODES[low] if word[0].isupper() or text.islower() or _among_others(words, place) else None
    if word == "ES" and text[: found.start()].endswith("DTS-"):
        return None
    if word.upper() in SHORT and word.istitle() and _among_others(words, place):
        return SHORT[word.upper()]
    return SHORT.get(word) or ("lv" if word == "lv" else None)


def _among_others(words: list[re.Match[str]], place: int) -> bool:
    """Whether the word beside it tells a language too, with one mark between: `ita eng`, `{Fr-Eng}`."""
    found = words[place]
    for other in words[max(0, place - 1) : place] + words[place + 1 : place + 2]:
        gap = max(found.start(), other.start()) - min(found.end(), other.end())
        low = other.group().lower()
        if gap == 1 and (low in NAMES or low in CODES or low.upper() in SHORT):
            return True
    return False


_LAST_WORD = re.compile(r"[\s._(\[-]+(?P<word>[^\W\d_]+)[\s._)\]-]*$")


def without(title: str) -> str:
    """A title that runs into the description, without the languages at its end; two words always stay."""
    while (found := _LAST_WORD.search(title)) and found.group("word").lower() in NAMES:
        if len(_WORD.findall(title[: found.start()])) < 2:
            break
        title = title[: found.start()]
    return title
