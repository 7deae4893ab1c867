"""What somebody remembers of a work whose title they forgot."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final, Self

from sokoul.domain.media import MediaType

GENRES: Final = (
    "action",
    "adventure",
    "animation",
    "comedy",
    "crime",
    "documentary",
    "drama",
    "family",
    "fantasy",
    "history",
    "horror",
    "music",
    "mystery",
    "romance",
    "science fiction",
    "thriller",
    "war",
    "western",
)


class By(StrEnum):
    """Who understood it."""

    MODEL = "model"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class Understood:
    """A free text in its parts; `seen_in` are works whose people are meant, `language` is ISO 639-1."""

    by: By = By.RULES
    title: str | None = None
    people: tuple[str, ...] = ()
    seen_in: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    media_type: MediaType | None = None
    language: str | None = None
    words: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether it describes anything; a kind is nothing, and a title alone is no description."""
        return bool(
            self.people
            or self.seen_in
            or self.genres
            or self.words
            or self.year_from
            or self.year_to
            or self.language
        )

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` reads them back."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """What `as_json` gave, also through JSON."""
        known: dict[str, Any] = {field.name: told[field.name] for field in fields(cls)}
        known |= {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
        kind = known["media_type"]
        return cls(**{**known, "by": By(known["by"]), "media_type": MediaType(kind) if kind else None})
