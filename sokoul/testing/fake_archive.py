"""An Internet Archive of open films on loopback: `python -m sokoul.testing.fake_archive`.

After its published interfaces: the advanced search (`output=json`), the metadata API, and downloads.
"""

from __future__ import annotations

import re
from typing import Any, Final

from aiohttp import web

from sokoul.testing.open_films import FILMS, OpenFilm, matching
from sokoul.testing.serving import FakeServer, document, run_by_hand

_FREE: Final = "http://creativecommons.org/licenses/by/3.0/"
_CLAUSE: Final = re.compile(r"(\w+):(?:\(([^)]*)\)|(\S+))")


class FakeArchive(FakeServer):
    """Answers like archive.org."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/advancedsearch.php", self._search),
            web.get("/metadata/{id}", self._metadata),
            web.get("/download/{id}/{name:.+}", self._download),
        ]

    def localised(self, definition: str) -> str:
        """The shipped definition, pointed here."""
        text = definition.replace("https://archive.org", self.url)
        return text.replace('hosts: [archive.org, "*.archive.org"]', "hosts: [127.0.0.1]")

    async def _search(self, request: web.Request) -> web.Response:
        """Lucene's clauses, joined by AND; only the fields that are asked for come back."""
        if request.query.get("output") != "json":
            return web.Response(
                text="<!DOCTYPE html><title>Advanced Search</title>", content_type="text/html"
            )
        clauses = {name: group or word for name, group, word in _CLAUSE.findall(request.query.get("q", ""))}
        found = [_item(film) for film in matching(clauses.get("title", ""))]
        wanted = request.query.getall("fl[]", ["identifier"])
        rows = int(request.query.get("rows", "50"))
        docs = [{name: item[name] for name in wanted if name in item} for item in found[:rows]]
        return document(
            {
                "responseHeader": {"status": 0, "QTime": 12, "params": {"query": request.query.get("q")}},
                "response": {"numFound": len(found), "start": 0, "docs": docs},
            }
        )

    async def _metadata(self, request: web.Request) -> web.Response:
        """An item's files; an unknown identifier is an empty object, as there."""
        film = next((one for one in FILMS if one.key == request.match_info["id"]), None)
        if film is None:
            return document({})
        files = _files(film)
        return document(
            {
                "created": 1_700_000_000,
                "d1": "ia800001.us.archive.org",
                "d2": "ia900001.us.archive.org",
                "dir": f"/1/items/{film.key}",
                "files": files,
                "files_count": len(files),
                "item_size": sum(film.size(height) for height in film.heights),
                "metadata": {**_item(film), "mediatype": "movies", "collection": ["opensource_movies"]},
                "server": "ia800001.us.archive.org",
                "workable_servers": ["ia800001.us.archive.org"],
            }
        )

    async def _download(self, request: web.Request) -> web.Response:
        return web.Response(body=request.match_info["name"].encode(), content_type="video/mp4")


def _item(film: OpenFilm) -> dict[str, Any]:
    item = {
        "identifier": film.key,
        "title": film.title,
        "year": str(film.year),
        "publicdate": f"{film.year}-06-08T14:21:56Z",
    }
    return {**item, "licenseurl": _FREE} if film.free else item


def _files(film: OpenFilm) -> list[dict[str, Any]]:
    """Every value is a text, as there."""
    videos = [
        {
            "name": f"{film.key} {height}p.mp4",
            "source": "original" if place == 0 else "derivative",
            "mtime": "1369173600",
            "size": str(film.size(height)),
            "md5": film.digest[:32],
            "crc32": film.digest[:8],
            "sha1": film.digest,
            "format": "h.264",
            "length": str(film.seconds),
            "height": str(height),
            "width": str(height * 16 // 9),
        }
        for place, height in enumerate(film.heights)
    ]
    torrent = {
        "name": f"{film.key}_archive.torrent",
        "source": "metadata",
        "btih": film.digest,
        "size": "23456",
        "format": "Archive BitTorrent",
    }
    others = [
        {"name": f"{film.key}_meta.xml", "source": "metadata", "size": "820", "format": "Metadata"},
        {"name": f"{film.key}.thumbs/0001.jpg", "source": "derivative", "format": "Thumbnail"},
        {"name": f"{film.key}_raw.mkv", "source": "original", "format": "Matroska", "private": "true"},
    ]
    return [*videos, torrent, *others]


if __name__ == "__main__":
    run_by_hand("Fake Internet Archive", lambda port: FakeArchive(port=port))
