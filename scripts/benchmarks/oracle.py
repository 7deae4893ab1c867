#!/usr/bin/env python3
"""A batch of ten judged by a model, how many answers are valid, and what searches without a model pay for it.

usage: scripts/bench oracle [--model FILE.gguf] [--batches 20]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import aiohttp  # noqa: E402  (the repository is put on the path first)

from sokoul.domain.media import MediaType, Wanted, Work  # noqa: E402
from sokoul.domain.offer import Offer  # noqa: E402
from sokoul.domain.opinion import Opinion  # noqa: E402
from sokoul.domain.quality import QualityProfile  # noqa: E402
from sokoul.domain.rules import Facts  # noqa: E402
from sokoul.engines.llm import grammar, prompts, strict  # noqa: E402
from sokoul.engines.llm.client import ChatClient, Prompt, Speaks  # noqa: E402
from sokoul.engines.llm.oracle import told  # noqa: E402
from sokoul.engines.llm.server import Model, ModelServer, engine, spare_threads  # noqa: E402
from sokoul.features.search.ranking import Ranking  # noqa: E402
from sokoul.testing import tiny_model  # noqa: E402

WANTED = Wanted(Work(MediaType.MOVIE, "Dune", 2021, original_title="Dune", runtime_minutes=155))
BATCH, RESULTS, ROUNDS = 10, 500, 7


def names(count: int) -> Iterator[str]:
    """Names of one film as many groups write it."""
    for number in range(count):
        source = ("BluRay", "WEB-DL", "WEBRip")[number % 3]
        yield f"Dune.2021.{('1080p', '2160p')[number % 2]}.{source}.x265.DDP5.1-GRP{number}"


async def judged(file: Path, batches: int) -> None:
    """Time and validity of batches of ten through the whole way: HTTP, grammar, strict reading."""
    server = ModelServer(Model(file))
    started = time.perf_counter()
    server.start()
    try:
        address = await server.served(300)
        print(
            f"served after {time.perf_counter() - started:.2f} s by {engine()}, {spare_threads()} thread(s)"
        )
        async with aiohttp.ClientSession() as http:
            client = ChatClient(http, lambda: address, model=server.name, speaks=Speaks.GRAMMAR)
            times, valid = [], 0
            for number in range(batches):
                some = [f"{name}.{number}" for name in names(BATCH)]
                before = time.perf_counter()
                text = await client.ask(
                    Prompt(prompts.judge("en"), told(WANTED, some)), grammar.verdicts(BATCH), timeout=600
                )
                times.append(time.perf_counter() - before)
                valid += len(strict.verdicts(text, BATCH)) == BATCH
    finally:
        await server.close()
    spread = f"{min(times):.2f}–{max(times):.2f}"
    print(f"batch of {BATCH}: median {statistics.median(times):.2f} s ({spread}); valid {valid} of {batches}")


async def ranked(*, model: bool) -> float:
    """CPU seconds of judging and ordering 500 results, with the model's opinions weighed in or without."""
    ranking = Ranking(uuid.UUID(int=1), WANTED, QualityProfile(), Facts())
    offers = [
        Offer(f"g{n}", name, "p", size_bytes=10**10 + n, seeders=n) for n, name in enumerate(names(RESULTS))
    ]
    before = time.process_time()
    await ranking.add(offers, until=asyncio.get_running_loop().time() + 600)
    if model:
        opinion = Opinion(match=True, confidence=90, reason="it fits")
        best = ranking.results[:BATCH]
        ranking.hear({each.judged.offer.title: opinion for each in best})
    return time.process_time() - before


async def main() -> int:
    """Both measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="a GGUF; without one half a megabyte of random numbers")
    parser.add_argument("--batches", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        await judged(given.model or tiny_model.write(Path(folder) / "tiny.gguf"), given.batches)
    pairs = [(await ranked(model=False), await ranked(model=True)) for _ in range(ROUNDS)]
    off, on = statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)
    print(
        f"{RESULTS} results judged: {off * 1000:.0f} ms of CPU without a model, {on * 1000:.0f} ms weighed in"
    )
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
