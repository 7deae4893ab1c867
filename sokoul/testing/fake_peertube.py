"""A PeerTube with a channel of open films on loopback: `python -m sokoul.testing.fake_peertube`.

After its REST API: the videos of a channel, and one video with its files.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from aiohttp import web

from sokoul.testing.open_films import FILMS, OpenFilm, matching
from sokoul.testing.serving import FakeServer, document, run_by_hand

CHANNEL: Final = "blender_open_movies"
_LICENCES: Final = {1: "Attribution", 2: "Attribution - Share Alike", 7: "Public Domain Dedication"}
_NOT_FOUND: Final = {"status": 404, "title": "Not Found", "detail": "Not found", "type": "about:blank"}


class FakePeertube(FakeServer):
    """Answers like video.blender.org."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/v1/video-channels/{channel}/videos", self._channel),
            web.get("/api/v1/videos/{id}", self._video),
        ]

    def localised(self, definition: str) -> str:
        """The shipped definition, pointed here."""
        text = definition.replace("https://video.blender.org", self.url)
        return text.replace("hosts: [video.blender.org]", "hosts: [127.0.0.1]")

    async def _channel(self, request: web.Request) -> web.Response:
        if request.match_info["channel"].partition("@")[0] != CHANNEL:
            return document(_NOT_FOUND, status=404)
        found = matching(request.query.get("search", ""))
        start, count = int(request.query.get("start", "0")), int(request.query.get("count", "15"))
        data = [self._listed(film) for film in found[start : start + count]]
        return document({"total": len(found), "data": data})

    async def _video(self, request: web.Request) -> web.Response:
        wanted = request.match_info["id"]
        film = next((one for one in FILMS if str(_uuid(one)) == wanted), None)
        if film is None:
            return document(_NOT_FOUND, status=404)
        base = f"{self.url}/static"
        web_videos = [self._file(film, film.heights[0], f"{base}/web-videos", number=1)]
        fragmented = [
            self._file(film, height, f"{base}/streaming-playlists/hls", number=number)
            for number, height in enumerate(film.heights[1:], 2)
        ]
        playlist = {
            "id": 7,
            "type": 1,
            "playlistUrl": f"{base}/streaming-playlists/hls/{_uuid(film)}/master.m3u8",
            "segmentsSha256Url": f"{base}/streaming-playlists/hls/{_uuid(film)}/segments-sha256.json",
            "redundancies": [],
            "files": fragmented,
        }
        told = {"files": web_videos, "streamingPlaylists": [playlist], "trackerUrls": []}
        return document({**self._listed(film), **told})

    def _listed(self, film: OpenFilm) -> dict[str, Any]:
        number = 1 if film.free else None
        return {
            "id": FILMS.index(film) + 1,
            "uuid": str(_uuid(film)),
            "shortUUID": film.digest[:22],
            "url": f"{self.url}/videos/watch/{_uuid(film)}",
            "name": film.title,
            "category": {"id": 2, "label": "Films"},
            "licence": {"id": number, "label": _LICENCES.get(number or 0, "Unknown")},
            "language": {"id": "en", "label": "English"},
            "privacy": {"id": 1, "label": "Public"},
            "nsfw": False,
            "isLocal": True,
            "isLive": False,
            "duration": int(film.seconds),
            "publishedAt": f"{film.year}-07-01T12:00:00.000Z",
            "channel": {"name": CHANNEL, "displayName": "Official Blender Open Movies"},
        }

    def _file(self, film: OpenFilm, height: int, base: str, *, number: int) -> dict[str, Any]:
        name = f"{_uuid(film)}-{height}"
        return {
            "id": number,
            "resolution": {"id": height, "label": f"{height}p"},
            "size": film.size(height),
            "fps": 24,
            "width": height * 16 // 9,
            "height": height,
            "magnetUri": f"magnet:?xt=urn:btih:{film.digest}&dn={film.key}",
            "torrentUrl": f"{self.url}/lazy-static/torrents/{name}.torrent",
            "torrentDownloadUrl": f"{self.url}/download/torrents/{name}.torrent",
            "fileUrl": f"{base}/{name}.mp4",
            "fileDownloadUrl": f"{self.url}/download/videos/{name}.mp4",
        }


def _uuid(film: OpenFilm) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, film.title)


if __name__ == "__main__":
    run_by_hand("Fake PeerTube", lambda port: FakePeertube(port=port))
