"""An OMDb of the catalogue on loopback: `python -m sokoul.testing.fake_omdb`."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from sokoul.testing import catalogue
from sokoul.testing.catalogue import GENRES, Title
from sokoul.testing.serving import FakeServer, document, run_by_hand

_TYPES: Final = {"movie": "movie", "tv": "series"}
_LANGUAGES: Final = {"en": "English", "fr": "French", "ja": "Japanese", "ko": "Korean", "de": "German"}
_PAGE: Final = 10


class FakeOmdb(FakeServer):
    """Answers `/?s=` and `/?i=` like OMDb; `spent` plays a key whose day is used up."""

    def __init__(self, *, api_key: str = "fake-key", host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(host=host, port=port)
        self.api_key, self.spent = api_key, False

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self._answer)]

    async def _answer(self, request: web.Request) -> web.Response:
        asked = request.query
        if "apikey" not in asked:
            return _no("No API key provided.", status=401)
        if asked["apikey"] != self.api_key:
            return _no("Invalid API key!", status=401)
        if self.spent:
            return _no("Request limit reached!", status=401)
        if "i" in asked:
            title = next((t for t in catalogue.titles() if t.imdb_id == asked["i"]), None)
            return document(_whole(title)) if title else _no("Error getting data.")
        if "s" in asked:
            return _page(_found(asked["s"], asked.get("type"), asked.get("y")))
        return _no("Incorrect IMDb ID.")


def _found(text: str, kind: str | None, year: str | None) -> list[Title]:
    return [
        title
        for title in catalogue.search(text)
        if kind in {None, _TYPES[title.kind]} and year in {None, str(title.year)} and title.imdb_id
    ]


def _page(found: list[Title]) -> web.Response:
    if not found:
        return _no("Movie not found!")
    entries = [_entry(title) for title in found[:_PAGE]]
    return document({"Search": entries, "totalResults": str(len(found)), "Response": "True"})


def _entry(title: Title) -> dict[str, Any]:
    return {
        "Title": title.english,
        "Year": str(title.year) if title.kind == "movie" else f"{title.year}–",
        "imdbID": title.imdb_id,
        "Type": _TYPES[title.kind],
        "Poster": "N/A",
    }


def _whole(title: Title) -> dict[str, Any]:
    return _entry(title) | {
        "Rated": "N/A",
        "Released": title.date,
        "Runtime": f"{title.minutes} min",
        "Genre": ", ".join(GENRES[genre][1] for genre in title.genres),
        "Director": "N/A",
        "Writer": "N/A",
        "Actors": "N/A",
        "Plot": f"{title.english} came out in {title.year}.",
        "Language": f"{_LANGUAGES.get(title.language, 'Latin')}, Latin",
        "Country": "N/A",
        "Awards": "N/A",
        "Ratings": [],
        "Metascore": "N/A",
        "imdbRating": f"{6 + title.tmdb_id % 30 / 10:.1f}",
        "imdbVotes": "1,234",
        "Response": "True",
    }


def _no(words: str, *, status: int = 200) -> web.Response:
    return document({"Response": "False", "Error": words}, status=status)


if __name__ == "__main__":
    run_by_hand("Fake OMDb (key fake-key)", lambda port: FakeOmdb(port=port))
