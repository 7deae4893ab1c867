"""The media server behind its addresses: description, control, events, bytes."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from ipaddress import IPv4Interface
from pathlib import Path

import structlog
from aiohttp import ClientSession, web

from sokoul.domain.errors import NotFound
from sokoul.lifecycle import Tasks
from sokoul.protocols.dlna import description, didl, soap
from sokoul.protocols.dlna.catalogue import Catalogue
from sokoul.protocols.dlna.directory import Actions
from sokoul.protocols.dlna.events import Full, Precondition, Publisher
from sokoul.protocols.dlna.ssdp import Discovery

log = structlog.get_logger(__name__)

SendFile = Callable[[web.Request, Path, str, Mapping[str, str]], Awaitable[web.StreamResponse]]
_XML = 'text/xml; charset="utf-8"'
_FILE = re.compile(r"^([0-9a-f-]{36})(?:\.\w{1,8})?$")


class MediaServer:
    """A DLNA media server on somebody else's HTTP server: its public handlers are mounted under /dlna."""

    def __init__(
        self,
        catalogue: Catalogue,
        http: ClientSession,
        send_file: SendFile,
        *,
        name: str,
        udn: str,
        find_links: Callable[[], set[IPv4Interface]],
    ) -> None:
        self._catalogue, self._send_file = catalogue, send_file
        self._actions = Actions(catalogue)
        self._device = description.device(name, udn)
        self._udn, self._find_links = udn, find_links
        self._discovery: Discovery | None = None
        self._publishers = {
            "cds": Publisher(http, self._directory_state, "cds"),
            "cms": Publisher(http, _connection_state, "cms"),
        }
        self._told = -1
        self._tasks = Tasks("dlna")

    async def start(self, port: int) -> None:
        """Announce ourselves at `port` and begin to tell of changes."""
        self._told = await self._catalogue.update_id()
        self._discovery = Discovery(self._udn, port, self._find_links)
        await self._discovery.look()
        self._tasks.supervise("discovery", self._discovery.run)
        for name, publisher in self._publishers.items():
            self._tasks.supervise(f"events-{name}", publisher.run)

    async def close(self) -> None:
        """Say goodbye and end."""
        await self._tasks.close()
        if self._discovery is not None:
            await self._discovery.close()
        for publisher in self._publishers.values():
            await publisher.close()

    async def library_changed(self) -> None:
        """Look whether the library has really changed, and if so tell the subscribers."""
        now = await self._catalogue.update_id()
        if now != self._told:
            self._told = now
            self._publishers["cds"].changed()

    async def _directory_state(self) -> Mapping[str, object]:
        return {"SystemUpdateID": await self._catalogue.update_id(), "ContainerUpdateIDs": ""}

    async def describe(self, _request: web.Request) -> web.StreamResponse:
        """The device description."""
        return _xml(self._device)

    async def describe_service(self, request: web.Request) -> web.StreamResponse:
        """The description of one service."""
        return _xml(description.scpd(_service(request)))

    async def icon(self, request: web.Request) -> web.StreamResponse:
        """The sign of the house."""
        size = request.match_info["size"]
        if size not in {"48", "120"}:
            raise web.HTTPNotFound
        return web.Response(body=sign(int(size)), content_type="image/png")

    async def control(self, request: web.Request) -> web.StreamResponse:
        """An action."""
        service = _service(request)
        try:
            if (request.content_length or 0) > soap.LARGEST_BODY:
                raise web.HTTPRequestEntityTooLarge(soap.LARGEST_BODY, request.content_length or 0)
            action, arguments = soap.parse(await request.content.read(soap.LARGEST_BODY + 1))
            values = await self._actions.run(service, action, arguments, f"http://{request.host}")
        except soap.Fault as fault:
            return _xml(soap.fault(fault), status=500)
        return _xml(soap.answer(service.type, action, values))

    async def subscribe(self, request: web.Request) -> web.StreamResponse:
        """A subscription to events, or its renewal."""
        publisher, headers = self._publisher(request), request.headers
        timeout, sid = headers.get("TIMEOUT", ""), headers.get("SID")
        try:
            if sid is None:
                callback, kind = headers.get("CALLBACK", ""), headers.get("NT", "")
                sid, seconds = publisher.subscribe(callback, kind, timeout, request.remote or "")
            elif "CALLBACK" in headers or "NT" in headers:
                raise web.HTTPBadRequest(reason="SID goes without CALLBACK and NT")
            else:
                seconds = publisher.renew(sid, timeout)
        except Precondition:
            raise web.HTTPPreconditionFailed from None
        except Full:
            raise web.HTTPServiceUnavailable from None
        answer = web.Response(
            headers={
                "SID": sid,
                "TIMEOUT": f"Second-{seconds}",
                "SERVER": description.SERVER,
                "Content-Length": "0",
            }
        )
        if "SID" not in headers:
            await answer.prepare(request)
            await answer.write_eof()
            publisher.greet(sid)
        return answer

    async def unsubscribe(self, request: web.Request) -> web.StreamResponse:
        """The end of a subscription."""
        try:
            self._publisher(request).unsubscribe(request.headers.get("SID", ""))
        except Precondition:
            raise web.HTTPPreconditionFailed from None
        return web.Response()

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The bytes of one film."""
        item = await self._catalogue.file(_file_id(request))
        wish = request.headers.get("transferMode.dlna.org", "Streaming")
        if wish.lower() not in {"streaming", "background"}:
            raise web.HTTPNotAcceptable(reason="a film is streamed, not fetched interactively")
        if "TimeSeekRange.dlna.org" in request.headers and "Range" not in request.headers:
            raise web.HTTPNotAcceptable(reason="seek by bytes")
        headers = {
            "transferMode.dlna.org": wish.capitalize(),
            "contentFeatures.dlna.org": didl.FILE_FEATURES,
            "realTimeInfo.dlna.org": "DLNA.ORG_TLAG=*",
            "EXT": "",
            "Server": description.SERVER,
        }
        return await self._send_file(request, item.path, didl.mime_type(item), headers)

    async def poster(self, request: web.Request) -> web.StreamResponse:
        """The picture of one film."""
        path = await self._catalogue.poster(_file_id(request))
        if path is None:
            raise NotFound("There is no picture of this film")
        kind = "image/png" if path.suffix == ".png" else "image/jpeg"
        return await self._send_file(request, path, kind, {"transferMode.dlna.org": "Interactive"})

    def _publisher(self, request: web.Request) -> Publisher:
        publisher = self._publishers.get(request.match_info["service"])
        if publisher is None:
            raise web.HTTPNotFound
        return publisher


async def _connection_state() -> Mapping[str, object]:
    return {
        "SourceProtocolInfo": didl.source_protocols(),
        "SinkProtocolInfo": "",
        "CurrentConnectionIDs": "0",
    }


def _service(request: web.Request) -> description.Service:
    service = description.service(request.match_info["service"])
    if service is None:
        raise web.HTTPNotFound
    return service


def _file_id(request: web.Request) -> str:
    match = _FILE.match(request.match_info["file"])
    if match is None:
        raise web.HTTPNotFound
    return match[1]


def _xml(body: bytes, status: int = 200) -> web.Response:
    headers = {"Content-Type": _XML, "EXT": "", "Server": description.SERVER}
    return web.Response(body=body, status=status, headers=headers)


@lru_cache(maxsize=4)
def sign(size: int) -> bytes:
    """The sign of the house as PNG: a triangle that points to play, on the accent colour."""
    accent, white = b"\x5b\x8c\xff", b"\xff\xff\xff"
    rows = []
    for y in range(size):
        half = abs(2 * y - size) / size
        left, right = size * 0.34, size * (0.34 + 0.40 * (1 - half * 1.8))
        rows.append(b"\0" + b"".join(white if left <= x < right else accent for x in range(size)))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
