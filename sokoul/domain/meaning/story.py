"""What a work is about, as far as catalogues told."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sokoul.domain.meaning import genres, short, tokens
from sokoul.domain.media import MediaType

LONGEST_TEXT: Final = 2000  # characters of what is turned into a vector


@dataclass(frozen=True, slots=True)
class Story:
    """A film or series; `listed` when it stands in the library's lists, `owned` when there is a file of it.

    `english` is its description in English where `overview` is in another language.
    """

    id: uuid.UUID
    media_type: MediaType
    title: str
    listed: bool = False
    owned: bool = False
    original_title: str | None = None
    year: int | None = None
    tmdb_id: int | None = None
    overview: str | None = None
    english: str | None = None
    genres: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    rating: float | None = None
    popularity: float = 0.0
    runtime_minutes: int | None = None
    original_language: str | None = None
    poster_url: str | None = None
    backdrop_url: str | None = None

    @property
    def genre_codes(self) -> frozenset[str]:
        """Its genres under the codes that all catalogues share."""
        return frozenset(code for label in self.genres for code in genres.codes(label))

    def texts(self) -> tuple[str, ...]:
        """What is turned into its vector, the mean of theirs: the description alone, and all that is known.

        Either alone misses what the other finds: a telling title, or a description that the title drowns.
        English where that is known, for the model knows English best.
        """
        about = self.english or self.overview or ""
        named = ", ".join(genres.NAMES[code][0] for code in sorted(self.genre_codes))
        parts = (f"{self.title}.", about, f"{named}." if named else "", ", ".join(self.keywords[:12]))
        whole = " ".join(part for part in parts if part)
        return tuple(text[:LONGEST_TEXT] for text in (about, whole) if text)

    def sentences(self) -> list[str]:
        """The sentences of its description, in the household's language where there are any."""
        return short.sentences(self.overview or self.english or "")

    def text_in(self, language: str) -> str:
        """Its description in this language (ISO 639-1), or else in another; empty where there is none."""
        told = [text for text in (self.overview, self.english) if text and text.strip()]
        if language == "en":
            told.reverse()
        return next((text for text in told if short.speaks(text, language)), told[0] if told else "")

    def vocabulary(self) -> dict[str, str]:
        """Every telling word of it, by stem."""
        found: dict[str, str] = {}
        for text in self._texts():
            for stem, word in tokens.stems(text).items():
                found.setdefault(stem, word)
        return found

    def _texts(self) -> Iterator[str]:
        yield from (self.title, self.original_title or "", self.overview or "", self.english or "")
        yield from self.keywords
