"""A description's words as catalogues list them: key words in English, and the genres that they hint at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from sokoul.domain.meaning import french, genres, tokens
from sokoul.domain.meaning.stopwords import STOP

MOST: Final = 4
_WORD: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ELIDED: Final = re.compile(r"\b(?:l|d|qu|c|j|s|n|m|t)'")

# Words that name no genre by themselves, but make one likely.
_HINTS: Final[Mapping[str, str]] = {
    "action": "action", "adventure": "adventure", "aventure": "adventure", "aventures": "adventure",
    "crime": "crime", "gangster": "crime", "gangsters": "crime", "heist": "crime", "braquage": "crime",
    "family": "family", "famille": "family", "mystery": "mystery", "enquete": "mystery", "love": "romance",
    "amour": "romance", "space": "science_fiction", "espace": "science_fiction", "robots": "science_fiction",
    "aliens": "science_fiction", "extraterrestres": "science_fiction", "war": "war", "guerre": "war",
    "cowboys": "western",
}  # fmt: skip
# Those that also say something about the story.
_TOLD: Final = frozenset(
    {"space", "espace", "robots", "aliens", "extraterrestres", "heist", "braquage", "gangsters", "cowboys"}
)
# What the catalogue calls otherwise than a dictionary would.
_CALLED: Final[Mapping[str, str]] = {
    "aliens": "alien", "extraterrestres": "alien", "robots": "robot", "braquage": "heist", "dreams": "dream",
    "temps": "time travel", "zombies": "zombie", "sharks": "shark", "prison": "prison",
    "sous-marin": "submarine", "dinosaurs": "dinosaur", "vampires": "vampire", "wizards": "wizard",
    "sorciers": "wizard", "astronautes": "astronaut", "astronauts": "astronaut", "avion": "airplane",
    "tueur": "serial killer", "cuisine": "cooking", "boxe": "boxing", "cars": "car",
}  # fmt: skip
# What says nothing of a work, beside the words that say nothing anywhere.
_IDLE: Final = STOP | frozenset(
    "acteur actor actress actrice annees apres fille first gars girl mec parle premier remember since "  # noqa: SIM905
    "souviens star starring featuring type vieille show shows sitcom sitcoms feuilleton feuilletons "
    "cast kid lady".split()
)


def hints(folded: str) -> frozenset[str]:
    """The genres that a folded text makes likely."""
    return frozenset(_HINTS[word] for word in _words(folded) if word in _HINTS)


def words(folded: str, apart: Iterable[str] = (), *, is_french: bool = False) -> tuple[str, ...]:
    """Its first telling words in English, without those `apart` and what names a genre."""
    for named, _ in genres.spoken(folded):
        folded = folded.replace(named, " ")
    left_out = {word for text in apart for word in _words(tokens.fold(text))}
    told = [word for word in _words(folded) if word not in left_out and _tells(word)]
    return tuple(dict.fromkeys(_english(word, is_french=is_french) for word in told))[:MOST]


def _english(word: str, *, is_french: bool) -> str:
    return _CALLED.get(word) or (french.keyword(word) if is_french else None) or word


def _tells(word: str) -> bool:
    known = word in _IDLE or (word in _HINTS and word not in _TOLD)
    return not known and len(word) > 2 and not word[0].isdigit()


def _words(folded: str) -> list[str]:
    return _WORD.findall(_ELIDED.sub("", folded))
