"""Openly licensed films, as the fakes of the collections that show them know them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class OpenFilm:
    """A film: `heights` in lines, `seconds` long; one that is not `free` must never be offered."""

    title: str
    year: int
    seconds: float
    heights: tuple[int, ...] = (1080, 720)
    free: bool = True

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return self.title.replace(" ", "_")

    @property
    def digest(self) -> str:
        """40 hexadecimal digits of its own."""
        return hashlib.sha1(self.title.encode(), usedforsecurity=False).hexdigest()

    def size(self, height: int) -> int:
        """Bytes at a plausible bit rate."""
        return int(self.seconds * height * 900)


FILMS: Final = (
    OpenFilm("Big Buck Bunny", 2008, 596.5, (2160, 1080, 720)),
    OpenFilm("Sintel", 2010, 888.0),
    OpenFilm("Tears of Steel", 2012, 734.2),
    OpenFilm("Elephants Dream", 2006, 654.0),
    OpenFilm("Big Buck Bunny Reaction", 2019, 300.0, (720,), free=False),
)


def matching(words: str) -> list[OpenFilm]:
    """Those that have every word in the title."""
    wanted = words.lower().split()
    return [film for film in FILMS if all(word in film.title.lower() for word in wanted)]
