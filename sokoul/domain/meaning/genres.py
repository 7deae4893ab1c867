"""Genres under one code each, however a catalogue or a person calls them, in English or French."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from sokoul.domain.meaning.tokens import fold

# Code, English name, French name, and further words a person may use; folded when they are compared.
_LISTED: Final = """
action|action|action|action-packed,actioner
adventure|adventure|aventure|adventures,aventures,swashbuckler
animation|animation|animation|animated,anime,cartoon,dessin anime,film d'animation
comedy|comedy|comédie|comedies,comedies,comique,funny,drole,hilarious,sitcom,rom-com,romcom
crime|crime|crime|gangster,gangsters,mafia,policier,polar,mob
documentary|documentary|documentaire|documentaries,documentaires,docu,docuseries
drama|drama|drame|dramas,drames,dramatique,tearjerker
family|family|familial|for kids,for children,pour enfants,kids,familiale,famille
fantasy|fantasy|fantastique|fantastic,fantasie
history|history|histoire|histoires,historical,historique,period drama,biopic,costume drama
horror|horror|horreur|scary,slasher,epouvante,terrifying,creepy,qui fait peur,ghost story
music|music|musique|musical,musicals,musicale,comedie musicale
mystery|mystery|mystère|whodunit,whodunnit,detective story,enquete
romance|romance|romance|romantic,romantique,love story,rom-com,romcom,histoire d'amour
science_fiction|science fiction|science-fiction|sci-fi,scifi,sf,sci fi
thriller|thriller|thriller|suspense,spy,espionnage,suspenseful,thrillers
war|war|guerre|wartime,ww2,wwii,world war,guerre mondiale
western|western|western|westerns,cowboy,cowboys
"""

NAMES: Final[dict[str, tuple[str, str]]] = {}
_WORDS: Final[dict[str, set[str]]] = {}
for _line in _LISTED.strip().splitlines():
    _code, _english, _french, _more = _line.split("|")
    NAMES[_code] = (_english, _french)
    for _word in (_code.replace("_", " "), _english, _french, *_more.split(",")):
        _WORDS.setdefault(fold(_word), set()).add(_code)

# The genres by their English names.
ENGLISH: Final = tuple(english for english, _ in NAMES.values())

# What catalogues say and people do not.
_CATALOGUE: Final[dict[str, tuple[str, ...]]] = {
    "telefilm": (),
    "tv movie": (),
    "kids": ("family",),
    "soap": ("drama",),
    "medical": ("drama",),
    "biography": ("history",),
    "espionage": ("thriller",),
    "supernatural": ("fantasy",),
    "war & politics": ("war",),
    "guerre & politique": ("war",),
    "action & adventure": ("action", "adventure"),
    "sci-fi & fantasy": ("science_fiction", "fantasy"),
    "science-fiction & fantastique": ("science_fiction", "fantasy"),
    "science fiction & fantastique": ("science_fiction", "fantasy"),
}
# Words that a plot uses as well: they name a genre only beside a word for the work itself.
_AMBIGUOUS: Final = frozenset(
    "action adventure adventures aventure aventures crime family famille history histoire histoires music "  # noqa: SIM905
    "musique mystery war guerre kids mob mafia gangster gangsters cowboy cowboys spy enquete".split()
)
_OF_A_WORK: Final = re.compile(r"(?:films?|movies?|series?|shows?)(?:\s+(?:d'|de|du|des)\s*)?\s*$")
_IS_A_WORK: Final = re.compile(r"^\s*(?:films?|movies?|series?|shows?|dramas?|comed(?:y|ies)|thrillers?)\b")

_SPOKEN: Final = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True)) + r")(?!\w)"
)


def named(codes_: Iterable[str]) -> list[str]:
    """Genres by their English names, in the order of the alphabet."""
    return sorted(NAMES[code][0] for code in codes_ if code in NAMES)


@lru_cache(maxsize=1024)
def codes(label: str) -> frozenset[str]:
    """The genres that a catalogue's label means; none where nobody here knows it."""
    folded = fold(label)
    if folded in _CATALOGUE:
        return frozenset(_CATALOGUE[folded])
    parts = (folded, *re.split(r"\s*[&/,]\s*", folded))
    return frozenset(code for part in parts for code in _WORDS.get(part, ()))


def labels(code: str) -> tuple[str, ...]:
    """Every label of catalogues that means this genre, in lower case."""
    english, french = NAMES[code]
    both = (label for label, meant in _CATALOGUE.items() if code in meant)
    return tuple(dict.fromkeys((english.lower(), french.lower(), code.replace("_", " "), *both)))


def spoken(folded: str) -> list[tuple[str, frozenset[str]]]:
    """The words of a folded text that name genres, and which."""
    return [
        (found.group(), frozenset(_WORDS[found.group()]))
        for found in _SPOKEN.finditer(folded)
        if found.group() not in _AMBIGUOUS or _is_genre(folded, found)
    ]


def _is_genre(folded: str, found: re.Match[str]) -> bool:
    before, after = folded[: found.start()], folded[found.end() :]
    return bool(_OF_A_WORK.search(before) or _IS_A_WORK.match(after)) or len(folded.split()) <= 2
