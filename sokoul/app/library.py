"""The parts of the library: folders, tables, pictures, the tree for televisions, and its jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from sokoul.app.foundation import Foundation
from sokoul.config.model import Config
from sokoul.domain.errors import NotFound
from sokoul.engines.ffmpeg.pool import WorkerPool
from sokoul.engines.ffmpeg.reader import FfmpegReader
from sokoul.features.library.adopt import Adopter
from sokoul.features.library.announce import Announcer
from sokoul.features.library.catalogue import FRENCH, Catalogue, Names
from sokoul.features.library.jobs import GROUP, SUBJECT
from sokoul.features.library.ledger import Ledger
from sokoul.features.library.model import Folders, ImportMode
from sokoul.features.library.personal import Personal
from sokoul.features.library.posters import PosterStore
from sokoul.features.library.recognise import Recogniser
from sokoul.features.library.removal import Remover
from sokoul.features.library.scan import Scanner
from sokoul.features.library.service import LibraryService
from sokoul.features.library.watch import Watcher
from sokoul.outbound import OutboundGuard
from sokoul.providers.metadata.pictures import Pictures
from sokoul.providers.metadata.sources import MetadataSources
from sokoul.store.bin import MediaBin
from sokoul.store.catalogue import LibraryCatalogue
from sokoul.store.claims import ClaimStore
from sokoul.store.collections import CollectionStore
from sokoul.store.history import PersonalLists
from sokoul.store.library_jobs import LibraryJobs
from sokoul.store.media import MediaShelf
from sokoul.store.outbox import DeadLetters
from sokoul.store.titles import MediaTitles
from sokoul.workers.worker import Worker


@dataclass(frozen=True)
class Library:
    """The service and what others take from beside it."""

    service: LibraryService
    folders: Folders
    reader: FfmpegReader
    pictures: Pictures


class FetchedPictures:
    """Pictures at addresses that a metadata source gave, past the guard."""

    def __init__(self, guard: OutboundGuard, base: Foundation) -> None:
        self._guard, self._http = guard, base.http

    async def fetch(self, address: str, *, limit: int) -> bytes:
        """The bytes; raises `NotFound`, `Refused`, `ProviderUnavailable`."""
        fetched = await self._guard.fetch(self._http, address, limit=limit)
        if fetched.magnet_link is not None:
            raise NotFound("There is no picture there")
        return fetched.body


def build(base: Foundation, knowledge: MetadataSources, stack: AsyncExitStack) -> Library:
    """The library of this process."""
    config, database = base.config, base.database
    pool = WorkerPool(coding=config.playback.max_transcodes)
    stack.push_async_callback(pool.close)
    reader = FfmpegReader(pool)
    folders = _folders(config)
    shelf, titles, announcer = MediaShelf(database), MediaTitles(database), Announcer(base.bus)
    recogniser = Recogniser(knowledge)
    images = config.state_dir / "images"
    pictures = Pictures(config.providers.tmdb.image_base_url, images / "tmdb", base.http)
    posters = PosterStore(
        titles,
        images / "other",
        sized=pictures,
        sized_folder=images / "tmdb",
        pictures=FetchedPictures(base.guard, base),
    )
    service = LibraryService(
        adopter=Adopter(folders, shelf, reader, recogniser, announcer, Ledger(ClaimStore(database))),
        scanner=Scanner(folders, shelf, reader, recogniser, announcer, skip=(config.torrent.directory,)),
        remover=Remover(folders, titles, MediaBin(database), announcer),
        shelf=shelf,
        titles=titles,
        personal=Personal(PersonalLists(database)),
        collections=CollectionStore(database),
        catalogue=Catalogue(LibraryCatalogue(database), posters, _names(config)),
        posters=posters,
        jobs=LibraryJobs(database),
        announcer=announcer,
        metadata=knowledge,
    )
    stack.push_async_callback(service.close)
    return Library(service, folders, reader, pictures)


class Watch:
    """Keeps the lists true to the folders."""

    def __init__(self, base: Foundation, library: Library) -> None:
        self._base, self._library = base, library
        self._task = self._begin()

    def again(self) -> None:
        """Look at other folders from now on."""
        self._task.cancel()
        self._task = self._begin()

    def _begin(self) -> asyncio.Task[None]:
        service, watch = self._library.service, self._base.settings.current.library.watch
        watcher = Watcher(self._library.folders, service.scanner, watch=watch, after_whole=service.tend)
        return self._base.tasks.supervise("library-watch", watcher.run)


def use(library: Library, config: Config) -> None:
    """Other folders, other words on televisions and another host of pictures from now on."""
    folders, wanted = library.folders, _folders(config)
    folders.movies, folders.series = wanted.movies, wanted.series
    folders.import_mode = wanted.import_mode
    library.service.catalogue.names = _names(config)
    library.pictures.use(config.providers.tmdb.image_base_url)


def worker(base: Foundation, library: Library) -> Worker:
    """Does what somebody asked of the library."""
    queue = base.bus.jobs(SUBJECT, GROUP)
    return Worker("librarian", queue, DeadLetters(base.database), library.service.run_job, slots=1)


def employ(base: Foundation, stack: AsyncExitStack, hire: Callable[[], Worker]) -> None:
    """Have a worker at work until the stack closes."""
    hired = hire()
    stack.push_async_callback(hired.stop)
    base.tasks.supervise("worker", hired.run, longest_wait=5)


def _folders(config: Config) -> Folders:
    library = config.library
    return Folders(library.movies, library.series, ImportMode(library.import_))


def _names(config: Config) -> Names:
    return FRENCH if config.providers.tmdb.language.startswith("fr") else Names()
