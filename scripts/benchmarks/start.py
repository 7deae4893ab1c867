"""From `scripts/run` to the first 200 of /health when everything is set up, private servers included."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.e2e.daemon import Daemon  # noqa: E402  the checkout is not installed


async def once(daemon: Daemon) -> float:
    """Seconds to the first good answer of one start and stop."""
    started = time.monotonic()
    command = [str(ROOT / "scripts/run"), "serve", "--config", str(daemon.config_file)]
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet)
    async with aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(daemon.base + "/health") as reply:
                    if reply.status == 200:
                        break
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.01)
    took = time.monotonic() - started
    process.terminate()
    await process.wait()
    return took


async def main(runs: int, limit: float) -> int:
    with tempfile.TemporaryDirectory(prefix="sokoul-bench-") as folder:
        daemon = Daemon(Path(folder))
        daemon.write_config()
        first = await once(daemon)
        later = [await once(daemon) for _ in range(runs)]
    print(f"first start, database made: {first:.2f} s")
    print(
        f"later starts: median {statistics.median(later):.2f} s of {', '.join(f'{one:.2f}' for one in later)}"
    )
    return int(statistics.median(later) > limit)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=3.0, help="seconds that the median may take")
    given = parser.parse_args()
    raise SystemExit(asyncio.run(main(given.runs, given.limit)))
