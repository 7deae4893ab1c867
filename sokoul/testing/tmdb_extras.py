"""The fake TMDB's documents about a work: other titles, ids, people, videos, where it streams."""

from __future__ import annotations

from typing import Any, Final

from sokoul.testing import tmdb_documents as documents
from sokoul.testing.catalogue import GENRES, Title, titles

Document = dict[str, Any]
KEYWORDS: Final = {
    "act": ("chase", "rescue"), "adv": ("journey", "treasure"), "ani": ("talking animal", "friendship"),
    "com": ("misunderstanding", "wedding"), "cri": ("heist", "detective"), "doc": ("interview", "archive"),
    "dra": ("family", "loss"), "fan": ("magic", "dragon"), "his": ("based on a true story", "king"),
    "hor": ("haunted house", "monster"), "mus": ("band", "singer"), "rom": ("first love", "letter"),
    "sf": ("space travel", "future"), "thr": ("conspiracy", "kidnapping"), "war": ("soldier", "resistance"),
    "wes": ("sheriff", "desert"),
}  # fmt: skip
_KEYS: Final = {"movie": ("title", "titles"), "tv": ("name", "results")}


def alternative_titles(title: Title, *, appended: bool = False) -> Document:
    """Other titles by country."""
    listed = [{"iso_3166_1": country, "title": name, "type": ""} for country, name in title.others]
    return _with_id(title, {_KEYS[title.kind][1]: listed}, appended=appended)


def translations(title: Title, *, appended: bool = False) -> Document:
    """Titles and overviews in English and French; the title is empty where it is the original one."""
    listed = []
    for country, code, name in (("US", "en", "English"), ("FR", "fr", "Français")):
        told = title.name(code)
        data: Document = {
            "homepage": "",
            "overview": documents.overview(title, code),
            "tagline": "",
            _KEYS[title.kind][0]: "" if told == title.original else told,
        }
        data |= {"runtime": title.minutes} if title.kind == "movie" else {}
        english = "English" if code == "en" else "French"
        listed.append(
            {"iso_3166_1": country, "iso_639_1": code, "name": name, "english_name": english, "data": data}
        )
    return _with_id(title, {"translations": listed}, appended=appended)


def external_ids(title: Title, *, appended: bool = False) -> Document:
    """Ids in other catalogues."""
    told: Document = {
        "imdb_id": title.imdb_id,
        "wikidata_id": None,
        "facebook_id": "",
        "instagram_id": None,
        "twitter_id": None,
    }
    if title.kind == "tv":
        told |= {"freebase_mid": "", "freebase_id": "", "tvdb_id": title.tvdb_id or 0, "tvrage_id": 0}
        told |= {"wikidata_id": "", "instagram_id": "", "twitter_id": ""}
    return _with_id(title, told, appended=appended)


def credits_of(title: Title, *, appended: bool = False) -> Document:
    """Who plays and who made it."""
    cast = [documents.cast_member(title, number) for number in range(5)]
    return _with_id(title, {"cast": cast, "crew": [documents.crew_member(title.tmdb_id)]}, appended=appended)


def keywords(title: Title, *, appended: bool = False) -> Document:
    """Two keywords a genre, made up; films and series name the list differently, as the real one does."""
    listed = [
        {"id": 100_000 + GENRES[genre][0] * 10 + number, "name": name}
        for genre in title.genres
        for number, name in enumerate(KEYWORDS[genre])
    ]
    return _with_id(title, {"keywords" if title.kind == "movie" else "results": listed}, appended=appended)


def videos(title: Title, *, appended: bool = False) -> Document:
    """One trailer that does not exist."""
    trailer = {
        "iso_639_1": "en",
        "iso_3166_1": "US",
        "name": f"{title.english} - Trailer",
        "key": f"fake-{title.tmdb_id}",
        "site": "YouTube",
        "size": 1080,
        "type": "Trailer",
        "official": True,
        "published_at": f"{title.date}T12:00:00.000Z",
        "id": f"fakevideo{title.tmdb_id}",
    }
    return _with_id(title, {"results": [trailer]}, appended=appended)


def watch_providers(title: Title, *, appended: bool = False) -> Document:
    """One provider in two countries."""
    provider = {
        "logo_path": "/company-1-logo.png",
        "provider_id": 1,
        "provider_name": "Demonstration",
        "display_priority": 1,
    }
    land = {
        "link": f"https://www.themoviedb.org/{title.kind}/{title.tmdb_id}/watch",
        "flatrate": [provider],
        "rent": [provider],
        "buy": [provider],
    }
    return _with_id(title, {"results": {"FR": land, "US": land}}, appended=appended)


def person(person_id: int) -> Document:
    """A person in full."""
    told = documents.person(person_id)
    del told["original_name"]
    return told | {
        "also_known_as": [told["name"]],
        "biography": f"{told['name']} exists in this demonstration only.",
        "birthday": "1980-01-02",
        "deathday": None,
        "homepage": None,
        "imdb_id": f"nm{person_id:07d}",
        "place_of_birth": "Paris, France",
    }


def combined_credits(person_id: int, language: str) -> Document:
    """Every work a person plays in."""
    cast = []
    for title in titles():
        for number in range(5):
            member = documents.cast_member(title, number)
            if member["id"] == person_id:
                cast.append(_role(title, member, language))
                break
    return {"cast": cast[:60], "crew": [_job(titles()[0], language)], "id": person_id}


def _role(title: Title, member: Document, language: str) -> Document:
    told = documents.entry(title, language, with_type=True)
    told |= {"character": member["character"], "credit_id": member["credit_id"]}
    return told | ({"order": member["order"]} if title.kind == "movie" else {"episode_count": 3})


def _job(title: Title, language: str) -> Document:
    told = documents.entry(title, language, with_type=True)
    return told | {"credit_id": "fakejob", "department": "Crew", "job": "Thanks"}


def _with_id(title: Title, told: Document, *, appended: bool) -> Document:
    """The document by itself carries the id, appended to another it does not."""
    return told if appended else {"id": title.tmdb_id} | told
