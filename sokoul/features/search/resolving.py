"""What links lead to, read while the search goes on: hashes of .torrent files, resolutions of streams."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import structlog

from sokoul.domain.errors import SokoulError
from sokoul.domain.offer import Offer, Protocol
from sokoul.features.search.model import Result
from sokoul.features.search.ports import Linked, StreamPlaylists, TorrentLinks
from sokoul.lifecycle import Tasks

log = structlog.get_logger(__name__)

# An indexer counts each as a grab, so only what may be chosen is looked at.
MOST_LINKS: Final = 20
AT_ONCE: Final = 6
PATIENCE: Final = 8.0

# What is known of an offer once its link was read; None where that told nothing.
Change = Callable[[Offer], Offer]
Read = Callable[[], Awaitable[Change | None]]
Learn = Callable[[str, Change], Awaitable[None]]
_LONGEST_TITLE: Final = 240
# Refusals that a resolution may lift.
_UNTOLD: Final = frozenset({"quality.silent", "quality.unknown"})


class Resolving:
    """The best results that came without a hash or a resolution; `learn` hears of each link that was read."""

    def __init__(
        self,
        links: TorrentLinks | None,
        playlists: StreamPlaylists | None,
        tasks: Tasks,
        learn: Learn,
        *,
        deadline: float,
    ) -> None:
        self._links, self._playlists = links, playlists
        self._tasks, self._learn, self._deadline = tasks, learn, deadline
        self._clock = asyncio.get_running_loop().time
        self._free = asyncio.Semaphore(AT_ONCE)
        self._reading: dict[str, asyncio.Task[None]] = {}
        self._unread = 0
        self.began: float | None = None
        self.ended = 0.0

    def look(self, results: Iterable[Result]) -> None:
        """Begin to read the links of those that may be chosen and lack what their link tells."""
        for each in results:
            url, read = each.judged.offer.url, self._reader(each)
            if url is None or read is None or url in self._reading or len(self._reading) >= MOST_LINKS:
                continue
            self.began = self._clock() if self.began is None else self.began
            self._reading[url] = self._tasks.spawn("link", self._read(url, read))

    async def settle(self) -> str | None:
        """Wait for what was begun, until the deadline; what went wrong, in words."""
        waiting = set(self._reading.values())
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=max(0.0, self._deadline - self._clock()))
            self._unread += len(late)
            self.ended = self._clock()
        if not self._unread:
            return None
        return f"{self._unread} of {len(self._reading)} links could not be read"

    def _reader(self, result: Result) -> Read | None:
        offer = result.judged.offer
        if self._links is not None and _is_open(result):
            return partial(_torrent, self._links, offer.url or "")
        if self._playlists is not None and _is_unmeasured(result):
            return partial(_stream, self._playlists, offer.url or "", offer.headers)
        return None

    async def _read(self, url: str, read: Read) -> None:
        try:
            async with self._free, asyncio.timeout_at(min(self._deadline, self._clock() + PATIENCE)):
                change = await read()
        except (SokoulError, TimeoutError) as err:
            # The release stays with its link: who chooses it hears then what is wrong with it.
            log.info("link not read", error=str(err) or "it took too long")
            self._unread += 1
            return
        if change is not None:
            await self._learn(url, change)


async def _torrent(links: TorrentLinks, url: str) -> Change:
    found = await links.read(url)
    return lambda offer: linked(offer, found)


async def _stream(playlists: StreamPlaylists, url: str, headers: Sequence[tuple[str, str]]) -> Change | None:
    lines = await playlists.lines(url, headers)
    return None if lines is None else lambda offer: measured(offer, lines)


def linked(offer: Offer, found: Linked) -> Offer:
    """The offer with what its link led to; the torrent's own size is the true one."""
    return replace(
        offer,
        info_hash=found.info_hash,
        magnet_link=offer.magnet_link or found.magnet_link,
        size_bytes=found.size_bytes or offer.size_bytes,
        files=found.files,
    )


def measured(offer: Offer, lines: int) -> Offer:
    """The offer with its resolution where a name has it: there every rule and every reader looks."""
    return replace(offer, title=f"{offer.title[:_LONGEST_TITLE]} {lines}p")


def _is_unmeasured(result: Result) -> bool:
    """A stream that does not say what it shows, and is turned down for nothing else."""
    judged = result.judged
    return (
        judged.offer.protocol is Protocol.HLS
        and judged.offer.url is not None
        and judged.release.resolution is None
        and all(refusal.said.kind in _UNTOLD for refusal in judged.refusals)
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
