"""Browsing 10,000 films as a television does, a page of 100 at a time, through a whole daemon."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import asyncpg

sys.path.insert(0, str(Path(__file__).parents[2]))

from sokoul.config.load import load
from sokoul.engines.embedded.servers import database_url
from tests.e2e.daemon import Daemon

TITLES = """
WITH made AS (
    INSERT INTO media (media_type, title, year, genres)
    SELECT 'movie', 'Film ' || lpad(n::text, 5, '0'), 1950 + n % 75, '{Drama}' FROM generate_series(1, $1) n
    RETURNING id, title
)
INSERT INTO media_files
    (media_id, path, size_bytes, mtime_ns, container, duration, bit_rate, resolution, video, audio)
SELECT id, '/nowhere/' || title || '.mkv', 4000000000, 0, 'matroska', 6000, 5000000, 1080,
       '{"codec": "h264", "width": 1920, "height": 1080}', '[{"index": 1, "codec": "aac", "channels": 2}]'
FROM made
"""
BROWSE = (
    '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<u:Browse xmlns:u="urn:schemas-upnp-org:service:ContentDirectory:1"><ObjectID>films</ObjectID>'
    "<BrowseFlag>BrowseDirectChildren</BrowseFlag><Filter>*</Filter><StartingIndex>{}</StartingIndex>"
    "<RequestedCount>100</RequestedCount><SortCriteria></SortCriteria></u:Browse></s:Body></s:Envelope>"
)


async def pages(base: str, starts: range) -> list[float]:
    """Milliseconds of each page, over a fresh connection each, as televisions make them."""
    took = []
    for start in starts:
        async with aiohttp.ClientSession() as http:
            begun = time.perf_counter()
            async with http.post(f"{base}/dlna/cds/control", data=BROWSE.format(start)) as reply:
                body = await reply.text()
            took.append((time.perf_counter() - begun) * 1000)
            if "<NumberReturned>100</NumberReturned>" not in body:
                raise SystemExit(f"page {start} is not whole: {body[:500]}")
    return took


async def main(films: int, limit: float) -> int:
    with tempfile.TemporaryDirectory(prefix="sokoul-bench-") as folder:
        settings = {"dlna": {"enabled": True, "interfaces": ["lo"]}, "roles": ["api", "dlna"]}
        daemon = await Daemon(Path(folder), settings).start()
        try:
            async with database_url(load(daemon.config_file, {}).config) as url:
                connection = await asyncpg.connect(url)
                await connection.execute(TITLES.replace("$1", str(films)))
                await connection.execute("ANALYZE")
                await connection.close()
            await pages(daemon.base, range(0, 1000, 100))
            shallow = await pages(daemon.base, range(0, 3000, 100))
            deep = await pages(daemon.base, range(films - 3000, films, 100))
        finally:
            await daemon.stop()
    for name, took in (("first 3,000", shallow), ("last 3,000", deep)):
        print(f"{name}: p50 {statistics.median(took):.1f} ms, max {max(took):.1f} ms")
    return int(statistics.median(shallow + deep) > limit)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument(
        "--limit", type=float, default=50.0, help="milliseconds that the median page may take"
    )
    given = parser.parse_args()
    raise SystemExit(asyncio.run(main(given.films, given.limit)))
