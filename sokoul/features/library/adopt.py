"""Finished downloads become library files: named, linked, probed, listed, each step safe to do again."""

from __future__ import annotations

import asyncio
import errno
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import structlog

from sokoul.domain import naming
from sokoul.domain.errors import Refused, Unavailable
from sokoul.domain.media import MediaType, Work
from sokoul.domain.mediafacts import lines
from sokoul.domain.payload import PayloadFile, is_video, pick_main
from sokoul.domain.release import Release, parse
from sokoul.features.library import sidecars
from sokoul.features.library.announce import Announcer
from sokoul.features.library.ledger import Ledger
from sokoul.features.library.model import (
    Folders,
    ImportMode,
    NewFile,
    Placement,
    Shelved,
    Sidecar,
)
from sokoul.features.library.names import UNIDENTIFIED, Guess
from sokoul.features.library.place import Placed, discard, place, stamp_of
from sokoul.features.library.ports import Prober, Shelf
from sokoul.features.library.probing import examine
from sokoul.features.library.recognise import Recogniser
from sokoul.features.library.roots import ensure_root

log = structlog.get_logger(__name__)

_WORK_FIELDS = {field.name for field in fields(Work)}
_MOST_FOLDERS = 5
_TUPLES = frozenset({"aliases", "genres"})


class FinishedFile(Protocol):
    """One file that is complete on disk; `name` is its path inside the torrent."""

    @property
    def index(self) -> int: ...
    @property
    def path(self) -> Path: ...
    @property
    def name(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...


class FinishedDownload(Protocol):
    """What is to be adopted; it was fetched for `work` or `media_id`, `movable`: nobody seeds it."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def files(self) -> Sequence[FinishedFile]: ...
    @property
    def trail_id(self) -> str: ...
    @property
    def work(self) -> Mapping[str, Any] | None: ...
    @property
    def media_id(self) -> uuid.UUID | None: ...
    @property
    def movable(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Adopted:
    """Where it came to: the film or series, and the library file's id for each index."""

    media_id: uuid.UUID
    files: Mapping[int, uuid.UUID]


class Adopter:
    """Adopts one download after the other, as often as it is asked to."""

    def __init__(
        self,
        folders: Folders,
        shelf: Shelf,
        prober: Prober,
        recogniser: Recogniser,
        announcer: Announcer,
        ledger: Ledger,
    ) -> None:
        self._folders, self._shelf, self._prober = folders, shelf, prober
        self._recogniser, self._announcer, self._ledger = recogniser, announcer, ledger

    async def adopt(self, download: FinishedDownload) -> Adopted:
        """List every film or episode of the download; raises `Refused` without a video, `Unavailable`."""
        chosen = _main_files(download.files)
        if not chosen:
            raise Refused("no_video", "There is no video file in it")
        self._recogniser.forget()
        work = await self._work_of(download)
        subtitles = [file for file in download.files if sidecars.is_subtitle(file.name)]
        found: dict[int, Shelved] = {}
        for file in chosen:
            found[file.index] = await self._adopt_file(download, file, work, subtitles, len(chosen))
        await self._discard(download, found)
        first = found[chosen[0].index]
        media_id = first.title_id if len({one.media_id for one in found.values()}) > 1 else first.media_id
        return Adopted(media_id, {index: one.file_id for index, one in found.items()})

    async def _discard(self, download: FinishedDownload, found: Mapping[int, Shelved]) -> None:
        """With `move`, the originals go once everything is listed and nobody seeds them."""
        if self._folders.import_mode is not ImportMode.MOVE or not download.movable:
            return
        for file in download.files:
            if file.index in found and (done := await self._shelf.adopted(download.id, file.index)):
                await asyncio.to_thread(discard, file.path, Path(done[0].path))

    async def _adopt_file(
        self,
        download: FinishedDownload,
        file: FinishedFile,
        work: Work | None,
        subtitles: Sequence[FinishedFile],
        together: int,
    ) -> Shelved:
        if (done := await self._already(download, file)) is not None:
            return done
        release = parse(PurePosixPath(file.name).name)
        facts, problem = await examine(self._prober, file.path)
        if problem is not None:
            log.warning("adopted file is broken", path=str(file.path), problem=problem)
        placement = await self._placement(download, file, release, work)
        await self._ledger.enter(download.id, file.index, facts, problem, placement)
        height = lines(facts) or release.resolution
        root, relative = self._target(download, file, placement, height)
        # A film's name tells its lines always; an episode's where it lies beside another version.
        version = f"{height}p" if placement.is_episode and height else ""
        placed = await self._place(file.path, root, relative, version=version)
        beside = await self._place_subtitles(file, subtitles, placed.path, root, alone=together == 1)
        shelved = await self._shelf.shelve(
            NewFile(placed.path, placed.stamp, facts, problem, download.name, release.source, beside),
            placement,
            download=(download.id, file.index),
            trail_id=download.trail_id,
        )
        log.info("file is in the library", path=str(placed.path), file_id=str(shelved.file_id))
        await self._announcer.ready(shelved, placement, trail_id=download.trail_id)
        return shelved

    async def _work_of(self, download: FinishedDownload) -> Work | None:
        """What it was fetched for, told in full; else what the sources make of the name."""
        work = read_work(download.work)
        if work is None and download.media_id is not None:
            work = await self._shelf.work_of(download.media_id)
        if work is not None:
            return await self._recogniser.described(work)
        return await self._identify(parse(download.name))

    async def _identify(self, release: Release) -> Work | None:
        if not release.title:
            return None
        series = bool(release.seasons or release.episodes or release.absolute or release.air_date)
        kind = MediaType.TV if series or release.full_season else MediaType.MOVIE
        hint = Work(kind, release.title, year=release.year if kind is MediaType.MOVIE else None)
        placement = await self._recogniser.known(Guess(hint, release))
        return None if placement is None else placement.work

    async def _placement(
        self, download: FinishedDownload, file: FinishedFile, release: Release, work: Work | None
    ) -> Placement:
        if work is None:
            work = await self._identify(release)
        if work is None or work.media_type not in (MediaType.MOVIE, MediaType.TV):
            return Placement(Work(MediaType.UNKNOWN, _unknown_name(download, file)))
        season, episodes = _numbers(release, parse(download.name))
        placement = await self._recogniser.placed(work, Guess(work, release, season, episodes))
        if work.media_type is MediaType.TV and not placement.is_episode:
            return Placement(Work(MediaType.UNKNOWN, _unknown_name(download, file)))
        return placement

    def _target(
        self, download: FinishedDownload, file: FinishedFile, placement: Placement, resolution: int | None
    ) -> tuple[Path, PurePosixPath]:
        suffix = PurePosixPath(file.name).suffix
        if placement.is_episode and placement.season is not None:
            titles = [work.title for work in placement.episode_works if work.title]
            title = " + ".join(titles) or None
            path = naming.episode_path(placement.work, placement.season, placement.episodes, title, suffix)
            return self._folders.series, path
        if placement.work.media_type is MediaType.MOVIE:
            return self._folders.movies, naming.movie_path(placement.work, resolution, suffix)
        name = _unknown_name(download, file)
        return self._folders.movies, PurePosixPath(UNIDENTIFIED) / naming.unknown_path(name, suffix)

    async def _place(self, source: Path, root: Path, relative: PurePosixPath, *, version: str = "") -> Placed:
        await ensure_root(self._shelf, root)
        folder, *rest = relative.parts
        for number in range(1, _MOST_FOLDERS + 1):
            label = folder if number == 1 else f"{folder} ({number})"
            path = PurePosixPath(label, *rest)
            try:
                mode = self._folders.import_mode
                return await asyncio.to_thread(place, source, root, path, mode, version=version)
            except OSError as error:
                # A link or a file has the folder's name: nothing goes through it, the one beside serves.
                if error.errno in (errno.ELOOP, errno.ENOTDIR) and rest and number < _MOST_FOLDERS:
                    continue
                raise Unavailable(f"The library could not be written to: {error}", retry_after=30) from error
        raise AssertionError("the last try returns or raises")

    async def _place_subtitles(
        self, file: FinishedFile, others: Sequence[FinishedFile], video: Path, root: Path, *, alone: bool
    ) -> tuple[Sidecar, ...]:
        paths = {PurePosixPath(other.name): other.path for other in others}
        own = PurePosixPath(file.name)
        counts: dict[str, int] = {}
        placed: list[Sidecar] = []
        for found in sidecars.of_video(own, paths, alone=alone):
            key = f"{found.language}{found.forced}{found.sdh}{found.path.suffix}"
            counts[key] = counts.get(key, 0) + 1
            target = video.with_name(found.beside(video.stem, counts[key])).relative_to(root)
            done = await self._place(paths[found.path], root, PurePosixPath(target))
            placed.append(found.listed(str(done.path)))
        return tuple(placed)

    async def _already(self, download: FinishedDownload, file: FinishedFile) -> Shelved | None:
        """What was written before a crash, as long as it is these bytes that lie there."""
        before = await self._shelf.adopted(download.id, file.index)
        if before is None:
            return None
        known, shelved = before
        try:
            there = await asyncio.to_thread(Path(known.path).lstat)
        except OSError:
            return None
        return shelved if stamp_of(there) == known.stamp and there.st_size == file.size_bytes else None


def read_work(stored: Mapping[str, Any] | None) -> Work | None:
    """A work as a search stored it; None where it is not one."""
    if not stored:
        return None
    values = {key: value for key, value in stored.items() if key in _WORK_FIELDS and value is not None}
    try:
        kind = MediaType(values["media_type"])
        values["media_type"] = MediaType.TV if kind is MediaType.EPISODE else kind
        for key in _TUPLES & values.keys():
            values[key] = tuple(values[key])
        work = Work(**values)
    except (KeyError, ValueError, TypeError):
        log.warning("a stored work could not be read", keys=sorted(stored)[:20])
        return None
    return work if isinstance(work.title, str) and work.title else None


def _main_files(files: Sequence[FinishedFile]) -> list[FinishedFile]:
    chosen = pick_main([PayloadFile(file.name, file.size_bytes) for file in files])
    return [files[place] for place in chosen] or [file for file in files if is_video(file.name)]


def _numbers(release: Release, whole: Release) -> tuple[int | None, tuple[int, ...]]:
    """Season and episodes of a file; what its own name does not say the download's name may."""
    seasons = release.seasons or whole.seasons
    season = seasons[0] if seasons else None
    episodes = release.episodes or release.absolute or whole.episodes or whole.absolute
    if episodes and season is None:
        season = 1
    return season, episodes


def _unknown_name(download: FinishedDownload, file: FinishedFile) -> str:
    """The release's name; of several files each its own."""
    videos = [one for one in download.files if is_video(one.name)]
    if len(videos) > 1 or not download.name:
        return PurePosixPath(file.name).stem
    return PurePosixPath(download.name).stem if is_video(download.name) else download.name
