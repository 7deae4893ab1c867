"""The role `dlna`: the media server on the site of the API, or on a site of its own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, web

from sokoul.app.foundation import Foundation
from sokoul.app.library import Library
from sokoul.features.library.announce import SIGNAL
from sokoul.protocols.dlna.server import MediaServer
from sokoul.protocols.dlna.ssdp import links
from sokoul.web.files import send_file


async def build(base: Foundation, library: Library, stack: AsyncExitStack) -> MediaServer:
    """The media server, not yet announced."""
    dlna = base.config.dlna
    # Control points are asked back at their own address, inside the house, where the guard lets nobody go.
    http = ClientSession(timeout=ClientTimeout(total=10), cookie_jar=DummyCookieJar(), trust_env=False)
    stack.push_async_callback(http.close)
    server = MediaServer(
        library.service.catalogue,
        http,
        _send,
        name=dlna.name,
        udn=_udn(base.config.state_dir),
        find_links=lambda: links(dlna.interfaces, vpn=base.config.torrent.interface),
    )

    async def changed(_data: Mapping[str, Any]) -> None:
        await server.library_changed()

    await base.bus.on_signal(SIGNAL, changed)
    return server


async def _send(
    request: web.Request, path: Path, content_type: str, headers: Mapping[str, str]
) -> web.StreamResponse:
    return await send_file(request, path, content_type=content_type, headers=headers)


def _udn(state_dir: Path) -> str:
    """The device's id: made once, because televisions remember it."""
    file = state_dir / "dlna-id"
    try:
        return str(uuid.UUID(file.read_text(encoding="ascii").strip()))
    except (FileNotFoundError, ValueError):
        made = str(uuid.uuid4())
        file.write_text(made + "\n", encoding="ascii")
        return made
