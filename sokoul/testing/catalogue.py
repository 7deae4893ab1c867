"""The works that the shipped fakes know: enough to search in, with the ids that the real catalogues use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from sokoul.testing.catalogue_films import FILMS
from sokoul.testing.catalogue_series import SERIES

# The films that the demo can really fetch.
OWN: Final = (89000088, 89000177)

GENRES: Final[Mapping[str, tuple[int, str]]] = {
    "act": (28, "Action"),
    "adv": (12, "Adventure"),
    "ani": (16, "Animation"),
    "com": (35, "Comedy"),
    "cri": (80, "Crime"),
    "doc": (99, "Documentary"),
    "dra": (18, "Drama"),
    "fan": (14, "Fantasy"),
    "his": (36, "History"),
    "hor": (27, "Horror"),
    "mus": (10402, "Music"),
    "rom": (10749, "Romance"),
    "sf": (878, "Science Fiction"),
    "thr": (53, "Thriller"),
    "war": (10752, "War"),
    "wes": (37, "Western"),
}

# What works not made in English are called in English.
ENGLISH: Final[Mapping[tuple[str, int], str]] = {
    ("movie", 496243): "Parasite",
    ("movie", 129): "Spirited Away",
    ("movie", 128): "Princess Mononoke",
    ("movie", 8392): "My Neighbor Totoro",
    ("movie", 4935): "Howl's Moving Castle",
    ("movie", 372058): "Your Name.",
    ("movie", 149): "Akira",
    ("movie", 346): "Seven Samurai",
    ("movie", 194): "Amélie",
    ("movie", 77338): "The Intouchables",
    ("movie", 101): "Léon: The Professional",
    ("movie", 670): "Oldboy",
    ("movie", 598): "City of God",
    ("movie", 1417): "Pan's Labyrinth",
    ("movie", 637): "Life Is Beautiful",
    ("movie", 429): "The Good, the Bad and the Ugly",
    ("movie", 335): "Once Upon a Time in the West",
    ("movie", 234): "The Cabinet of Dr. Caligari",
    ("movie", 653): "Nosferatu",
    ("movie", 775): "A Trip to the Moon",
    ("tv", 93405): "Squid Game",
    ("tv", 71446): "Money Heist",
    ("tv", 1429): "Attack on Titan",
    ("tv", 46298): "Hunter x Hunter",
    ("tv", 37854): "One Piece",
    ("tv", 30991): "Cowboy Bebop",
}

# Who plays first in a work; the others' players are made up.
STARS: Final[Mapping[tuple[str, int], tuple[tuple[int, str], ...]]] = {
    ("movie", 64690): ((30614, "Ryan Gosling"), (36662, "Carey Mulligan"), (17419, "Bryan Cranston")),
    ("movie", 369972): ((30614, "Ryan Gosling"), (1234, "Claire Foy")),
    ("movie", 335984): ((30614, "Ryan Gosling"), (3, "Harrison Ford")),
    ("movie", 78): ((3, "Harrison Ford"),),
    ("movie", 13): ((31, "Tom Hanks"),),
}
KEYWORDS: Final[Mapping[tuple[str, int], tuple[str, ...]]] = {
    ("movie", 369972): ("space", "moon", "astronaut"),
    ("movie", 157336): ("space", "time travel"),
    ("movie", 49047): ("space", "astronaut"),
    ("movie", 286217): ("space", "mars"),
    ("movie", 27205): ("dream", "heist", "subconscious"),
    ("movie", 335984): ("android", "dystopia"),
    ("tv", 71446): ("heist", "bank"),
}

OTHER_NAMES: Final[Mapping[tuple[str, int], tuple[tuple[str, str], ...]]] = {
    ("movie", 693134): (("US", "Dune 2"), ("US", "Dune: Part 2"), ("DE", "Dune: Teil Zwei")),
    ("movie", 438631): (("US", "Dune: Part One"), ("US", "Dune 2020")),
    ("movie", 10378): (("NL", "Peach"), ("US", "Big Buck Bunny: Project Peach")),
    ("movie", 45745): (("NL", "Durian"),),
    ("movie", 11): (("US", "Star Wars: Episode IV - A New Hope"),),
    ("movie", 807): (("US", "Seven"),),
    ("movie", 679): (("US", "Alien 2"),),
    ("movie", 218): (("US", "Terminator 1"),),
    ("tv", 1429): (("JP", "Shingeki no Kyojin"), ("FR", "L'Attaque des Titans")),
    ("tv", 71446): (("US", "Money Heist"),),
}


@dataclass(frozen=True, slots=True)
class Title:
    """A film or series; `seasons` counts the episodes of seasons 1, 2, 3 …"""

    kind: str
    tmdb_id: int
    year: int
    original: str
    language: str
    genres: tuple[str, ...]
    minutes: int
    imdb_id: str | None
    french: str
    english: str
    others: tuple[tuple[str, str], ...] = ()
    tvmaze_id: int | None = None
    tvdb_id: int | None = None
    seasons: tuple[int, ...] = ()

    @property
    def date(self) -> str:
        """The day it came out; made up but for the year."""
        return f"{self.year}-{self.tmdb_id % 12 + 1:02d}-{self.tmdb_id % 27 + 1:02d}"

    @property
    def popularity(self) -> float:
        """Made up: the demo's own films first; the famous ones of the list are not the most popular."""
        if self.kind == "movie" and self.tmdb_id in OWN:
            return 500.0 - OWN.index(self.tmdb_id)
        return round(10 + self.tmdb_id % 89 + (self.year - 1900) / 10, 3)

    def name(self, language: str) -> str:
        """The title in `language` (fr, else English)."""
        return self.french if language.lower().startswith("fr") else self.english

    def words(self) -> frozenset[str]:
        """Every word of every title."""
        names = (self.original, self.french, self.english, *(name for _, name in self.others))
        return frozenset(word for name in names for word in words_of(name))


@cache
def titles() -> tuple[Title, ...]:
    """All of them, films first."""
    return (*map(_film, FILMS.split("\n")[1:-1]), *map(_series, SERIES.split("\n")[1:-1]))


def find(kind: str, tmdb_id: int) -> Title | None:
    """The film (`movie`) or series (`tv`) with that id."""
    return _by_id().get((kind, tmdb_id))


def search(text: str, kind: str | None = None, year: int | None = None) -> list[Title]:
    """Titles with every word of `text` (numbers may miss); oldest first, so rarely the one that is meant."""
    asked = words_of(text)
    needed = [word for word in asked if not word.isdigit()] or asked
    found = [
        title
        for title in titles()
        if (kind is None or title.kind == kind)
        and (year is None or title.year == year)
        and needed
        and title.words().issuperset(needed)
    ]
    return sorted(found, key=lambda title: (title.year, title.tmdb_id))


def words_of(text: str) -> list[str]:
    """Lower-case words without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(char for char in plain if not unicodedata.combining(char)))


@cache
def _by_id() -> dict[tuple[str, int], Title]:
    return {(title.kind, title.tmdb_id): title for title in titles()}


def _film(line: str) -> Title:
    number, year, original, language, genres, minutes, imdb, french = line.split("|")
    key = ("movie", int(number))
    return Title(
        "movie",
        int(number),
        int(year),
        original,
        language,
        tuple(genres.split(",")),
        int(minutes),
        imdb or None,
        french or original,
        ENGLISH.get(key, original),
        OTHER_NAMES.get(key, ()),
    )


def _series(line: str) -> Title:
    number, year, original, language, genres, minutes, imdb, tvmaze, tvdb, seasons = line.split("|")
    key = ("tv", int(number))
    english = ENGLISH.get(key, original)
    return Title(
        "tv",
        int(number),
        int(year),
        original,
        language,
        tuple(genres.split(",")),
        int(minutes),
        imdb or None,
        english,
        english,
        OTHER_NAMES.get(key, ()),
        int(tvmaze),
        int(tvdb),
        tuple(int(count) for count in seasons.split(",")),
    )
