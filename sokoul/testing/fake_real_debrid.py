"""A Real-Debrid on loopback: `python -m sokoul.testing.fake_real_debrid`."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sokoul.testing.debrid_shelf import Held, Shelf, address, send
from sokoul.testing.serving import FakeServer, document, run_by_hand

WORDS = {
    2: (400, "bad_parameter_value"),
    7: (404, "unknown_ressource"),
    8: (401, "bad_token"),
    16: (503, "hoster_unsupported"),
    24: (503, "file_unavailable"),
    30: (400, "torrent_file_invalid"),
    34: (429, "too_many_requests"),
    35: (451, "infringing_file"),
}


class FakeRealDebrid(FakeServer):
    """Answers like api.real-debrid.com/rest/1.0 from its `shelf`; `refusal` is a number for everything."""

    def __init__(self, *, api_key: str = "fake-real-debrid", host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(host=host, port=port)
        self.api_key, self.shelf = api_key, Shelf()
        self.premium = True
        self.refusal: int | None = None

    @property
    def base_url(self) -> str:
        """For `providers.debrid.real_debrid.base_url`."""
        return f"{self.url}/rest/1.0"

    def routes(self) -> list[web.RouteDef]:
        at = "/rest/1.0"
        return [
            web.get(f"{at}/user", self._user),
            web.get(f"{at}/torrents", self._torrents),
            web.get(f"{at}/torrents/info/{{id}}", self._info),
            web.post(f"{at}/torrents/addMagnet", self._add),
            web.post(f"{at}/torrents/selectFiles/{{id}}", self._select),
            web.delete(f"{at}/torrents/delete/{{id}}", self._delete),
            web.post(f"{at}/unrestrict/link", self._unrestrict),
            web.get("/dl/{link}/{name}", self._bytes),
        ]

    async def _user(self, request: web.Request) -> web.Response:
        return self._refused(request) or document(
            {
                "id": 4711,
                "username": "fake_person",
                "email": "fa**@example.org",
                "points": 100,
                "locale": "en",
                "avatar": "",
                "type": "premium" if self.premium else "free",
                "premium": 8_000_000 if self.premium else 0,
                "expiration": "2031-05-01T12:00:00.000Z",
            }
        )

    async def _torrents(self, request: web.Request) -> web.Response:
        return self._refused(request) or document([self._told(held) for held in self.shelf.held.values()])

    async def _info(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        held = self.shelf.held.get(request.match_info["id"])
        return error(7) if held is None else document(self._told(held))

    async def _add(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        held = self.shelf.add(str((await request.post()).get("magnet", "")))
        if held is None:
            return error(30)
        if held.torrent.taken_down:
            del self.shelf.held[held.id]
            return error(35)
        uri = f"{self.base_url}/torrents/info/{held.id}"
        return document({"id": held.id, "uri": uri}, status=201)

    async def _select(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        held = self.shelf.held.get(request.match_info["id"])
        if held is None:
            return error(7)
        told = str((await request.post()).get("files", ""))
        known = set(range(1, len(held.torrent.files) + 1))
        chosen = known if told == "all" else {int(one) for one in told.split(",") if one.isdigit()}
        if not chosen or not chosen <= known:
            return error(2)
        held.chosen, held.selected = chosen, True
        return web.Response(status=204)

    async def _delete(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        known = self.shelf.held.pop(request.match_info["id"], None)
        return error(7) if known is None else web.Response(status=204)

    async def _unrestrict(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        link = str((await request.post()).get("link", ""))
        file = self.shelf.links.get(link.rpartition("/")[2]) or self.shelf.hoster_links.get(link)
        if link in self.shelf.dead_links:
            return error(24)
        if file is None:
            return error(16)
        name = self.shelf.give_out(file)
        return document(
            {
                "id": name.upper(),
                "filename": file.path.rpartition("/")[2],
                "mimeType": "video/x-matroska",
                "filesize": file.size_bytes,
                "link": link,
                "host": "real-debrid.com",
                "chunks": 32,
                "crc": 1,
                "download": address(self.url, name, file),
                "streamable": 1,
            }
        )

    async def _bytes(self, request: web.Request) -> web.StreamResponse:
        return await send(request, self.shelf)

    def _refused(self, request: web.Request) -> web.Response | None:
        if self.shelf.too_fast():
            return error(34, {"Retry-After": "7"})
        if request.headers.get("Authorization") != f"Bearer {self.api_key}":
            return error(8)
        return None if self.refusal is None else error(self.refusal)

    def _told(self, held: Held) -> dict[str, Any]:
        torrent = held.torrent
        status = _status(held)
        links = []
        if status == "downloaded":
            for place in sorted(held.chosen):
                name = self.shelf.give_out(torrent.files[place - 1])
                links.append(f"https://real-debrid.com/d/{name}")
        return {
            "id": held.id,
            "filename": torrent.name,
            "original_filename": torrent.name,
            "hash": torrent.info_hash,
            "bytes": sum(file.size_bytes for file in torrent.files),
            "original_bytes": sum(file.size_bytes for file in torrent.files),
            "host": "real-debrid.com",
            "split": 2000,
            "progress": 100 if status == "downloaded" else 12,
            "status": status,
            "added": "2026-11-20T10:00:00.000Z",
            "files": [
                {
                    "id": place,
                    "path": f"/{file.path}",
                    "bytes": file.size_bytes,
                    "selected": int(place in held.chosen),
                }
                for place, file in enumerate(torrent.files, 1)
            ],
            "links": links,
            "ended": "2026-11-20T10:00:30.000Z",
            "speed": 0,
            "seeders": 0,
        }


def error(code: int, headers: dict[str, str] | None = None) -> web.Response:
    """A refusal with its number; one without words of its own is a plain 503."""
    status, words = WORDS.get(code, (503, "service_unavailable"))
    response = document({"error": words, "error_code": code}, status=status)
    response.headers.update(headers or {})
    return response


def _status(held: Held) -> str:
    if isinstance(held.torrent.trouble, str):
        return held.torrent.trouble
    if not held.torrent.files:
        return "magnet_conversion"
    if not held.selected:
        return "waiting_files_selection"
    return "downloaded" if held.ready else "downloading"


if __name__ == "__main__":
    run_by_hand("Fake Real-Debrid", lambda port: FakeRealDebrid(port=port))
