"""Two hundred films in our own words, and what people might type to find some of them."""

from __future__ import annotations

from pathlib import Path

from sokoul.domain.media import MediaType, Work

_FOLDER = Path(__file__).parent


def _lines(name: str) -> list[str]:
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def works() -> list[Work]:
    """The films, numbered from 1."""
    made = []
    for number, line in enumerate(_lines("stories.txt"), 1):
        title, year, genres, people, overview = line.split("|")
        made.append(
            Work(
                MediaType.MOVIE,
                title,
                year=int(year),
                tmdb_id=number,
                overview=overview,
                genres=tuple(genres.split(", ")),
                people=tuple(name for name in people.split(", ") if name),
                rating=7.0 + number % 20 / 10,
                popularity=float(number % 50),
                original_language="en",
            )
        )
    return made


def queries(name: str = "queries.txt") -> list[tuple[str, str]]:
    """What is typed, and the title meant."""
    return [(asked, title) for asked, title in (line.split("|") for line in _lines(name))]
