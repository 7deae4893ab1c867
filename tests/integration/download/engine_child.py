"""An engine in a process of its own, to be killed: `engine_child.py DIRECTORY KEY MAGNET ALLOWED`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from uuid import UUID

from sokoul.config.model import Torrent
from sokoul.engines.torrent.engine import LibtorrentEngine
from sokoul.features.download.ports import TorrentSource
from sokoul.outbound import OutboundGuard


async def main() -> None:
    directory, key, magnet, allowed = Path(sys.argv[1]), UUID(sys.argv[2]), sys.argv[3], sys.argv[4]
    config = Torrent(listen="127.0.0.1:0", dht=False, lsd=False, directory=directory)
    engine = LibtorrentEngine(config, OutboundGuard([allowed]))
    await engine.start()
    await engine.add(key, TorrentSource(magnet=magnet))
    await engine.metadata(key)
    await engine.begin(key)
    while True:
        print(engine.status(key).done_wanted, flush=True)
        await asyncio.sleep(0.1)


asyncio.run(main())
