"""An AllDebrid on loopback: `python -m sokoul.testing.fake_all_debrid`."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sokoul.testing.debrid_shelf import FakeTorrent, Held, Shelf, address, send
from sokoul.testing.serving import FakeServer, document, run_by_hand


class FakeAllDebrid(FakeServer):
    """Answers like api.alldebrid.com/v4 and /v4.1; `refusal` is a code that answers everything."""

    def __init__(self, *, api_key: str = "fake-all-debrid", host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(host=host, port=port)
        self.api_key, self.shelf = api_key, Shelf()
        self.premium = True
        self.refusal: str | None = None
        self.delays = 0  # how often a hoster's link is asked for before it is there

    @property
    def base_url(self) -> str:
        """For `providers.debrid.all_debrid.base_url`."""
        return self.url

    def routes(self) -> list[web.RouteDef]:
        at = "/{version:v4|v4\\.1}"
        return [
            web.get(f"{at}/ping", self._ping),
            web.get(f"{at}/user", self._user),
            web.post(f"{at}/magnet/upload", self._upload),
            web.post("/v4.1/magnet/status", self._status),
            web.post(f"{at}/magnet/files", self._files),
            web.post(f"{at}/magnet/delete", self._delete),
            web.post(f"{at}/link/unlock", self._unlock),
            web.post(f"{at}/link/delayed", self._delayed),
            web.get("/dl/{link}/{name}", self._bytes),
        ]

    async def _ping(self, request: web.Request) -> web.Response:
        del request
        return success({"ping": "pong"})

    async def _user(self, request: web.Request) -> web.Response:
        return self._refused(request) or success(
            {
                "user": {
                    "username": "FakePerson",
                    "email": "fake@example.org",
                    "isPremium": self.premium,
                    "isSubscribed": False,
                    "isTrial": False,
                    "premiumUntil": 1_935_000_000 if self.premium else 0,
                    "lang": "fr",
                    "preferedDomain": "fr",
                    "fidelityPoints": 0,
                    "limitedHostersQuotas": {"someHost": 1024},
                    "notifications": [],
                }
            }
        )

    async def _upload(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        magnets = [str(one) for one in (await request.post()).getall("magnets[]", [])]
        return success({"magnets": [self._taken(magnet) for magnet in magnets]})

    def _taken(self, magnet: str) -> dict[str, Any]:
        held = self.shelf.add(magnet)
        if held is None:
            told = {"code": "MAGNET_INVALID_URI", "message": "Magnet is not valid"}
            return {"magnet": magnet, "error": told}
        if held.torrent.taken_down:
            del self.shelf.held[held.id]
            told = {"code": "MAGNET_LINKS_REMOVED", "message": "Links removed"}
            return {"magnet": magnet, "error": told}
        torrent = held.torrent
        return {
            "magnet": magnet,
            "hash": torrent.info_hash,
            "name": torrent.name,
            "size": _size(torrent),
            "ready": held.ready,
            "id": int(held.id),
        }

    async def _status(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        wanted = (await request.post()).get("id")
        if wanted is None:
            return success({"magnets": [_state(held) for held in self.shelf.held.values()]})
        held = self.shelf.held.get(str(wanted))
        return failure("MAGNET_INVALID_ID") if held is None else success({"magnets": [_state(held)]})

    async def _files(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        told = []
        for wanted in (await request.post()).getall("id[]", []):
            held = self.shelf.held.get(str(wanted))
            if held is None or not held.ready:
                detail = {"code": "MAGNET_INVALID_ID", "message": "This magnet ID does not exist"}
                told.append({"id": int(str(wanted)), "error": detail})
            else:
                told.append({"id": int(held.id), "files": self._tree(held.torrent)})
        return success({"magnets": told})

    def _tree(self, torrent: FakeTorrent) -> list[dict[str, Any]]:
        tree: list[dict[str, Any]] = []
        for file in torrent.files:
            *folders, name = file.path.split("/")
            here = tree
            for folder in folders:
                node = next((one for one in here if one["n"] == folder), None)
                if node is None:
                    node = {"n": folder, "e": []}
                    here.append(node)
                here = node["e"]
            link = f"https://alldebrid.com/f/{self.shelf.give_out(file)}"
            here.append({"n": name, "s": file.size_bytes, "l": link})
        return tree

    async def _delete(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        known = self.shelf.held.pop(str((await request.post()).get("id")), None)
        if known is None:
            return failure("MAGNET_INVALID_ID")
        return success({"message": "Magnet was successfully deleted"})

    async def _unlock(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        link = str((await request.post()).get("link", ""))
        file = self.shelf.links.get(link.rpartition("/")[2]) or self.shelf.hoster_links.get(link)
        if link in self.shelf.dead_links:
            return failure("LINK_DOWN")
        if file is None:
            return failure("LINK_HOST_NOT_SUPPORTED")
        name = self.shelf.give_out(file)
        told = {"filename": file.path.rpartition("/")[2], "filesize": file.size_bytes, "host": "example"}
        if link in self.shelf.hoster_links and self.delays:
            return success({**told, "delayed": int(name[:7], 16) + 1})
        ready = {"link": address(self.url, name, file), "paws": False, "id": name, "streams": []}
        return success({**told, **ready, "hostDomain": "example.org"})

    async def _delayed(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        wanted = int(str((await request.post()).get("id", "0")))
        found = next((name for name in self.shelf.links if int(name[:7], 16) + 1 == wanted), None)
        if found is None:
            return failure("DELAYED_INVALID_ID")
        self.delays -= 1
        if self.delays > 0:
            return success({"status": 1, "time_left": 1})
        link = address(self.url, found, self.shelf.links[found])
        return success({"status": 2, "time_left": 0, "link": link})

    async def _bytes(self, request: web.Request) -> web.StreamResponse:
        return await send(request, self.shelf)

    def _refused(self, request: web.Request) -> web.Response | None:
        if self.shelf.too_fast():
            return web.Response(status=429, headers={"Retry-After": "7"}, text="Too many requests")
        given = request.headers.get("Authorization")
        if given is None:
            return failure("AUTH_MISSING_APIKEY", status=401)
        if given != f"Bearer {self.api_key}":
            return failure("AUTH_BAD_APIKEY", status=401)
        return None if self.refusal is None else failure(self.refusal)


def success(data: dict[str, Any]) -> web.Response:
    """An answer."""
    return document({"status": "success", "data": data})


def failure(code: str, *, status: int = 200) -> web.Response:
    """A refusal, which comes with HTTP 200 but for keys."""
    detail = {"code": code, "message": code.replace("_", " ").capitalize()}
    return document({"status": "error", "error": detail}, status=status)


def _size(torrent: FakeTorrent) -> int:
    return sum(file.size_bytes for file in torrent.files)


def _state(held: Held) -> dict[str, Any]:
    code = 4 if held.ready else 1
    if isinstance(held.torrent.trouble, int):
        code = held.torrent.trouble
    size = _size(held.torrent)
    return {
        "id": int(held.id),
        "filename": held.torrent.name,
        "size": size,
        "status": {1: "Downloading", 4: "Ready"}.get(code, "Error"),
        "statusCode": code,
        "downloaded": size if code == 4 else size // 8,
        "uploaded": 0,
        "seeders": 0,
        "downloadSpeed": 0,
        "uploadSpeed": 0,
    }


if __name__ == "__main__":
    run_by_hand("Fake AllDebrid", lambda port: FakeAllDebrid(port=port))
