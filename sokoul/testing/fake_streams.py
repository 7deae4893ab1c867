"""A server of films as others run them: `python -m sokoul.testing.fake_streams`.

HLS and MP4, on wish only with the right Referer; answers that break off, that ignore ranges, or that lie.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field

from aiohttp import web

from sokoul.testing.serving import FakeServer, run_by_hand

PLAYLIST = "application/vnd.apple.mpegurl"


@dataclass(slots=True)
class Body:
    """What is behind one path; `cuts` is how many answers break off after half of what they promise."""

    content: bytes
    kind: str = "video/mp4"
    ranges: bool = True
    cuts: int = 0
    promise: int | None = None  # a length that is not true
    told_length: bool = True
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'


class FakeStreams(FakeServer):
    """Serves `bodies` by path; with `referer` set, only to who sends it."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(host=host, port=port)
        self.bodies: dict[str, Body] = {}
        self.redirects: dict[str, str] = {}
        self.referer: str | None = None
        self.pace = 0.0  # seconds between two pieces of 64 KiB

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/{path:.*}", self._give)]

    def put(self, path: str, content: bytes, kind: str = "video/mp4", **more: object) -> str:
        """Serve `content` at `path`; its address."""
        self.bodies[path] = Body(content, kind, **more)  # type: ignore[arg-type]  # the fields of Body by name
        return f"{self.url}{path}"

    def put_hls(self, at: str, segments: list[bytes], *, seconds: float = 4.0) -> str:
        """A master playlist with one variant of these segments; its address."""
        lines = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{round(seconds) + 1}"]
        for number, segment in enumerate(segments):
            self.put(f"{at}/segment{number}.ts", segment, "video/mp2t")
            lines += [f"#EXTINF:{seconds:.3f},", f"segment{number}.ts"]
        self.put(f"{at}/media.m3u8", "\n".join([*lines, "#EXT-X-ENDLIST", ""]).encode(), PLAYLIST)
        master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=2000000,RESOLUTION=1280x720\nmedia.m3u8\n"
        return self.put(f"{at}/master.m3u8", master.encode(), PLAYLIST)

    async def _give(self, request: web.Request) -> web.StreamResponse:
        if (onward := self.redirects.get(request.path)) is not None:
            return web.Response(status=302, headers={"Location": onward})
        body = self.bodies.get(request.path)
        if body is None:
            return web.Response(status=404)
        if self.referer is not None and request.headers.get("Referer") != self.referer:
            return web.Response(status=403, text="hotlinking is not allowed")
        return await self._send(request, body)

    async def _send(self, request: web.Request, body: Body) -> web.StreamResponse:
        size = len(body.content)
        start, end = 0, size
        response = web.StreamResponse(status=body.status, headers={"ETag": body.tag, **body.headers})
        response.headers["Content-Type"] = body.kind
        if body.ranges:
            response.headers["Accept-Ranges"] = "bytes"
            asked = _asked(request, body, size)
            if asked is not None and asked[0] >= size:
                return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"})
            if asked is not None:
                start, end = asked
                response.set_status(206)
                response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        if body.told_length:
            response.content_length = body.promise if body.promise is not None else end - start
        else:
            response.enable_chunked_encoding()
        await response.prepare(request)
        if request.method != "HEAD":
            await self._write(request, response, body, start, end)
        return response

    async def _write(
        self, request: web.Request, response: web.StreamResponse, body: Body, start: int, end: int
    ) -> None:
        cut = body.cuts > 0
        body.cuts -= cut
        until = start + (end - start) // 2 if cut else end
        for at in range(start, until, 65536):
            await response.write(body.content[at : min(at + 65536, until)])
            if self.pace:
                await asyncio.sleep(self.pace)
        if (cut or body.promise is not None) and request.transport is not None:
            await response.drain()
            request.transport.close()


def _asked(request: web.Request, body: Body, size: int) -> tuple[int, int] | None:
    if "Range" not in request.headers or request.headers.get("If-Range", body.tag) != body.tag:
        return None
    asked = request.http_range
    start = asked.start or 0
    return (max(0, size + start), size) if start < 0 else (start, min(asked.stop or size, size))


def _by_hand(port: int) -> FakeStreams:
    fake = FakeStreams(port=port)
    fake.put("/film.mp4", bytes(1_000_000))
    fake.put_hls("/hls", [bytes(188 * 100) for _ in range(5)])
    return fake


if __name__ == "__main__":
    run_by_hand("Fake streams", _by_hand)
