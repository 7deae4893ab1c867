"""A TVmaze of the catalogue's series on loopback: `python -m sokoul.testing.fake_tvmaze`."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sokoul.testing import catalogue
from sokoul.testing.catalogue import GENRES, Title
from sokoul.testing.serving import FakeServer, document, run_by_hand
from sokoul.testing.tmdb_documents import air_date


class FakeTvmaze(FakeServer):
    """Answers like TVmaze: search, lookup, show, episodes, other names."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/search/shows", self._search),
            web.get("/singlesearch/shows", self._single),
            web.get("/lookup/shows", self._lookup),
            web.get("/shows/{id:[0-9]+}", self._show),
            web.get("/shows/{id:[0-9]+}/akas", self._akas),
            web.get("/shows/{id:[0-9]+}/episodes", self._episodes),
        ]

    async def _search(self, request: web.Request) -> web.Response:
        found = catalogue.search(request.query.get("q", ""), "tv")[:10]
        return document([{"score": round(0.9 - 0.05 * i, 3), "show": show(t)} for i, t in enumerate(found)])

    async def _single(self, request: web.Request) -> web.Response:
        found = catalogue.search(request.query.get("q", ""), "tv")
        return document(show(found[0])) if found else document(None, status=404)

    async def _lookup(self, request: web.Request) -> web.Response:
        wanted = request.query.get("imdb") or request.query.get("thetvdb")
        for title in catalogue.titles():
            if title.kind == "tv" and wanted in {title.imdb_id, str(title.tvdb_id)}:
                return document(show(title))
        return document(None, status=404)

    async def _show(self, request: web.Request) -> web.Response:
        return document(show(_title(request)))

    async def _akas(self, request: web.Request) -> web.Response:
        title = _title(request)
        names = {name for _, name in title.others} | {title.original, title.french} - {title.english}
        return document([{"name": name, "country": None} for name in sorted(names)])

    async def _episodes(self, request: web.Request) -> web.Response:
        title = _title(request)
        return document(
            [
                episode(title, season, number)
                for season, count in enumerate(title.seasons, 1)
                for number in range(1, count + 1)
            ]
        )


def show(title: Title) -> dict[str, Any]:
    """A series."""
    number = title.tvmaze_id or 0
    return {
        "id": number,
        "url": f"https://www.tvmaze.com/shows/{number}",
        "name": title.english,
        "type": "Scripted",
        "language": "English" if title.language == "en" else "Japanese" if title.language == "ja" else None,
        "genres": [GENRES[g][1] for g in title.genres],
        "status": "Ended",
        "runtime": title.minutes,
        "averageRuntime": title.minutes,
        "premiered": title.date,
        "ended": None,
        "officialSite": None,
        "schedule": {"time": "21:00", "days": ["Sunday"]},
        "rating": {"average": round(6 + title.tmdb_id % 30 / 10, 1)},
        "weight": title.tmdb_id % 100,
        "network": None,
        "webChannel": None,
        "dvdCountry": None,
        "externals": {"tvrage": None, "thetvdb": title.tvdb_id, "imdb": title.imdb_id},
        "image": None,
        "summary": f"<p><b>{title.english}</b> is a series of {title.year}.</p>",
        "updated": 1_700_000_000,
        "_links": {"self": {"href": f"https://api.tvmaze.com/shows/{number}"}},
    }


def episode(title: Title, season: int, number: int) -> dict[str, Any]:
    """An episode."""
    day = air_date(title, season, number)
    return {
        "id": (title.tvmaze_id or 0) * 10_000 + season * 100 + number,
        "url": "https://www.tvmaze.com/episodes/1",
        "name": f"Chapter {number}",
        "season": season,
        "number": number,
        "type": "regular",
        "airdate": day,
        "airtime": "21:00",
        "airstamp": f"{day}T21:00:00+00:00",
        "runtime": title.minutes,
        "rating": {"average": None},
        "image": None,
        "summary": f"<p>Episode {number}.</p>",
        "_links": {"self": {"href": "https://api.tvmaze.com/episodes/1"}},
    }


def _title(request: web.Request) -> Title:
    wanted = int(request.match_info["id"])
    for title in catalogue.titles():
        if title.kind == "tv" and title.tvmaze_id == wanted:
            return title
    raise web.HTTPNotFound


if __name__ == "__main__":
    run_by_hand("Fake TVmaze", lambda port: FakeTvmaze(port=port))
