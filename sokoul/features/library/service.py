"""The library as the rest of Sokoul uses it: take in, list, look up, correct, take out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from sokoul.domain.errors import Invalid, NotFound, ProviderUnavailable, SokoulError
from sokoul.domain.media import MediaType, Work
from sokoul.features.library.adopt import Adopted, Adopter, FinishedDownload
from sokoul.features.library.announce import Announcer
from sokoul.features.library.catalogue import Catalogue
from sokoul.features.library.collections import Collections
from sokoul.features.library.jobs import Jobs
from sokoul.features.library.model import Title
from sokoul.features.library.personal import Personal, Status
from sokoul.features.library.ports import Metadata, Shelf, Titles
from sokoul.features.library.posters import PosterStore
from sokoul.features.library.removal import Remover
from sokoul.features.library.scan import Scanner, ScanReport
from sokoul.lifecycle import Tasks

log = structlog.get_logger(__name__)

_STALE_AT_ONCE = 100
_PICTURES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A title by its own id, or by that of TMDB."""

    media_id: uuid.UUID | None = None
    tmdb_id: int | None = None
    media_type: MediaType | None = None


@dataclass(frozen=True)
class LibraryService:
    """Holds the library's parts together; what needs several of them is here."""

    adopter: Adopter
    scanner: Scanner
    remover: Remover
    shelf: Shelf
    titles: Titles
    personal: Personal
    collections: Collections
    catalogue: Catalogue
    posters: PosterStore
    jobs: Jobs
    announcer: Announcer
    metadata: Metadata | None = None
    tasks: Tasks = field(default_factory=lambda: Tasks("library"))

    async def adopt(self, download: FinishedDownload) -> Adopted:
        """List every film or episode of a finished download; doing it again gives the same answer."""
        adopted = await self.adopter.adopt(download)
        self.tasks.spawn("posters", self._prefetch(adopted.media_id))
        return adopted

    async def close(self) -> None:
        """End what goes on in the background."""
        await self.tasks.close()

    async def resolve(self, wanted: MediaRef) -> uuid.UUID:
        """The title's id, its row made if need be; raises `NotFound`, `Invalid`, `ProviderUnavailable`."""
        if wanted.media_id is not None:
            return (await self.titles.title(wanted.media_id)).id
        if wanted.tmdb_id is None or wanted.media_type not in (MediaType.MOVIE, MediaType.TV):
            raise Invalid("media_id", "is required, or tmdb_id with media_type")
        known = await self.titles.title_by_tmdb(wanted.tmdb_id, wanted.media_type)
        if known is not None:
            return known.id
        if self.metadata is None:
            raise ProviderUnavailable("No source of metadata is configured", cure="Give a TMDB key.")
        work = await self.metadata.by_tmdb(wanted.tmdb_id, wanted.media_type)
        return await self.shelf.ensure_title(work)

    async def status(self, user_id: uuid.UUID, wanted: MediaRef) -> Status:
        """What this person has of it; of a title that was never heard of, nothing. Makes no row."""
        if wanted.media_id is not None:
            return await self.personal.store.status(user_id, wanted.media_id)
        if wanted.tmdb_id is None or wanted.media_type is None:
            raise Invalid("media_type", "should be movie or tv")
        known = await self.titles.title_by_tmdb(wanted.tmdb_id, wanted.media_type)
        return Status() if known is None else await self.personal.store.status(user_id, known.id)

    async def ask_scan(self, user_id: uuid.UUID | None) -> uuid.UUID:
        """Have all folders scanned; the task's id."""
        return await self.jobs.add("scan", {}, user_id)

    async def ask_enrich(self, title_id: uuid.UUID, user_id: uuid.UUID | None) -> uuid.UUID:
        """Have a title's metadata fetched again; the task's id. Raises `NotFound`."""
        await self.titles.title(title_id)
        return await self.jobs.add("enrich", {"media_id": str(title_id)}, user_id)

    async def run_job(self, payload: Mapping[str, Any]) -> None:
        """Do what a message of JOBS.library asks; doing it again does no harm."""
        task_id = uuid.UUID(str(payload["id"]))
        if not await self.jobs.begin(task_id):
            return
        try:
            result = await self._work(payload)
        except NotFound as error:
            await self.jobs.fail(task_id, str(error))
        except SokoulError as error:
            await self.jobs.fail(task_id, str(error))
            raise
        else:
            await self.jobs.end(task_id, result)

    async def enrich(self, title_id: uuid.UUID) -> Title:
        """Fetch a title's metadata and those of its episodes again; raises `NotFound`, `Unavailable`."""
        title = await self.titles.title(title_id)
        if title.parent_id is not None:
            await self.enrich(title.parent_id)
            return await self.titles.title(title_id)
        if self.metadata is None:
            raise ProviderUnavailable("No source of metadata is configured", cure="Give a TMDB key.")
        work = await self._look_up(self.metadata, title)
        if work is None:
            raise NotFound("No source of metadata knows it")
        episodes: list[Work] = []
        if work.media_type is MediaType.TV:
            listed = await self.titles.episodes(title_id)
            for season in sorted({one.season_number for one in listed if one.season_number is not None}):
                episodes += await self.metadata.episodes(work, season)
        await self.titles.refresh(title_id, work, episodes)
        await self.announcer.changed()
        fresh = await self.titles.title(title_id)
        self.tasks.spawn("posters", self._prefetch(title_id))
        return fresh

    async def tend(self) -> None:
        """What is due after each scan of everything; it never fails."""
        try:
            await self.remover.resume()
            await self.enrich_stale()
            await self.posters.prefetch_missing(_PICTURES_AT_ONCE)
        except SokoulError as error:
            log.warning("the library could not be tended", reason=str(error))

    async def enrich_stale(self) -> int:
        """Look up what was listed while no source could be asked; how many are known now."""
        done = 0
        for title in await self.titles.stale(_STALE_AT_ONCE):
            try:
                await self.enrich(title.id)
                done += 1
            except ProviderUnavailable:
                break
            except SokoulError as error:
                await self.titles.tried(title.id)
                log.info("title stays as its name says", title=title.title, reason=str(error))
        return done

    async def _prefetch(self, title_id: uuid.UUID) -> None:
        try:
            await self.posters.prefetch(await self.titles.title(title_id))
        except SokoulError as error:
            log.info("pictures are fetched when they are asked for", reason=str(error))

    async def _work(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        if payload["work"] == "scan":
            report = await self.scanner.scan()
            await self.enrich_stale()
            return _told(report)
        await self.enrich(uuid.UUID(str(payload["media_id"])))
        return {}

    async def _look_up(self, metadata: Metadata, title: Title) -> Work | None:
        if title.tmdb_id is not None and title.media_type in (MediaType.MOVIE, MediaType.TV):
            return await metadata.by_tmdb(title.tmdb_id, title.media_type)
        if title.tvmaze_id is not None:
            return await metadata.describe(title.as_work())
        return await self.scanner.recogniser.by_title(title.as_work())


def _told(report: ScanReport) -> Mapping[str, Any]:
    return {"files": report.files, "added": report.added, "removed": report.removed, "failed": report.failed}
