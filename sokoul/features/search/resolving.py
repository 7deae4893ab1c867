"""Links to .torrent files turned into info hashes and file lists, while the search goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Final

import structlog

from sokoul.domain.errors import SokoulError
from sokoul.domain.offer import Offer, Protocol
from sokoul.features.search.model import Result
from sokoul.features.search.ports import Linked, TorrentLinks
from sokoul.lifecycle import Tasks

log = structlog.get_logger(__name__)

# An indexer counts each as a grab, so only what may be chosen is looked at.
MOST_LINKS: Final = 20
AT_ONCE: Final = 6
PATIENCE: Final = 8.0

Learn = Callable[[str, Linked], Awaitable[None]]


class Resolving:
    """The best results that came without a hash; `learn` hears of each link that was read."""

    def __init__(self, links: TorrentLinks, tasks: Tasks, learn: Learn, *, deadline: float) -> None:
        self._links, self._tasks, self._learn, self._deadline = links, tasks, learn, deadline
        self._clock = asyncio.get_running_loop().time
        self._free = asyncio.Semaphore(AT_ONCE)
        self._reading: dict[str, asyncio.Task[None]] = {}
        self._unread = 0
        self.began: float | None = None
        self.ended = 0.0

    def look(self, results: Iterable[Result]) -> None:
        """Begin to read the links of those that may be chosen and have no hash."""
        for url in (each.judged.offer.url for each in results if _is_open(each)):
            if url is not None and url not in self._reading and len(self._reading) < MOST_LINKS:
                self.began = self._clock() if self.began is None else self.began
                self._reading[url] = self._tasks.spawn("link", self._read(url))

    async def settle(self) -> str | None:
        """Wait for what was begun, until the deadline; what went wrong, in words."""
        waiting = set(self._reading.values())
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=max(0.0, self._deadline - self._clock()))
            self._unread += len(late)
            self.ended = self._clock()
        if not self._unread:
            return None
        return f"{self._unread} of {len(self._reading)} links to .torrent files could not be read"

    async def _read(self, url: str) -> None:
        try:
            async with self._free, asyncio.timeout_at(min(self._deadline, self._clock() + PATIENCE)):
                found = await self._links.read(url)
        except (SokoulError, TimeoutError) as err:
            # The release stays with its link: who chooses it hears then what is wrong with it.
            log.info("link not read", error=str(err) or "it took too long")
            self._unread += 1
            return
        await self._learn(url, found)


def linked(offer: Offer, found: Linked) -> Offer:
    """The offer with what its link led to; the torrent's own size is the true one."""
    return replace(
        offer,
        info_hash=found.info_hash,
        magnet_link=offer.magnet_link or found.magnet_link,
        size_bytes=found.size_bytes or offer.size_bytes,
        files=found.files,
    )


def _is_open(result: Result) -> bool:
    offer = result.judged.offer
    return (
        not result.judged.rejected
        and offer.protocol is Protocol.TORRENT
        and not offer.info_hash
        and not offer.magnet_link
        and offer.url is not None
    )
