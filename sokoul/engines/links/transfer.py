"""The fetching of one download's files: one connection, which goes where somebody reads."""

from __future__ import annotations

import asyncio
import errno
import json
from collections.abc import AsyncGenerator, Collection
from pathlib import Path
from typing import Final
from uuid import UUID

import aiohttp
import structlog

from sokoul.domain.errors import NotFound, ProviderUnavailable, Refused, SokoulError, Unavailable, WrongState
from sokoul.domain.payload import PayloadFile, is_video, pick_main
from sokoul.engines.links.holes import Have
from sokoul.engines.links.pace import Meter, Throttle
from sokoul.engines.links.part import Part
from sokoul.engines.links.probing import Probed, apart, probe, safe_path
from sokoul.engines.torrent.resume import ResumeFiles
from sokoul.features.download.metainfo import Metainfo, TorrentFile
from sokoul.features.download.ports import EngineState, FileProgress, LinkSource, TorrentStatus
from sokoul.remote import Answer, Place, Remote

log = structlog.get_logger(__name__)

CHUNK: Final = 256 * 1024
OPENING: Final = 4 * 1024 * 1024
ENDING: Final = 1024 * 1024
# A reader that is at most so far ahead of what is coming in waits; farther, the connection moves there.
NEAR: Final = 8 * 1024 * 1024
MOST_FAILURES: Final = 6
_SAVE_EVERY: Final = 32 * 1024 * 1024


class Moved(Exception):
    """Somebody reads elsewhere: fetch there first."""


class Broken(Exception):
    """This try failed; the next may not."""


class Transfer:
    """Runs on the event loop; the disk is touched in threads."""

    def __init__(
        self,
        key: UUID,
        source: LinkSource,
        folder: Path,
        remote: Remote,
        throttle: Throttle,
        kept: ResumeFiles,
        wait: float,
    ) -> None:
        self._wait = wait
        self.key, self.source, self.folder = key, source, folder
        self._remote, self._throttle, self._kept = remote, throttle, kept
        loop = asyncio.get_running_loop()
        self.meter = Meter(loop.time)
        self.parts: list[Part] = []
        self.known: asyncio.Future[Metainfo] = loop.create_future()
        self.finished = asyncio.Event()
        self.unpaused = asyncio.Event()
        self.unpaused.set()
        self.begun, self.no_space = False, False
        self.error: SokoulError | None = None
        self._progress = asyncio.Event()
        self._wanted: set[int] = set()
        self._readers: dict[object, tuple[int, int]] = {}
        self._unsaved = 0
        self._failures, self._most = 0, 0

    # What it is

    async def learn(self) -> None:
        """Find out what the files are; raises Refused, NotFound, ProviderUnavailable."""
        files = list(self.source.files)
        if len(files) == 1 and files[0].size_bytes is None:
            found = await self._probe(files[0].path)
            part = Part(0, found.name, self.folder / found.name, Have(found.size), found.ranges, found.tag)
            self.parts = [part]
        else:
            paths = apart([safe_path(file.path) for file in files])
            self.parts = [
                Part(index, path, self.folder / path, Have(file.size_bytes or 0))
                for index, (path, file) in enumerate(zip(paths, files, strict=True))
            ]
        await asyncio.to_thread(self._recall)
        told = tuple(TorrentFile(part.index, part.name, part.size, 0) for part in self.parts)
        self.known.set_result(Metainfo(self.source.name or self.parts[0].name, 0, told, None, None))

    async def _probe(self, name: str) -> Probed:
        for wait in (3 * self._wait, 10 * self._wait):
            try:
                return await probe(self._remote, await self._place(0, fresh=False), name)
            except ProviderUnavailable as err:
                log.info("an address does not answer yet", download=str(self.key), error=str(err), wait=wait)
            await asyncio.sleep(wait)
        return await probe(self._remote, await self._place(0, fresh=True), name)

    def part(self, index: int) -> Part:
        """The file of that index; NotFound, or WrongState before it is known."""
        if not self.parts:
            raise WrongState("it is not known yet what this address gives")
        for part in self.parts:
            if part.index == index:
                return part
        raise NotFound("there is no such file in this download")

    def select(self, files: Collection[int] | None) -> None:
        """Want these files, all of them for None."""
        everything = {part.index for part in self.parts}
        self._wanted = everything if files is None else everything & set(files)
        self.finished.clear()

    def status(self) -> TorrentStatus:
        """Where it stands."""
        wanted = [part for part in self.parts if part.index in self._wanted]
        files = tuple(self._told(part) for part in self.parts)
        return TorrentStatus(
            state=self._state(),
            paused=not self.unpaused.is_set(),
            total_wanted=sum(part.size for part in wanted),
            done_wanted=sum(file.done_bytes for file in files if file.wanted),
            download_rate=self.meter.rate(),
            seeds=1 if self.begun and not self.finished.is_set() else 0,
            error=str(self.error) if self.error else None,
            no_space=self.no_space,
            files=files,
        )

    def _state(self) -> EngineState:
        if not self.parts:
            return EngineState.METADATA
        if not self.begun:
            return EngineState.WAITING
        return EngineState.FINISHED if self.finished.is_set() else EngineState.DOWNLOADING

    def _told(self, part: Part) -> FileProgress:
        at = max((offset for index, offset in self._readers.values() if index == part.index), default=0)
        opening = part.have.holds(0, min(OPENING, part.size))
        ending = not part.ranges or part.have.holds(max(0, part.size - ENDING), part.size)
        return FileProgress(
            part.index,
            part.have.total,
            part.index in self._wanted,
            opening and ending,
            part.have.until(at) - at,
        )

    # Fetching

    async def run(self) -> None:
        """Fetch until everything wanted is in; what fails is tried again, and told by `error` in the end."""
        while (job := self._next()) is not None:
            await self.unpaused.wait()
            try:
                await self._fetch(*job)
            except Moved:
                continue
            except OSError as err:
                await self._out_of_disk(err)
            except (Broken, ProviderUnavailable, NotFound) as err:
                await self._failed(err)
        for part in self.parts:
            if part.index in self._wanted and not await asyncio.to_thread(part.settle):
                raise Refused("cut", "a file is not as long as it should be")
        await self.save()
        self.finished.set()
        self._tell()

    async def _failed(self, err: Exception) -> None:
        self._failures += 1
        log.info("a download broke off", download=str(self.key), error=str(err), times=self._failures)
        if self._failures >= MOST_FAILURES:
            raise Refused("cut", f"the server breaks off again and again: {err}") from err
        await asyncio.sleep(min(self._wait * 2**self._failures, 30.0))

    async def _out_of_disk(self, err: OSError) -> None:
        if err.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise Refused("disk", f"the disk does not take it: {err.strerror}") from err
        self.no_space = True
        self.unpaused.clear()

    def _next(self) -> tuple[Part, int, int] | None:
        """The hole that is wanted most: where somebody reads, the film's ends, then one after the other."""
        for index, offset in reversed(self._readers.values()):
            part = self.part(index)
            if part.ranges and (hole := part.have.hole(offset)) is not None and index in self._wanted:
                return part, *hole
        wanted = [part for part in self.parts if part.index in self._wanted and not part.have.complete]
        for part in self._films(wanted):
            for start, end in ((0, OPENING), (part.size - ENDING, part.size)):
                hole = part.have.hole(max(0, start)) if part.ranges else None
                if hole is not None and hole[0] < min(end, part.size):
                    return part, hole[0], min(hole[1], end, part.size)
        for part in wanted:
            if (hole := part.have.hole(0)) is not None:
                return part, *hole
        return None

    def _films(self, parts: list[Part]) -> list[Part]:
        main = pick_main([PayloadFile(part.name, part.size) for part in parts if is_video(part.name)])
        films = [part for part in parts if is_video(part.name)]
        return [films[place] for place in main]

    async def _fetch(self, part: Part, start: int, end: int) -> None:
        place = await self._place(part.index, fresh=self._failures > 0)
        extra = {"Range": f"bytes={start}-{end - 1}"}
        if part.tag is not None:
            extra["If-Range"] = part.tag
        async with self._remote.open(place, extra=extra) as answer:
            start = await self._check(part, answer, start)
            await self._take(part, answer, start, end)

    async def _check(self, part: Part, answer: Answer, start: int) -> int:
        """Where the answer begins, once it is sure that it is this file and no other."""
        told = answer.stretch()
        if answer.status not in {200, 206} or told is None:
            raise Broken(f"the server answered {answer.status}")
        if told.total != part.size or (part.tag is not None and told.tag != part.tag):
            await asyncio.to_thread(part.start_over)
            if told.total != part.size:
                raise Refused("changed", "the file at this address is another one now; start it again")
            part.tag = told.tag
            raise Broken("the file was changed meanwhile")
        part.tag = part.tag or told.tag
        if answer.status == 206:
            if told.start != start:
                raise Broken("the server sent another stretch than was asked for")
            return start
        # It gives the whole file only: from the beginning, one way through.
        part.ranges = False
        if start:
            await asyncio.to_thread(part.start_over)
        return 0

    async def _take(self, part: Part, answer: Answer, at: int, end: int) -> None:
        until = end if part.ranges else part.size
        pending = bytearray()
        try:
            async for chunk in answer.reply.content.iter_any():
                pending += chunk[: until - at - len(pending)]
                if len(pending) >= CHUNK or at + len(pending) >= until:
                    at = await self._put(part, at, pending)
                    self._look_up(part, at)
                if at >= until:
                    return
        except (aiohttp.ClientError, ConnectionError, TimeoutError) as err:
            raise Broken("the connection was cut") from err
        finally:
            if pending and part.ranges:
                at = await self._put(part, at, pending)
        if at < until:
            raise Broken("the server sent less than it had promised")

    async def _put(self, part: Part, at: int, pending: bytearray) -> int:
        count = len(pending)
        await asyncio.to_thread(part.write, at, bytes(pending))
        pending.clear()
        part.have.add(at, at + count)
        self.meter.add(count)
        self._unsaved += count
        # Only what was never there before is progress: a server may begin anew for ever.
        if (total := sum(one.have.total for one in self.parts)) > self._most:
            self._most, self._failures = total, 0
        self._tell()
        if self._unsaved >= _SAVE_EVERY:
            await self.save()
        await self._throttle.take(count)
        return at + count

    def _look_up(self, part: Part, at: int) -> None:
        """Stop here where it is paused, or the newest reader waits for bytes that are far from these."""
        if not self.unpaused.is_set():
            raise Moved
        if not part.ranges or not self._readers:
            return
        index, offset = next(reversed(self._readers.values()))
        missing = self.part(index).have.hole(offset)
        if missing is None or missing[0] - offset > NEAR:
            return
        if index != part.index or not at <= missing[0] <= at + NEAR:
            raise Moved

    async def _place(self, index: int, *, fresh: bool) -> Place:
        url, headers = await self.source.address(index, fresh=fresh)
        return Place(url, headers)

    # Reading meanwhile

    async def read(self, index: int, offset: int, length: int) -> AsyncGenerator[bytes, None]:
        """Bytes as they come in."""
        part, reader, end = self.part(index), object(), offset + length
        try:
            while offset < end:
                self._readers[reader] = (index, offset)
                there = min(part.have.until(offset), end)
                if there > offset:
                    data = await asyncio.to_thread(part.read, offset, min(CHUNK, there - offset))
                    if not data:
                        raise Unavailable("a downloaded file is shorter than it should be")
                    offset += len(data)
                    yield data
                    continue
                if self.error is not None:
                    raise Unavailable(f"this download has stopped: {self.error}")
                self._progress.clear()
                await self._progress.wait()
        except OSError as err:
            raise Unavailable("a downloaded file cannot be read") from err
        finally:
            self._readers.pop(reader, None)

    def fail(self, error: SokoulError) -> None:
        """It will not go on: whoever waits is told."""
        self.error = error
        if not self.known.done():
            self.known.set_exception(error)
            self.known.exception()  # it is told by `error` too
        self.finished.set()
        self._tell()

    def _tell(self) -> None:
        self._progress.set()

    # Keeping

    async def save(self) -> None:
        """Write down what is in, after the bytes themselves are on the disk."""
        self._unsaved = 0
        told = {
            part.name: [part.size, part.tag, part.have.stretches()]
            for part in self.parts
            if part.ranges and part.have.total
        }
        await asyncio.to_thread(self._keep, json.dumps(told).encode())

    def _keep(self, told: bytes) -> None:
        self._kept.write(self.key, told, [part.path for part in self.parts])

    def _recall(self) -> None:
        """What an earlier run had; anything odd about it means that nothing is in. Blocks."""
        try:
            told = json.loads(self._kept.read(self.key) or b"{}")
            for part in self.parts:
                size, tag, stretches = told.get(part.name, (None, None, ()))
                if size == part.size and part.tag in {None, tag} and part.path.is_file():
                    longest = part.path.stat().st_size
                    part.have = Have(part.size, [(int(a), min(int(b), longest)) for a, b in stretches])
                    part.tag = part.tag or tag
        except (ValueError, TypeError, AttributeError, OSError):
            self._kept.quarantine(self.key)
