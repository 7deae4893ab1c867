"""Searching 20,000 works by meaning: in memory, by pgvector exactly and with HNSW; and reading a question.

usage: scripts/bench semantic [--works 20000] [--rounds 200] [--without-hnsw]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sokoul import log  # noqa: E402  (the path comes first)
from sokoul.config.model import Config  # noqa: E402
from sokoul.engines.embedded.servers import EmbeddedServers  # noqa: E402
from sokoul.engines.llm.embedding import GgufEmbedder  # noqa: E402
from sokoul.features.recommend.index import VectorIndex  # noqa: E402
from sokoul.features.recommend.semantic import Semantic  # noqa: E402
from sokoul.store.database import Database  # noqa: E402
from sokoul.store.migrate import migrate  # noqa: E402
from sokoul.store.stories import StoryStore  # noqa: E402
from tests import films  # noqa: E402
from tests.sentence_model import converted  # noqa: E402

LIMIT_MS = 15.0
QUESTIONS = (
    "a heist inside dreams",
    "lonely robot on an empty planet",
    "two men hide from the mob",
    "a ship sinks",
)


def percentile(took: list[float], share: float) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


def row(name: str, took: list[float]) -> str:
    middle, worst = statistics.median(took), percentile(took, 0.99)
    return f"{name:<34} p50 {middle:8.2f} ms   p99 {worst:8.2f} ms   n {len(took)}"


async def fill(database: Database, model: str, vectors: np.ndarray[Any, Any]) -> None:
    """As many works as vectors, with texts of their own."""
    texts = [work.overview or "" for work in films.works()]
    async with database.dedicated() as connection:
        for start in range(0, len(vectors), 1000):
            numbers = range(start, min(start + 1000, len(vectors)))
            part = [
                (n + 1, f"Film {n}", texts[n % len(texts)], float(n % 100), vectors[n].tolist(), f"{model}:x")
                for n in numbers
            ]
            await connection.executemany(
                "INSERT INTO known_works (media_type, tmdb_id, title, overview, popularity, embedding,"
                " embedded_as, embedded_at)"
                " VALUES ('movie', $1, $2, $3, $4, $5::real[], $6, clock_timestamp())",
                part,
            )
        await connection.execute("ANALYZE known_works")


async def timed(once: Callable[[int], Awaitable[object]], number: int) -> float:
    began = time.perf_counter()
    await once(number)
    return (time.perf_counter() - began) * 1000


async def measure(options: argparse.Namespace, folder: Path) -> int:
    async with AsyncExitStack() as stack:
        servers = EmbeddedServers()
        stack.push_async_callback(servers.close)
        urls = await servers.start(Config(state_dir=folder))
        database = Database(urls.postgres, smallest=1, largest=4, query_timeout=60)
        await database.open()
        stack.push_async_callback(database.close)
        await migrate(database)
        embedder = GgufEmbedder(converted("q8_0"))
        stack.push_async_callback(embedder.close)
        model = await embedder.key()

        random = np.random.default_rng(7)
        centres = random.standard_normal((200, 384), dtype=np.float32)
        vectors = centres[np.arange(options.works) % 200] + 0.8 * random.standard_normal(
            (options.works, 384), np.float32
        )
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        await fill(database, model, vectors)

        stories = StoryStore(database)
        index = VectorIndex(stories)
        before, began = psutil.Process().memory_info().rss, time.perf_counter()
        await index.refresh(model)
        loading, grown = time.perf_counter() - began, psutil.Process().memory_info().rss - before
        print(f"{len(index)} vectors loaded in {loading:.2f} s, {grown / 1e6:.0f} MB more in memory")

        asked = vectors[random.integers(0, options.works, options.rounds)]
        texts = ["[" + ",".join(f"{number:.6f}" for number in one) + "]" for one in asked]
        exact = "SELECT id FROM known_works ORDER BY embedding <=> $1::text::vector LIMIT 60"

        async def in_memory(number: int) -> object:
            return await index.nearest(asked[number : number + 1], 60)

        async def by_database(number: int) -> object:
            return await database.rows(exact, texts[number])

        ours, theirs, graph = [], [], []
        for number in range(options.rounds):
            ours.append(await timed(in_memory, number))
            if number % 4 == 0:
                theirs.append(await timed(by_database, number))
        print(row("in memory, exact", ours))
        print(row("pgvector, exact", theirs))
        if not options.without_hnsw:
            began = time.perf_counter()
            async with database.dedicated() as connection:
                await connection.execute(
                    "CREATE INDEX ON known_works USING hnsw (embedding vector_cosine_ops)"
                )
            built = time.perf_counter() - began
            again = []
            for number in range(options.rounds):
                graph.append(await timed(by_database, number))
                again.append(await timed(in_memory, number))
            found = {one["id"] for one in await database.rows(exact, texts[0])}
            true = {one for one, _ in await index.nearest(asked[:1], 60)}
            print(
                row("pgvector, HNSW", graph), f"  built in {built:.1f} s, recall {len(found & true) / 60:.2f}"
            )
            print(row("in memory, beside it", again))
        ratio = statistics.median(ours) / statistics.median(theirs)
        print(f"in memory / pgvector exact: {ratio:.2f}")

        await embedder.embed(["warm"])
        reading = [
            await timed(lambda n: embedder.embed([f"{QUESTIONS[n % 4]} {n}"]), number)
            for number in range(100)
        ]
        print(row("reading a question (Q8_0)", reading))
        semantic = Semantic(stories, index, lambda: embedder)
        whole = [await timed(lambda n: semantic.ask(QUESTIONS[n % 4]), number) for number in range(20)]
        print(row("the whole question, with reasons", whole))
        held = psutil.Process(embedder.pid).memory_info().rss / 1e6
        print(f"the model's own process: {held:.0f} MB; load {os.getloadavg()[0]:.1f}")
        good = statistics.median(ours) <= LIMIT_MS
        print(f"limit {LIMIT_MS:g} ms: {'kept' if good else 'NOT kept'}")
        return 0 if good else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--works", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--without-hnsw", action="store_true")
    options = parser.parse_args()
    log.configure("error", "text")
    folder = Path(tempfile.mkdtemp(prefix="sokoul-bench-"))
    try:
        return asyncio.run(measure(options, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
