"""A process that does nothing but keep the private servers of one state folder, until it is told to stop."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from sokoul import log
from sokoul.config.model import Config
from sokoul.engines.embedded.privilege import Privilege, choose
from sokoul.engines.embedded.servers import EmbeddedServers
from sokoul.lock import StateLock


class Staying(Privilege):
    """Starts servers that do not hear of their daemon's death."""

    def command(self, program: Path, *arguments: str, reads: Path, end: str = "TERM") -> list[str]:
        command = super().command(program, *arguments, reads=reads, end=end)
        return [word for word in command if word not in ("--pdeathsig", end)]


async def main(state_dir: Path, *, staying: bool) -> None:
    chosen = choose()
    privilege = Staying(chosen.how, chosen.uid, chosen.gid) if staying else chosen
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with StateLock(state_dir):
        servers = EmbeddedServers(privilege)
        urls = await servers.start(Config(state_dir=state_dir))
        print(json.dumps({"postgres": urls.postgres, "pids": servers.pids()}), flush=True)
        await stop.wait()
        await servers.close()


log.configure("warning")
asyncio.run(main(Path(sys.argv[1]), staying="staying" in sys.argv[2:]))
