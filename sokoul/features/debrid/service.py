"""Having a torrent handed out by a debrid service, and learning from each try what is ready where."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from sokoul.domain.debrid import ReadyAt, Service
from sokoul.domain.errors import Refused
from sokoul.domain.payload import PayloadFile, is_video, judge_payload, pick_main
from sokoul.features.debrid.keys import DebridKeys, Opened
from sokoul.features.debrid.model import (
    DebridTrouble,
    Kind,
    Link,
    Prepared,
    RemoteFile,
    RemoteTorrent,
    Seen,
    Stage,
    TorrentWish,
    taken_down,
)
from sokoul.features.debrid.ports import Knowledge, Memory

log = structlog.get_logger(__name__)

# Services throw out what nobody asked for in weeks: what was seen longer ago is no knowledge.
FRESH: Final = timedelta(days=30)
# A torrent is ready "at once" when it is within this many seconds: converting a magnet takes a moment.
AT_ONCE: Final = 8.0
_POLLS: Final = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
_SLOWEST: Final = 30.0
_HELD: Final = 86_400.0
_SUBTITLES: Final = (".srt", ".ass", ".ssa", ".vtt", ".sub", ".idx")


class DebridService:
    """Prepares torrents, unlocks links, and knows what was ready where."""

    def __init__(
        self, keys: DebridKeys, knowledge: Knowledge, memory: Memory, *, at_once: float = AT_ONCE
    ) -> None:
        self.keys = keys
        self._knowledge, self._memory, self._at_once = knowledge, memory, at_once

    # What is known

    async def services(self, user_id: uuid.UUID | None) -> frozenset[Service]:
        """Where this user may have torrents handed out."""
        return await self.keys.services(user_id) if user_id is not None else frozenset()

    async def ready(
        self, hashes: Collection[str], services: Collection[Service]
    ) -> Mapping[str, tuple[ReadyAt, ...]]:
        """Of these torrents those that were seen ready at one of the services, with when."""
        found: dict[str, list[ReadyAt]] = defaultdict(list)
        if hashes and services:
            known = await self._knowledge.learnt(hashes, services, since=datetime.now(UTC) - FRESH)
            for one in known:
                if one.seen is Seen.READY:
                    found[one.info_hash].append(ReadyAt(one.service, one.at))
        return {info_hash: tuple(marks) for info_hash, marks in found.items()}

    # Torrents

    async def prepare(self, wish: TorrentWish, *, patient: bool = False) -> Prepared:
        """The torrent, ready at the first service that has it; `patient` waits while a service fetches it.

        Raises DebridTrouble with what the last of them said, Refused for what nobody should download.
        """
        last: DebridTrouble | None = None
        for account in await self._in_order(wish):
            try:
                return await self._prepare_at(account, wish, patient=patient)
            except DebridTrouble as trouble:
                log.info("a debrid service said no", service=account.service.value, code=trouble.code)
                last = trouble
        raise last or _no_account()

    async def unlock(self, user_id: uuid.UUID, link: str, service: Service | None = None) -> Link:
        """The address behind a link, by the first account that can; raises DebridTrouble."""
        last: DebridTrouble | None = None
        for account in await self.keys.opened(user_id):
            if service is not None and account.service is not service:
                continue
            try:
                return await account.client.unlock(link)
            except DebridTrouble as trouble:
                last = trouble
        raise last or _no_account()

    async def _in_order(self, wish: TorrentWish) -> list[Opened]:
        """Where it was seen ready first; not where it was taken down."""
        accounts = await self.keys.opened(wish.user_id)
        known = await self._knowledge.learnt(
            [wish.info_hash], [one.service for one in accounts], since=datetime.now(UTC) - FRESH
        )
        seen = {one.service: one for one in known}
        refused = [one for one in seen.values() if one.seen is Seen.REFUSED]
        if refused and len(refused) == len(accounts):
            raise taken_down(refused[0].service, refused[0].reason)
        rank = {service: {Seen.READY: 0, Seen.ABSENT: 2}.get(one.seen, 3) for service, one in seen.items()}
        asked = [one for one in accounts if rank.get(one.service) != 3]
        return sorted(asked, key=lambda one: rank.get(one.service, 1))

    async def _prepare_at(self, account: Opened, wish: TorrentWish, *, patient: bool) -> Prepared:
        place = f"debrid:{account.mark}:{wish.info_hash}"
        try:
            torrent_id, torrent = await self._taken_in(account, wish, place)
            torrent = await self._wait(account, torrent_id, torrent, patient=patient)
        except DebridTrouble as trouble:
            await self._memory.drop(place)
            if trouble.kind is Kind.TAKEN_DOWN:
                await self._learn(account, wish, Seen.REFUSED, str(trouble))
            elif trouble.kind is Kind.TORRENT:
                await self._learn(account, wish, Seen.ABSENT)
            raise
        await self._learn(account, wish, Seen.READY)
        await self._memory.put(place, torrent_id.encode(), seconds=_HELD)
        files = tuple(file for file in torrent.files if file.link is not None)
        return Prepared(account.service, account.owner, torrent.name, files)

    async def _taken_in(self, account: Opened, wish: TorrentWish, place: str) -> tuple[str, RemoteTorrent]:
        """The torrent as it is there: one that was handed over before is not handed over twice."""
        known = await self._memory.get(place, kind="debrid")
        if known:
            try:
                return known.decode(), await account.client.look(known.decode())
            except DebridTrouble as trouble:
                if trouble.kind not in {Kind.GONE, Kind.TORRENT}:
                    raise
        torrent_id = await account.client.add(wish.magnet)
        return torrent_id, await account.client.look(torrent_id)

    async def _wait(
        self, account: Opened, torrent_id: str, torrent: RemoteTorrent, *, patient: bool
    ) -> RemoteTorrent:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._at_once
        polls = iter(_POLLS)
        while torrent.stage is not Stage.READY:
            if torrent.stage is Stage.CHOOSE:
                await self._choose(account, torrent_id, torrent)
            elif loop.time() > until and not patient:
                await self._give_up(account, torrent_id)
                raise _not_ready(account.service, torrent.progress)
            else:
                await asyncio.sleep(next(polls, _SLOWEST))
            torrent = await account.client.look(torrent_id)
        return torrent

    async def _choose(self, account: Opened, torrent_id: str, torrent: RemoteTorrent) -> None:
        try:
            wanted = worthwhile(torrent)
        except Refused:
            await self._give_up(account, torrent_id)
            raise
        await account.client.choose(torrent_id, wanted)

    async def _give_up(self, account: Opened, torrent_id: str) -> None:
        """Nobody waits for it there: it is not left to fill the account's slots."""
        try:
            await account.client.drop(torrent_id)
        except DebridTrouble as trouble:
            log.info("a torrent stays in a debrid account", service=account.service.value, error=str(trouble))

    async def _learn(self, account: Opened, wish: TorrentWish, seen: Seen, reason: str | None = None) -> None:
        await self._knowledge.learn(account.service, wish.info_hash, seen, reason)


def worthwhile(torrent: RemoteTorrent) -> list[int]:
    """The films and their subtitles; Refused where the payload is none that anybody should have."""
    payload = [PayloadFile(file.path, file.size_bytes) for file in torrent.files]
    if refusals := judge_payload(payload, name=torrent.name):
        raise Refused(refusals[0].code, refusals[0].message)
    kept = [
        file.index for file in torrent.files if is_video(file.path) or file.path.lower().endswith(_SUBTITLES)
    ]
    return kept or [file.index for file in torrent.files]


def main_file(files: Sequence[RemoteFile]) -> RemoteFile:
    """The film itself, the first of several; raises Refused where there is none."""
    main = pick_main([PayloadFile(file.path, file.size_bytes) for file in files])
    if not main:
        raise Refused("no_video", "there is no film in this torrent")
    return files[main[0]]


def _not_ready(service: Service, progress: float) -> DebridTrouble:
    return DebridTrouble(
        Kind.TORRENT,
        "not_ready",
        f"{service.called} does not have this torrent ready; it stands at {progress:.0f} %",
        "Take it as a torrent, or download it by the service and wait.",
    )


def _no_account() -> DebridTrouble:
    return DebridTrouble(
        Kind.KEY,
        "no_account",
        "There is no debrid account that can be used for this",
        "Enter your key of Real-Debrid or AllDebrid in your account.",
    )
