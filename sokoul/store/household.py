"""What the house has, fetches, threw out and blocked, as judging wants to know it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.release import Release, parse
from sokoul.domain.rules import Facts
from sokoul.domain.rules.facts import Copy, Fetch, Policy, numbers_of
from sokoul.store.claims import trust_from
from sokoul.store.database import Database, Row, queries
from sokoul.store.rows import text

SQL = queries("household")
FreeSpace = Callable[[], Awaitable[int | None]]

# Names read at a stretch before others may run: about 10 ms.
_AT_ONCE = 10
_MOST_NAMES, _LONGEST_NAME = 50, 500
_LARGEST = 2**31


class Household:
    """Reads media, downloads, blocklist, bin and claims in one question."""

    def __init__(
        self, database: Database, policy: Policy | None = None, free: FreeSpace | None = None
    ) -> None:
        self._database, self._policy, self._free = database, policy or Policy(), free

    async def facts(self, wanted: Wanted) -> Facts:
        """All of it for one search by hand, as it is now."""
        rows = await self._database.rows(SQL["facts"], *_question(wanted))
        releases = await _read([row for row in rows if row["what"] in ("copy", "fetch")])
        return Facts(
            now=datetime.now(UTC),
            blocklist=_texts(rows, "blocked"),
            removed=_texts(rows, "removed"),
            copies=tuple(_copy(row, releases[row["name"]]) for row in rows if row["what"] == "copy"),
            fetches=tuple(_fetch(row, releases[row["name"]]) for row in rows if row["what"] == "fetch"),
            free_bytes=await self._free() if self._free else None,
            policy=self._policy,
            trust=trust_from([row for row in rows if row["what"] in ("group", "indexer")]),
        )


async def _read(rows: Sequence[Row]) -> dict[str, Release]:
    releases: dict[str, Release] = {}
    for number, name in enumerate({row["name"] for row in rows}, 1):
        releases[name] = parse(name)
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
    return releases


def _copy(row: Row, release: Release) -> Copy:
    """What was measured wins over what the name says."""
    release = replace(release, resolution=row["resolution"] or release.resolution)
    numbers = set(numbers_of(release))
    if row["season"] is not None and row["episode"] is not None:
        own = (row["season"], row["episode"])
        # A name that counts otherwise (absolute numbers) is right too; one that says another season is not.
        numbers = numbers | {own} if own in numbers or release.absolute else {own}
    return Copy(row["name"], release, row["at"], tuple(sorted(numbers)), row["size_bytes"])


def _fetch(row: Row, release: Release) -> Fetch:
    return Fetch(row["name"], release, row["at"], row["info_hash"], row["running"], row["imported"])


def _texts(rows: Sequence[Row], what: str) -> frozenset[str]:
    return frozenset(row["name"] for row in rows if row["what"] == what)


def _question(wanted: Wanted) -> tuple[object, ...]:
    """What the query asks with; sources of facts may tell what no table can hold."""
    work = wanted.work
    tmdb_id = work.tmdb_id if work.tmdb_id is not None and 0 <= work.tmdb_id < _LARGEST else None
    year = work.year if work.year is not None and 0 <= work.year < 10_000 else None
    season = wanted.season if wanted.season is not None and 0 <= wanted.season < _LARGEST else None
    return tmdb_id, _kind(work), text(work.imdb_id, 20), _names(work), year, season


def _kind(work: Work) -> str:
    return MediaType.TV if work.media_type is MediaType.EPISODE else work.media_type


def _names(work: Work) -> list[str]:
    names = (text(name, _LONGEST_NAME) for name in (work.title, work.original_title, *work.aliases))
    return [name for name in names if name][:_MOST_NAMES]
