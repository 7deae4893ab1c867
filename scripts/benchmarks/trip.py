"""From a magnet that nobody has seen to the first picture, and to a picture far ahead of what is there."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sokoul.testing.swarm import Swarm
from tests.e2e.daemon import Daemon
from tests.e2e.media import noisy_film
from tests.e2e.test_trip import first_frame, playable

FILM = "Glass.Tides.2021.1080p.WEB-DL.AAC2.0.H.264-SOKOUL.mkv"


async def once(folder: Path, rate: int) -> tuple[float, float, float, int]:
    """Seconds to playable, seconds to a frame at 75 %, percent there by then, RssAnon in kB."""
    film = await noisy_film(FILM)
    async with Swarm(folder / "swarm", rate=rate) as swarm:
        shared = await swarm.share(film, piece_size=256 * 1024)
        daemon = await Daemon(folder / "box", {"http": {"outbound_allow": [swarm.allowed]}}).start()
        try:
            await daemon.sign_in()
            started = time.monotonic()
            told = await daemon.call("POST", "/downloads/start", {"magnet_link": shared.magnet})
            path = f"/downloads/{told['download_id']}"
            download = await daemon.until(path, playable, every=0.02)
            ready = time.monotonic() - started
            url = next(file["stream_url"] for file in download["files"] if file["playable"])
            frame = await first_frame(daemon.base + url, at=45)
            there = (await daemon.call("GET", path))["progress"]
            return ready, frame, there, _anonymous(daemon)
        finally:
            await daemon.stop()


def _anonymous(daemon: Daemon) -> int:
    assert daemon.process is not None
    status = Path(f"/proc/{daemon.process.pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("RssAnon")))


async def main(runs: int, rate: int) -> int:
    results = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory(prefix="sokoul-bench-") as folder:
            results.append(await once(Path(folder), rate))
            ready, frame, there, memory = results[-1]
            print(
                f"playable {ready:.2f} s, frame at 75 % {frame:.2f} s at {there:.0f} %, RssAnon {memory} kB"
            )
    ready, frame = (statistics.median(result[place] for result in results) for place in (0, 1))
    print(f"median: playable {ready:.2f} s (limit 4), frame at 75 % {frame:.2f} s (limit 2)")
    return int(ready > 4 or frame > 2)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rate", type=int, default=2_000_000, help="bytes/s that the swarm gives")
    given = parser.parse_args()
    raise SystemExit(asyncio.run(main(given.runs, given.rate)))
