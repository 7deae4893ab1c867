"""A FlareSolverr on loopback: `python -m sokoul.testing.fake_flaresolverr`."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final

from aiohttp import web
from yarl import URL

from sokoul.testing.serving import FakeServer, document, run_by_hand

AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) Fake/1.0"
COOKIE: Final = ("cf_clearance", "fake-clearance")
CHECK_PAGE: Final = (
    b'<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><script src="/cdn-cgi/'
    b'challenge-platform/x.js"></script></body></html>'
)


def is_cleared(request: web.BaseRequest) -> bool:
    """Whether a request carries what FlareSolverr was given, by the browser that it was given to."""
    return request.cookies.get(COOKIE[0]) == COOKIE[1] and request.headers.get("User-Agent") == AGENT


def check_page() -> web.Response:
    """What a browser check answers to everybody else."""
    return web.Response(
        status=403,
        body=CHECK_PAGE,
        content_type="text/html",
        headers={"cf-mitigated": "challenge", "Server": "cloudflare"},
    )


class FakeFlareSolverr(FakeServer):
    """Solves every check after `takes` seconds; `fails` are the words in which it gives up."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(host=host, port=port)
        self.takes, self.fails = 0.0, ""
        self.solved: list[str] = []
        self.cookies: list[dict[str, Any]] | None = None

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self._welcome), web.post("/v1", self._command)]

    async def _welcome(self, _: web.Request) -> web.Response:
        return document({"msg": "FlareSolverr is ready!", "version": "3.4.0", "userAgent": AGENT})

    async def _command(self, request: web.Request) -> web.Response:
        asked = await request.json()
        started = round(time.time() * 1000)
        match asked.get("cmd"):
            case "sessions.list":
                return document(_answer(started, sessions=[]))
            case "request.get" if isinstance(asked.get("url"), str):
                await asyncio.sleep(self.takes)
                if self.fails:
                    return document(_answer(started, status="error", message=self.fails), status=500)
                self.solved.append(asked["url"])
                return document(_answer(started, solution=self._solution(asked["url"])))
            case _:
                words = "Request parameter 'cmd' is invalid."
                return document(_answer(started, status="error", message=words), status=500)

    def _solution(self, url: str) -> dict[str, Any]:
        cookie = {
            "name": COOKIE[0],
            "value": COOKIE[1],
            "domain": f".{URL(url).host}",
            "path": "/",
            "expires": time.time() + 3600,
            "httpOnly": True,
            "secure": False,
            "session": False,
            "sameSite": "None",
        }
        return {
            "url": url,
            "status": 200,
            "headers": {},
            "response": "<html></html>",
            "cookies": [cookie] if self.cookies is None else self.cookies,
            "userAgent": AGENT,
        }


def _answer(started: int, *, status: str = "ok", message: str = "", **more: Any) -> dict[str, Any]:
    return {
        "status": status,
        "message": message,
        "startTimestamp": started,
        "endTimestamp": round(time.time() * 1000),
        "version": "3.4.0",
        **more,
    }


if __name__ == "__main__":
    run_by_hand("Fake FlareSolverr", lambda port: FakeFlareSolverr(port=port))
