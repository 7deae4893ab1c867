"""Turns magnets, .torrent files and saved progress into what libtorrent adds, without the hostile parts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import libtorrent as lt

from sokoul.domain.errors import Refused
from sokoul.features.download.metainfo import LARGEST, Metainfo
from sokoul.features.download.ports import TorrentSource
from sokoul.outbound import OutboundGuard, is_public

MOST_TRACKERS: Final = 50
_MOST_SEEDS: Final = 20
_LOOK_UP: Final = 10.0
_PORTS: Final = {"http": 80, "https": 443, "udp": 80}
_LIMITS: Final[dict[str, int]] = {
    "max_buffer_size": LARGEST,
    "max_pieces": 0x100000,
    "max_decode_depth": 60,
    "max_decode_tokens": 1_000_000,
}


def parse(source: TorrentSource) -> lt.add_torrent_params:
    """What the source says; Refused when libtorrent cannot read it. Blocks for a large .torrent file."""
    try:
        magnet = lt.parse_magnet_uri(source.magnet) if source.magnet is not None else None
        if source.torrent is None:
            return magnet if magnet is not None else lt.parse_magnet_uri("")
        limits: Any = dict(_LIMITS)
        params = lt.load_torrent_buffer(source.torrent, limits)
    except (RuntimeError, ValueError, UnicodeError) as err:
        raise Refused("bad_torrent", "this is not a usable torrent or magnet link") from err
    if magnet is not None:
        params.trackers = [*params.trackers, *magnet.trackers]
        params.url_seeds = [*params.url_seeds, *magnet.url_seeds]
    return params


def parse_resume(data: bytes, source: lt.add_torrent_params) -> lt.add_torrent_params | None:
    """Saved progress, when it can be read, has its metadata and is of the same torrent; else None. Blocks."""
    try:
        saved = lt.read_resume_data(data)
    except (RuntimeError, ValueError, UnicodeError):
        return None
    info, known = saved.ti, source.ti
    if info is None or known is None or not _same(info.info_hashes(), known.info_hashes()):
        return None
    if len(saved.have_pieces) > info.num_pieces() + 7:  # whole bytes of eight pieces
        return None
    return saved


def _same(one: lt.info_hash_t, other: lt.info_hash_t) -> bool:
    if one.has_v1() and other.has_v1():
        return one.v1 == other.v1
    return one.has_v2() and other.has_v2() and one.v2 == other.v2


def mapped_files(info: lt.torrent_info, meta: Metainfo) -> dict[int, int]:
    """libtorrent's index of each file that holds content; Refused when the two read different lists."""
    storage = info.layout()
    by_place = {
        (storage.file_offset(index), storage.file_size(index)): index
        for index in range(storage.num_files())
        if not storage.file_flags(index) & lt.file_flags_t.flag_pad_file and storage.file_size(index) > 0
    }
    filled = [file for file in meta.content if file.size_bytes > 0]
    found = {file.index: by_place.get((file.offset, file.size_bytes)) for file in filled}
    if len(by_place) != len(filled) or None in found.values():
        raise Refused("bad_torrent", "this is not a usable torrent: its file list can be read in two ways")
    return {index: place for index, place in found.items() if place is not None}


class Contacts:
    """The trackers and web seeds of one source: at most fifty, and none inside this house unless listed."""

    def __init__(self, guard: OutboundGuard, params: lt.add_torrent_params) -> None:
        self._guard = guard
        self._trackers = self._possible(params.trackers)[:MOST_TRACKERS]
        self._seeds = self._possible(params.url_seeds)[:_MOST_SEEDS]

    def strip(self, params: lt.add_torrent_params) -> None:
        """Leave in only what needs no look at the name service; peers and nodes named by others go."""
        params.trackers = [url for url in self._trackers if self._plain(url)]
        params.tracker_tiers = [0] * len(params.trackers)
        params.url_seeds = [url for url in self._seeds if self._plain(url)]
        params.http_seeds = []
        params.peers = []
        params.dht_nodes = []

    async def add_named(self, handle: lt.torrent_handle) -> None:
        """Look the other hosts up, and add each that turns out to be outside."""
        trackers = [url for url in self._trackers if not self._plain(url)]
        seeds = [url for url in self._seeds if not self._plain(url)]
        await asyncio.gather(
            *(self._add_if_outside(url, partial(_add_tracker, handle)) for url in trackers),
            *(self._add_if_outside(url, handle.add_url_seed) for url in seeds),
        )

    async def _add_if_outside(self, url: str, add: Callable[[str], None]) -> None:
        place = _place(url)
        if place is None:
            return
        try:
            async with asyncio.timeout(_LOOK_UP):
                outside = await self._guard.may_dial(*place)
        except TimeoutError:
            return
        if outside:
            add(url)

    def _possible(self, urls: list[str]) -> list[str]:
        places = ((url, _place(url)) for url in dict.fromkeys(urls))
        return [url for url, place in places if place is not None and self._guard.may_name(*place)]

    def _plain(self, url: str) -> bool:
        place = _place(url)
        return place is not None and (self._guard.is_allowed(*place) or is_public(place[0]))


def _add_tracker(handle: lt.torrent_handle, url: str) -> None:
    handle.add_tracker({"url": url, "tier": 0})


def _place(url: str) -> tuple[str, int] | None:
    """Host and port, when the address is one that a tracker or web seed may have."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or parts.username or len(url) > 2000:
        return None
    return parts.hostname, port
