"""What the name of a subtitle file says behind the name of its film: language, forced, hard of hearing."""

from __future__ import annotations

import re

from sokoul.domain.release.language_words import SUFFIXES

CONTAINERS = frozenset({"srt", "sub", "idx", "ass", "ssa", "vtt", "sup", "smi"})
FORCED = frozenset({"forced", "forces", "foreign"})
HEARING = frozenset({"sdh", "cc", "psdh", "hearing", "impaired"})
_MARKS = FORCED | HEARING | {"default", "full", "subs", "sub", "subtitles", "traditional", "simplified"}
_MOST_UNKNOWN, _SHORT_NAME, _LONGEST = 2, 3, 255
_REGIONAL = re.compile(r"\.(?P<code>[a-z]{2,3})-[^.]+$")  # pt-BR, zh-Hans, ru-A Title


def words(text: str) -> list[str]:
    """The words of a name, in lower case."""
    return [word for word in re.split(r"[\W_]+", text.casefold()) if word]


def of_file(path: str) -> str | None:
    """The language of a subtitle file, from its own name and not from its folder's."""
    leaf = re.split(r"[\\/]", path.strip()[-_LONGEST:])[-1]
    return language(leaf.rpartition(".")[0])


def language(stem: str) -> str | None:
    """The language a file's stem ends with: `Film.en`, `Film.pt-BR`, `Film.fra.default.A Title.forced`.

    A word of the title is none: nothing but marks stands behind a language, or it stands beside a mark.
    """
    if regional := _REGIONAL.search(stem.casefold()):
        return SUFFIXES.get(regional.group("code"))
    found = words(stem)
    unknown = 0
    for place in range(len(found) - 1, -1 if len(found) <= _SHORT_NAME else 0, -1):
        word = found[place]
        if word in SUFFIXES and (unknown == 0 or _beside_mark(found, place)):
            if not (word == "hi" and place and found[place - 1] in SUFFIXES):  # for the hard of hearing
                return SUFFIXES[word]
        elif word not in _MARKS and not (word.isdigit() and len(word) < 3):
            unknown += 1
        if unknown > _MOST_UNKNOWN:
            break
    return None


def _beside_mark(found: list[str], place: int) -> bool:
    return not _MARKS.isdisjoint(found[max(0, place - 1) : place + 2])
