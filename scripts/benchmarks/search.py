"""The repeated search over HTTP, against a bare handler that reads the same bytes from the same cache."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import http.client
import json
import multiprocessing
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import uvloop
from aiohttp import web

from sokoul import log
from sokoul.config.model import Config
from sokoul.engines.embedded.servers import EmbeddedServers, Urls
from sokoul.store.cache import Cache
from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_tmdb import FakeTmdb

NAMES = (
    "Dune.Part.Two.2024.1080p.BluRay.x265.DDP5.1-GRP",
    "Dune.Part.Two.2024.2160p.WEB-DL.x265.DV-GRP",
    "Dune.Part.Two.2024.HDCAM.1080p.x264-GRP",
    "Dune.2021.1080p.BluRay.x264-GRP",
    "Dune.Part.Two.2024.1080p.WEB-DL.sample-GRP",
)
KEY = "bench:answer"


def release(name: str, source: int) -> FakeRelease:
    title = f"{name}{source}"
    digest = hashlib.sha1(title.encode(), usedforsecurity=False).hexdigest()
    return FakeRelease(title, 9_000_000_000, 100 + source, info_hash=digest)


def serve_bare(redis: str, told: Any) -> None:
    """Run in a child: as little as a handler can do, under uvloop as the daemon is."""

    async def main() -> None:
        cache = Cache(redis)

        async def answer(request: web.Request) -> web.Response:
            await request.read()
            return web.Response(body=await cache.redis.get(KEY), content_type="application/json")

        app = web.Application()
        app.router.add_post("/api/v1/search", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        told.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    uvloop.run(main())


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        data = None if body is None else json.dumps(body)
        self._connection.request(method, path, data, self.headers)
        reply = self._connection.getresponse()
        return reply.status, reply.read()

    def post(self, path: str, body: Any) -> Any:
        status, answer = self.ask("POST", path, body)
        if status >= 300:
            raise SystemExit(f"{path}: {status} {answer[:300]!r}")
        return json.loads(answer)


def sign_up(client: Client) -> None:
    """The first account of a fresh daemon."""
    person = {"username": "bench", "email": "bench@example.org", "password": "correct horse battery"}
    client.post("/api/v1/setup", person)
    client.headers["Authorization"] = "Bearer " + client.post("/api/v1/auth/login", person)["access_token"]


def first_search(client: Client) -> bytes:
    """Search once, wait for the end, and give the answer that the cache gives from then on."""
    asked = client.post("/api/v1/search", {"query": "Dune 2"})
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        status, answer = client.ask("POST", "/api/v1/search", {"query": "dune 2"})
        if status == 200:
            return answer
        time.sleep(0.05)
    raise SystemExit(f"search {asked['search_id']} did not end")


def measure(daemon: Client, bare: Client, times: int) -> None:
    """Turn by turn, so that whatever else the machine does falls on both."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(times + 200):
        for client, kept in zip((daemon, bare), took, strict=True):
            started = time.perf_counter()
            status, _ = client.ask("POST", "/api/v1/search", {"query": "Dune 2"})
            if status != 200:
                raise SystemExit(f"answered {status}")
            if number >= 200:
                kept.append((time.perf_counter() - started) * 1000)
    figures = [(percentile(each, 50), percentile(each, 99)) for each in took]
    for name, (p50, p99) in zip(("sokoul", "bare"), figures, strict=True):
        print(f"{name:<7} p50 {p50:.3f} ms   p99 {p99:.3f} ms")
    ratio = figures[0][1] / figures[1][1]
    good = figures[0][0] <= 5 and ratio <= 2
    print(f"p99 ratio {ratio:.2f} (at most 2), p50 at most 5 ms: {'met' if good else 'NOT met'}")


def percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


async def surroundings(stack: AsyncExitStack, folder: Path) -> Urls:
    """Servers, catalogue and indexers; and the daemon's configuration file."""
    servers = EmbeddedServers()
    stack.push_async_callback(servers.close)
    urls = await servers.start(Config(state_dir=folder / "servers"))
    tmdb = await stack.enter_async_context(FakeTmdb())
    indexers = []
    for number in range(3):
        fake = FakeIndexer([release(name, number) for name in NAMES])
        await stack.enter_async_context(fake)
        described = {"name": f"s{number}", "type": "torznab", "url": fake.torznab_url, "api_key": "fake-key"}
        indexers.append(described)
    none = dict.fromkeys(("user_per_minute", "search_per_minute", "ip_per_minute", "logins_per_minute"), 0)
    settings = {
        "state_dir": str(folder / "state"),
        "roles": ["api", "scout"],
        "http": {"host": "127.0.0.1", "port": 0},
        "services": {"postgres": urls.postgres, "redis": urls.redis, "nats": urls.nats},
        "providers": {"tmdb": {"api_key": "key", "base_url": tmdb.base_url}, "indexers": indexers},
        "limits": none,
    }
    (folder / "sokoul.yaml").write_text(json.dumps(settings), encoding="utf-8")
    return urls


async def daemon(stack: AsyncExitStack, folder: Path) -> int:
    """The daemon's port once it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sokoul", "serve", "--config", str(folder / "sokoul.yaml")),
        stdout=subprocess.PIPE,
        stderr=(folder / "log").open("wb"),
    )

    async def end() -> None:
        process.terminate()
        await process.wait()

    stack.push_async_callback(end)
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    if "ready" not in line:
        raise SystemExit((folder / "log").read_text()[-2000:])
    return int(line.rsplit(":", 1)[1].strip().strip("/"))


async def main(times: int, folder: Path) -> None:
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        urls = await surroundings(stack, folder)
        port = await daemon(stack, folder)
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        child = multiprocessing.get_context("spawn").Process(
            target=serve_bare, args=(urls.redis, theirs), daemon=True
        )
        child.start()
        stack.callback(child.terminate)
        client = Client(port)
        await asyncio.to_thread(sign_up, client)
        answer = await asyncio.to_thread(first_search, client)
        cache = Cache(urls.redis)
        await cache.put(KEY, answer, seconds=3600)
        await cache.close()
        bare = Client(await asyncio.to_thread(ours.recv))
        print(f"{times} times each, {len(answer)} bytes, {os.cpu_count()} cores, {platform.machine()}")
        await asyncio.to_thread(measure, client, bare, times)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=2000)
    log.configure("warning", "text")
    shared_memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    scratch = Path(tempfile.mkdtemp(prefix="sokoul-bench-", dir=shared_memory))
    asyncio.run(main(parser.parse_args().times, scratch))
