"""What somebody asks for in their own words, taken apart; by rules or by a model, the form is the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final, Self

from sokoul.domain.meaning.french import in_english
from sokoul.domain.media import MediaType

# The years of a wish that has an end on one side only.
EARLIEST, LATEST = 1870, 2200
_SETS: Final = frozenset({"genres", "hints", "without"})


class By(StrEnum):
    """Who took it apart."""

    MODEL = "model"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class Wish:
    """`plot` is what is left to be understood by meaning, `words` its key words in English.

    `like` are titles that it should resemble, `seen_in` titles whose people should take part, `hints` genres
    that the plot is likely to be of though nobody named them; `language` is ISO 639-1.
    """

    text: str = ""
    plot: str = ""
    by: By = By.RULES
    title: str | None = None
    media_type: MediaType | None = None
    genres: frozenset[str] = frozenset()
    hints: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None
    people: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    seen_in: tuple[str, ...] = ()
    language: str | None = None
    words: tuple[str, ...] = ()

    @property
    def plots(self) -> tuple[str, ...]:
        """The plot as it was said, and in English where it was French; none where there is none."""
        return tuple(text for text in (self.plot, in_english(self.plot)) if text)

    @property
    def likely_genres(self) -> frozenset[str]:
        """Those that were named, and those that are only likely."""
        return self.genres | self.hints

    @property
    def year_from(self) -> int | None:
        """The first year, where there is one."""
        return self.years[0] if self.years and self.years[0] > EARLIEST else None

    @property
    def year_to(self) -> int | None:
        """The last year, where there is one."""
        return self.years[1] if self.years and self.years[1] < LATEST else None

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the plot was asked for."""
        return bool(self.genres or self.years or self.people or self.like or self.seen_in or self.language)

    @property
    def says_something(self) -> bool:
        """Whether a catalogue can be asked; a kind is nothing, and a title alone is no description."""
        facts = (self.people, self.seen_in, self.likely_genres, self.words, self.years, self.language)
        return any(map(bool, facts))

    @property
    def is_no_title(self) -> bool:
        """Words alone may just as well be a title, and so may one genre ("War of the Worlds")."""
        said = (self.likely_genres, self.years, self.language, self.media_type)
        several = sum(map(bool, said)) > 1 or (self.likely_genres and len(self.words) > 1)
        return bool(self.people or self.seen_in or several)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` reads them back."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: _plain(value) for name, value in told.items()}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """What `as_json` gave, also through JSON; raises KeyError for anything else."""
        known: dict[str, Any] = {field.name: told[field.name] for field in fields(cls)}
        known |= {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
        known |= {name: frozenset(known[name]) for name in _SETS}
        kind = known["media_type"]
        return cls(**{**known, "by": By(known["by"]), "media_type": MediaType(kind) if kind else None})


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value
