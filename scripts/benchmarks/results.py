"""What 500 results cost from the sources' lists to the stored answer, against PTT on the same names.

usage: scripts/bench results [--rounds N] [--profile]

The whole of a search but its network: identified work, judging, merging, PostgreSQL, live events over NATS,
the document in Valkey and out of it again. CPU of this process alone, turn by turn with PTT. A probe that is
called in every round of the loop tells the longest time in which nobody else was served. Points must add up.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import hashlib
import json
import os
import pstats
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from PTT import parse_title

from sokoul import log
from sokoul.bus.bus import Bus
from sokoul.config.model import Config
from sokoul.domain.media import MediaType, Work
from sokoul.domain.offer import Offer
from sokoul.domain.quality import QualityProfile
from sokoul.engines.embedded.servers import EmbeddedServers, Urls
from sokoul.features.search.model import SearchWish
from sokoul.features.search.ports import Query
from sokoul.features.search.service import SearchService
from sokoul.features.search.sources import Sources
from sokoul.lifecycle import Tasks, spare_the_started
from sokoul.store.cache import Cache
from sokoul.store.database import Database
from sokoul.store.household import Household
from sokoul.store.migrate import migrate
from sokoul.store.searches import SearchStore
from sokoul.testing.fixed_profiles import FixedProfiles

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SOKOUL_SHARED") or ROOT.parent / "shared") / "corpus"
LIMIT, LONGEST_MS = 1.8, 50.0
# Sockets need a short path, and memory is quicker than a disk that syncs.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
COUNT, SOURCES = 500, 5
WORK = Work(MediaType.MOVIE, "Dune: Part Two", 2024, aliases=("Dune 2",), tmdb_id=693134, runtime_minutes=166)


def names(chance: random.Random) -> list[str]:
    """Real names; of every second film's the title is changed to the one that is asked for."""
    found: set[str] = set()
    for corpus, key in (("feed_items", "items"), ("radarr", "cases"), ("sonarr", "cases"), ("ptt", "cases")):
        listed = json.loads((SHARED / f"{corpus}.open.json").read_text(encoding="utf-8"))[key]
        found |= {each.get("title") or each["release"] for each in listed}
    chosen = chance.sample(sorted(name for name in found if 20 < len(name) < 255), COUNT)
    return [_renamed(name) if number % 2 else name for number, name in enumerate(chosen)]


def _renamed(name: str) -> str:
    """The rest of a name behind another title: from its year, resolution or season on."""
    words = name.replace("_", ".").replace(" ", ".").split(".")
    stated = [
        place
        for place, word in enumerate(words)
        if any(s in word.lower() for s in ("1080", "720", "2160", "web"))
    ]
    rest = words[stated[0] :] if stated else ["1080p", "WEB-DL", "x264-GRP"]
    return ".".join(["Dune", "Part", "Two", "2024", *rest])


def offers(chance: random.Random) -> list[list[Offer]]:
    """What five sources give: every fifth torrent is known to two of them."""
    lists: list[list[Offer]] = [[] for _ in range(SOURCES)]
    for number, name in enumerate(names(chance)):
        digest = hashlib.sha1(str(number - number % 5 if number % 5 == 4 else number).encode()).hexdigest()
        source = number % SOURCES
        lists[source].append(
            Offer(
                guid=f"https://indexer{source}.example/{number}",
                title=name,
                provider=f"indexer{source}",
                size_bytes=chance.randrange(700_000_000, 15_000_000_000),
                seeders=chance.choice((None, 0, 1, 7, 60, 900)),
                leechers=3,
                info_hash=digest,
                magnet_link=f"magnet:?xt=urn:btih:{digest}&tr=http%3A%2F%2Ftracker.example%2Fannounce",
                categories=(2000, 2040),
            )
        )
    return lists


@dataclass
class Listed:
    """A source that answers at once with what it was given."""

    name: str
    offers: list[Offer]
    timeout: float | None = None

    async def search(self, query: Query) -> list[Offer]:
        del query
        return self.offers


class Known:
    """Metadata that knows one film."""

    knows_films = True

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        del text, media_type, year
        return [WORK]

    async def describe(self, work: Work) -> Work:
        return work

    async def by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Work:
        del tmdb_id, media_type
        return WORK


class Probe:
    """Comes round with the loop; `longest` is the most milliseconds that one round of others took."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    async def run(self) -> None:
        while True:
            wall, cpu = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0)
            self.wall = max(self.wall, (time.perf_counter() - wall) * 1000)
            self.cpu = max(self.cpu, (time.thread_time() - cpu) * 1000)


class Bench:
    """A search service on real servers, with sources that cost nothing."""

    def __init__(self, database: Database, cache: Cache, bus: Bus, lists: Sequence[list[Offer]]) -> None:
        self._store = SearchStore(database)
        sources = Sources([Listed(f"indexer{n}", found) for n, found in enumerate(lists)], Known())
        self.service = SearchService(
            sources,
            FixedProfiles({"hd": QualityProfile(prefer_codecs=("hevc",))}, "hd"),
            store=self._store,
            household=Household(database),
            cache=cache,
            live=bus,
            wake=lambda: None,
        )
        self._database, self._tasks = database, Tasks("bench")

    async def user(self) -> uuid.UUID:
        found: uuid.UUID = await self._database.value(
            "INSERT INTO users (username, email, password_hash, role)"
            " VALUES ('bench', 'b@example.org', 'x', 'user') RETURNING id"
        )
        return found

    async def search(
        self, by: uuid.UUID, number: int, *, probed: bool
    ) -> tuple[float, Probe, dict[str, Any]]:
        """CPU seconds of one whole search, and its answer."""
        probe = Probe()
        asked = await self.service.request(
            SearchWish(f"dune part two {'x' * number}".strip(), MediaType.MOVIE, tmdb_id=1), by
        )
        task = self._tasks.spawn("probe", probe.run()) if probed else None
        started = time.process_time()
        await self.service.run(asked.search_id)
        answer = await self.service.answer(asked.search_id, by)
        took = time.process_time() - started
        if task:
            task.cancel()
        return took, probe, json.loads(answer)


def ptt(all_names: list[str]) -> float:
    started = time.process_time()
    for name in all_names:
        parse_title(name)
    return time.process_time() - started


def check(answer: dict[str, Any]) -> str:
    """Whether points add up on every one; raises SystemExit."""
    results = answer["results"]
    for each in results:
        total = sum(reason["points"] for reason in each["score_reasons"])
        if total != each["score"] or not 0 <= total <= 100 or each["rejected"] != bool(each["refusals"]):
            raise SystemExit(f"points do not add up: {each}")
        if not all(one["code"] and one["message"] and one["message_fr"] for one in each["refusals"]):
            raise SystemExit(f"a refusal without words: {each}")
    accepted = sum(not each["rejected"] for each in results)
    return f"{len(results)} results, {accepted} accepted, points add up on every one"


async def measure(urls: Urls, rounds: int, *, profiled: bool) -> int:
    chance = random.Random(11)
    lists = offers(chance)
    all_names = [offer.title for found in lists for offer in found]
    async with AsyncExitStack() as stack:
        database = Database(urls.postgres)
        await database.open()
        stack.push_async_callback(database.close)
        await migrate(database)
        cache = Cache(urls.redis)
        stack.push_async_callback(cache.close)
        bus = Bus(urls.nats)
        await bus.open()
        stack.push_async_callback(bus.close)
        bench = Bench(database, cache, bus, lists)
        by = await bench.user()
        spare_the_started()  # as the daemon does when it is ready
        ptt(all_names[:20])
        print(check((await bench.search(by, 0, probed=False))[2]))
        if profiled:
            return await profile(bench, by)
        return await compare(bench, by, all_names, rounds)


async def compare(bench: Bench, by: uuid.UUID, all_names: list[str], rounds: int) -> int:
    ours, theirs, walls, longest = [], [], [], 0.0
    for number in range(1, rounds + 1):
        theirs.append(ptt(all_names))
        took, _, answer = await bench.search(by, 2 * number, probed=False)
        ours.append(took)
        check(answer)
        _, probe, _ = await bench.search(by, 2 * number + 1, probed=True)
        walls.append(probe.wall)
        longest = max(longest, probe.cpu)
    mine, base = sorted(ours)[rounds // 2], sorted(theirs)[rounds // 2]
    ratio = mine / base
    print(f"ours {mine * 1000:.0f} ms CPU, PTT alone {base * 1000:.0f} ms, ratio {ratio:.2f} (limit {LIMIT})")
    print(
        f"longest round of the loop: {longest:.1f} ms of CPU (limit {LONGEST_MS:.0f});"
        f" by the clock {min(walls):.1f} to {max(walls):.1f} ms, load {os.getloadavg()[0]:.1f}"
    )
    return 0 if ratio <= LIMIT and longest <= LONGEST_MS else 1


async def profile(bench: Bench, by: uuid.UUID) -> int:
    """Where the time goes."""
    watch = cProfile.Profile()
    watch.enable()
    await bench.search(by, 1, probed=False)
    watch.disable()
    pstats.Stats(watch).sort_stats("tottime").print_stats(45)
    return 0


async def run(rounds: int, *, profiled: bool) -> int:
    servers = EmbeddedServers()
    with tempfile.TemporaryDirectory(prefix="sokoul-", dir=MEMORY, ignore_cleanup_errors=True) as folder:
        try:
            urls = await servers.start(Config(state_dir=Path(folder)))
            return await measure(urls, rounds, profiled=profiled)
        finally:
            await servers.close()


def main() -> int:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--profile", action="store_true")
    options = arguments.parse_args()
    log.configure("warning", "text")
    return uvloop.run(run(options.rounds, profiled=options.profile))


if __name__ == "__main__":
    sys.exit(main())
