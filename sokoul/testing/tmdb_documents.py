"""The documents of the fake TMDB: every key that the real one sends, the values made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sokoul.testing.catalogue import GENRES, STARS, Title

Document = dict[str, Any]

PEOPLE: Final = (
    "Ada Winter", "Bruno Keller", "Chiara Rossi", "Dao Nguyen", "Emil Sand", "Farah Haddad",
    "Gwen Okafor", "Hugo Marchand", "Ines Duarte", "Jun Sato",
)  # fmt: skip
_GENRE_WORDS: Final = dict(GENRES.values())


def overview(title: Title, language: str) -> str:
    """Two sentences; a fifth of the works has none in French, as it is with the real one."""
    kind = "film" if title.kind == "movie" else "series"
    words = " and ".join(GENRES[g][1].lower() for g in title.genres)
    if not language.lower().startswith("fr"):
        return f"{title.english} is a {kind} of {title.year}: {words}. This text is made up."
    if title.tmdb_id % 5 == 0:
        return ""
    sort = "un film" if title.kind == "movie" else "une série"
    return f"{title.french} : {sort} de {title.year}. Ce texte appartient à la démonstration."


def poster(title: Title) -> str:
    """The path of the poster."""
    return f"/{title.kind}-{title.tmdb_id}-poster.png"


def backdrop(title: Title) -> str:
    """The path of the wide picture."""
    return f"/{title.kind}-{title.tmdb_id}-backdrop.png"


def entry(title: Title, language: str, *, with_type: bool = False) -> Document:
    """A work in a list."""
    told: Document = {
        "adult": False,
        "backdrop_path": backdrop(title),
        "genre_ids": [GENRES[g][0] for g in title.genres],
        "id": title.tmdb_id,
        "original_language": title.language,
        "overview": overview(title, language),
        "popularity": title.popularity,
        "poster_path": poster(title),
        "vote_average": rating(title),
        "vote_count": title.tmdb_id % 9000 + 12,
    }
    if title.kind == "movie":
        told |= {"original_title": title.original, "title": title.name(language)}
        told |= {"release_date": title.date, "video": False}
    else:
        told |= {"original_name": title.original, "name": title.name(language)}
        told |= {"first_air_date": title.date, "origin_country": ["US"]}
    return told | ({"media_type": title.kind} if with_type else {})


def page(titles: Sequence[Title], number: int, language: str, *, with_type: bool = False) -> Document:
    """Twenty works of a list."""
    start = (number - 1) * 20
    return {
        "page": number,
        "results": [entry(t, language, with_type=with_type) for t in titles[start : start + 20]],
        "total_pages": max(1, -(-len(titles) // 20)),
        "total_results": len(titles),
    }


def movie(title: Title, language: str) -> Document:
    """A film in full."""
    told = entry(title, language)
    del told["genre_ids"]
    return told | {
        "belongs_to_collection": None,
        "budget": 1_000_000,
        "genres": genres(title),
        "homepage": "",
        "imdb_id": title.imdb_id or "",
        "origin_country": ["US"],
        "production_companies": [company()],
        "production_countries": [{"iso_3166_1": "US", "name": "United States of America"}],
        "revenue": 2_000_000,
        "runtime": title.minutes,
        "spoken_languages": [{"english_name": "English", "iso_639_1": "en", "name": "English"}],
        "status": "Released",
        "tagline": "",
    }


def series(title: Title, language: str) -> Document:
    """A series in full."""
    told = entry(title, language)
    del told["genre_ids"]
    last = len(title.seasons)
    return told | {
        "created_by": [
            {"id": 9001, "credit_id": "fake0", "name": PEOPLE[0], "gender": 1, "profile_path": None}
        ],
        "episode_run_time": [title.minutes],
        "genres": genres(title),
        "homepage": "",
        "in_production": False,
        "languages": [title.language],
        "last_air_date": title.date,
        "last_episode_to_air": _last_episode(title, last),
        "networks": [company()],
        "next_episode_to_air": None,
        "number_of_episodes": sum(title.seasons),
        "number_of_seasons": last,
        "production_companies": [company()],
        "production_countries": [{"iso_3166_1": "US", "name": "United States of America"}],
        "seasons": [season_entry(title, n) for n in range(1, last + 1)],
        "spoken_languages": [{"english_name": "English", "iso_639_1": "en", "name": "English"}],
        "status": "Ended",
        "tagline": "",
        "type": "Scripted",
    }


def season_entry(title: Title, number: int) -> Document:
    """A season in a series' document."""
    return {
        "air_date": air_date(title, number, 1),
        "episode_count": title.seasons[number - 1],
        "id": title.tmdb_id * 100 + number,
        "name": f"Season {number}",
        "overview": "",
        "poster_path": poster(title),
        "season_number": number,
        "vote_average": rating(title),
    }


def season(title: Title, number: int) -> Document:
    """A season with its episodes."""
    return {
        "_id": f"fake{title.tmdb_id}s{number}",
        "air_date": air_date(title, number, 1),
        "episodes": [episode(title, number, n) for n in range(1, title.seasons[number - 1] + 1)],
        "name": f"Season {number}",
        "networks": [company()],
        "overview": f"Season {number} of {title.english}.",
        "id": title.tmdb_id * 100 + number,
        "poster_path": poster(title),
        "season_number": number,
        "vote_average": rating(title),
    }


def episode(title: Title, season_number: int, number: int) -> Document:
    """An episode."""
    return {
        "air_date": air_date(title, season_number, number),
        "episode_number": number,
        "episode_type": "finale" if number == title.seasons[season_number - 1] else "standard",
        "id": title.tmdb_id * 10_000 + season_number * 100 + number,
        "name": f"Chapter {number}",
        "overview": f"Episode {number} of season {season_number}.",
        "production_code": "",
        "runtime": title.minutes,
        "season_number": season_number,
        "show_id": title.tmdb_id,
        "still_path": backdrop(title),
        "vote_average": rating(title),
        "vote_count": 10,
        "crew": [crew_member(1)],
        "guest_stars": [guest(2)],
    }


def _last_episode(title: Title, last: int) -> Document:
    told = episode(title, last, title.seasons[-1])
    return {key: value for key, value in told.items() if key not in {"crew", "guest_stars"}}


def air_date(title: Title, season_number: int, number: int) -> str:
    """A week apart, a year a season; made up."""
    day = (number - 1) * 7
    return f"{title.year + season_number - 1}-{min(12, 1 + day // 28):02d}-{day % 28 + 1:02d}"


def genres(title: Title) -> list[Document]:
    """Genres with their names."""
    return [{"id": GENRES[g][0], "name": GENRES[g][1]} for g in title.genres]


def company() -> Document:
    """The one company of this world."""
    return {"id": 1, "logo_path": "/company-1-logo.png", "name": "Demonstration", "origin_country": "US"}


def person_entry(number: int) -> Document:
    """A person in a list."""
    name = PEOPLE[number % len(PEOPLE)]
    return {
        "adult": False,
        "gender": number % 2 + 1,
        "id": 9001 + number % len(PEOPLE),
        "known_for_department": "Acting",
        "name": name,
        "original_name": name,
        "popularity": 5.5,
        "profile_path": f"/person-{9001 + number % len(PEOPLE)}-profile.png",
    }


def people() -> dict[int, str]:
    """Everybody's name by id."""
    real = {number: name for stars in STARS.values() for number, name in stars}
    return {9001 + number: name for number, name in enumerate(PEOPLE)} | real


def person(person_id: int) -> Document:
    """The person of that id in a list."""
    told = person_entry(person_id - 9001)
    name = people()[person_id]
    return told | {"id": person_id, "name": name, "original_name": name}


def cast_member(title: Title, number: int) -> Document:
    """A player in a film or series."""
    stars = STARS.get((title.kind, title.tmdb_id), ())
    told = person(stars[number][0]) if number < len(stars) else person_entry(title.tmdb_id + number)
    told |= {"character": f"Role {number + 1}", "credit_id": f"fake{title.tmdb_id}c{number}", "order": number}
    return told | ({"cast_id": number} if title.kind == "movie" else {})


def crew_member(number: int) -> Document:
    """A director."""
    told = person_entry(number)
    return told | {"credit_id": f"fakecrew{number}", "department": "Directing", "job": "Director"}


def guest(number: int) -> Document:
    """A guest in an episode."""
    return person_entry(number) | {"character": "Guest", "credit_id": f"fakeguest{number}", "order": number}


def rating(title: Title) -> float:
    """Between 6 and 9; made up."""
    return round(6 + title.tmdb_id % 300 / 100, 1)


def genre_list() -> Document:
    """All genres."""
    return {"genres": [{"id": number, "name": name} for number, name in sorted(_GENRE_WORDS.items())]}
