"""What somebody asks for in their own words, taken apart; by rules or by a model, the form is the same."""

from __future__ import annotations

from dataclasses import dataclass

from sokoul.domain.meaning.french import in_english
from sokoul.domain.media import MediaType


@dataclass(frozen=True, slots=True)
class Wish:
    """`plot` is what is left to be understood by meaning; `years` are the first and the last one.

    `like` are titles that it should resemble, `cast_of` titles whose people should take part.
    """

    text: str
    plot: str
    media_type: MediaType | None = None
    genres: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None
    people: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    cast_of: tuple[str, ...] = ()
    language: str | None = None

    @property
    def plots(self) -> tuple[str, ...]:
        """The plot as it was said, and in English where it was French; none where there is none."""
        return tuple(text for text in (self.plot, in_english(self.plot)) if text)

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the plot was asked for."""
        return bool(self.genres or self.years or self.people or self.like or self.cast_of or self.language)
