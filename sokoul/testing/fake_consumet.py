"""A Consumet-compatible server on loopback: `python -m sokoul.testing.fake_consumet`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sokoul.testing.serving import FakeServer, document, run_by_hand


@dataclass(slots=True)
class FakeStream:
    """What can be watched: one source for each (quality, url), with headers and subtitles."""

    sources: list[tuple[str, str]]
    headers: dict[str, str] = field(default_factory=dict)
    subtitles: list[tuple[str, str]] = field(default_factory=list)


class FakeConsumet(FakeServer):
    """Knows `films` by TMDB id and `episodes` by (TMDB id, season, episode)."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(host=host, port=port)
        self.films: dict[int, FakeStream] = {45745: FakeStream([])}
        self.episodes: dict[tuple[int, int, int], FakeStream] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/meta/tmdb/info/{id}", self._info),
            web.get("/meta/tmdb/watch/{episode}", self._watch),
        ]

    async def _info(self, request: web.Request) -> web.Response:
        kind, tmdb_id = request.query.get("type"), int(request.match_info["id"])
        if kind is None:
            return document({"message": "The 'type' query is required"}, status=400)
        if kind == "movie" and tmdb_id in self.films:
            return document({**_about(tmdb_id, "Movie"), "episodeId": f"watch/film-{tmdb_id}"})
        seasons = sorted({season for show, season, _ in self.episodes if show == tmdb_id})
        if kind != "tv" or not seasons:
            return document({"message": "not found"}, status=404)
        told = [{"season": season, "episodes": self._episodes(tmdb_id, season)} for season in seasons]
        return document({**_about(tmdb_id, "TV Series"), "seasons": told})

    def _episodes(self, tmdb_id: int, season: int) -> list[dict[str, Any]]:
        return [
            {
                "id": f"{tmdb_id}-{season}-{number}",
                "title": f"Episode {number}",
                "episode": number,
                "season": season,
                "releaseDate": "2020-01-01",
                "description": "",
                "url": f"https://source.example/{tmdb_id}/{season}/{number}",
            }
            for show, of, number in sorted(self.episodes)
            if (show, of) == (tmdb_id, season)
        ]

    async def _watch(self, request: web.Request) -> web.Response:
        stream = self._found(request.match_info["episode"])
        if stream is None or "id" not in request.query:
            return document({"message": "not found"}, status=404)
        return document(
            {
                "headers": stream.headers,
                "sources": [
                    {"url": url, "quality": quality, "isM3U8": ".m3u8" in url}
                    for quality, url in stream.sources
                ],
                "subtitles": [{"url": url, "lang": language} for language, url in stream.subtitles],
            }
        )

    def _found(self, episode: str) -> FakeStream | None:
        if episode.startswith("watch/film-"):
            return self.films.get(int(episode.removeprefix("watch/film-")))
        show, season, number = (int(part) for part in episode.split("-"))
        return self.episodes.get((show, season, number))


def _about(tmdb_id: int, kind: str) -> dict[str, Any]:
    return {
        "id": f"tv/film-{tmdb_id}",
        "title": f"Title {tmdb_id}",
        "type": kind,
        "image": "https://source.example/poster.jpg",
        "cover": "https://source.example/cover.jpg",
        "releaseDate": "2010-09-27",
        "genres": ["Animation"],
        "rating": 7.4,
    }


if __name__ == "__main__":
    run_by_hand("Fake Consumet", lambda port: FakeConsumet(port=port))
