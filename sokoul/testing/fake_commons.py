"""A Wikimedia Commons of open films on loopback: `python -m sokoul.testing.fake_commons`.

After MediaWiki's action API (`formatversion=2`) with the `videoinfo` of its extension TimedMediaHandler.
"""

from __future__ import annotations

import re
from typing import Any, Final

from aiohttp import web

from sokoul.testing.open_films import OpenFilm, matching
from sokoul.testing.serving import FakeServer, document, run_by_hand

_TITLE: Final = re.compile(r'intitle:"([^"]*)"')


class FakeCommons(FakeServer):
    """Answers like commons.wikimedia.org."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/w/api.php", self._api)]

    def localised(self, definition: str) -> str:
        """The shipped definition, pointed here."""
        text = definition.replace("https://commons.wikimedia.org", self.url)
        return text.replace("hosts: [commons.wikimedia.org, upload.wikimedia.org]", "hosts: [127.0.0.1]")

    async def _api(self, request: web.Request) -> web.Response:
        query = request.query
        if query.get("action") != "query" or query.get("format") != "json":
            return web.Response(text="<h2>MediaWiki API help</h2>", content_type="text/html")
        if query.get("generator") != "search" or query.get("gsrnamespace") != "6":
            return document({"batchcomplete": True})
        if "filetype:video" not in query.get("gsrsearch", ""):
            return document({"error": {"code": "params", "info": "this fake knows films alone"}})
        words = _TITLE.search(query["gsrsearch"])
        found = matching(words[1] if words else "")[: int(query.get("gsrlimit", "10"))]
        if not found:
            return document({"batchcomplete": True})
        wanted = query.get("viprop", "").split("|")
        pages = [_page(number, film, wanted) for number, film in enumerate(found, 1)]
        return document({"batchcomplete": True, "query": {"pages": pages}})


def _page(number: int, film: OpenFilm, wanted: list[str]) -> dict[str, Any]:
    name = f"{film.key}.webm"
    base = f"https://upload.wikimedia.org/wikipedia/commons/{film.digest[0]}/{film.digest[:2]}/{name}"
    top = film.heights[0]
    told: dict[str, dict[str, Any]] = {
        "timestamp": {"timestamp": f"{film.year}-05-21T22:00:00Z"},
        "size": {
            "size": film.size(top),
            "width": top * 16 // 9,
            "height": top,
            "duration": film.seconds,
        },
        "url": {"url": base, "descriptionurl": f"https://commons.wikimedia.org/wiki/File:{name}"},
        "mime": {"mime": "video/webm"},
        "derivatives": {"derivatives": [_original(film, base), *_transcodes(film, base, name)]},
    }
    info = {key: value for group in wanted if group in told for key, value in told[group].items()}
    return {
        "pageid": 1000 + number,
        "ns": 6,
        "title": f"File:{film.title}.webm",
        "index": number,
        "imagerepository": "local",
        "videoinfo": [info],
    }


def _original(film: OpenFilm, base: str) -> dict[str, Any]:
    """The file as it was given, without a key."""
    top = film.heights[0]
    return {
        "src": base,
        "type": 'video/webm; codecs="vp9, opus"',
        "title": f"Original WebM file, {top * 16 // 9} × {top}",
        "shorttitle": "WebM source",
        "width": top * 16 // 9,
        "height": top,
        "bandwidth": 5_000_000,
    }


def _transcodes(film: OpenFilm, base: str, name: str) -> list[dict[str, Any]]:
    smaller = [
        {
            "src": f"{base.replace('/commons/', '/commons/transcoded/')}/{name}.{height}p.vp9.webm",
            "type": 'video/webm; codecs="vp9, opus"',
            "title": f"Streamable VP9 ({height}P)",
            "shorttitle": f"VP9 {height}P",
            "transcodekey": f"{height}p.vp9.webm",
            "width": height * 16 // 9,
            "height": height,
            "bandwidth": 2_500_000,
        }
        for height in film.heights[1:]
    ]
    return [*smaller, {"src": f"{base}.ogg", "type": 'audio/ogg; codecs="vorbis"', "transcodekey": "ogg"}]


if __name__ == "__main__":
    run_by_hand("Fake Wikimedia Commons", lambda port: FakeCommons(port=port))
