"""What is looked for and what is kept: works, and the numbers inside a series."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MediaType(StrEnum):
    MOVIE = "movie"
    TV = "tv"
    EPISODE = "episode"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Work:
    """A film, series or episode as a metadata source names it."""

    media_type: MediaType
    title: str
    year: int | None = None
    original_title: str | None = None
    aliases: tuple[str, ...] = ()
    tmdb_id: int | None = None
    imdb_id: str | None = None
    tvdb_id: int | None = None
    tvmaze_id: int | None = None
    overview: str | None = None
    poster_url: str | None = None
    backdrop_url: str | None = None
    genres: tuple[str, ...] = ()
    rating: float | None = None
    runtime_minutes: int | None = None
    popularity: float = 0.0
    original_language: str | None = None
    season_number: int | None = None
    episode_number: int | None = None
    air_date: str | None = None
    english: str | None = None  # the overview in English, where `overview` is in another language
    people: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a release has to be: a work, and inside a series the season and episode asked for."""

    work: Work
    season: int | None = None
    episode: int | None = None
