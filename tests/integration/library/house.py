"""A library on a real database and real folders, with sources of metadata that are told what to say."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sokoul.domain.errors import NotFound, ProviderUnavailable, Refused
from sokoul.domain.media import MediaType, Work
from sokoul.domain.mediafacts import AudioFacts, MediaFacts, VideoFacts
from sokoul.features.library.adopt import Adopter
from sokoul.features.library.announce import Announcer
from sokoul.features.library.catalogue import Catalogue
from sokoul.features.library.ledger import Ledger
from sokoul.features.library.model import Folders, ImportMode
from sokoul.features.library.personal import Personal
from sokoul.features.library.posters import PosterStore
from sokoul.features.library.recognise import Recogniser
from sokoul.features.library.removal import Remover
from sokoul.features.library.scan import Scanner
from sokoul.features.library.service import LibraryService
from sokoul.store.bin import MediaBin
from sokoul.store.catalogue import LibraryCatalogue
from sokoul.store.claims import ClaimStore
from sokoul.store.collections import CollectionStore
from sokoul.store.database import Database
from sokoul.store.history import PersonalLists
from sokoul.store.library_jobs import LibraryJobs
from sokoul.store.media import MediaShelf
from sokoul.store.titles import MediaTitles

DUNE = Work(
    MediaType.MOVIE,
    "Dune : Deuxième partie",
    year=2024,
    original_title="Dune: Part Two",
    aliases=("Dune: Part Two", "Dune 2"),
    tmdb_id=693134,
    overview="Paul.",
    genres=("Science-Fiction",),
    poster_url="/api/v1/tmdb/image/w500/abc.jpg",
    rating=8.1,
)
BEAR = Work(MediaType.TV, "The Bear", year=2022, tmdb_id=136315, overview="A kitchen.")


class FakeProber:
    """Takes a file's first line for its facts: `video 1920x1080` or anything else, which is broken."""

    def __init__(self) -> None:
        self.probed: list[str] = []
        self.down = False

    async def probe(self, path: Path) -> MediaFacts:
        if self.down:
            raise Refused("not_found", "the file can't be opened")
        self.probed.append(path.name)
        first = path.read_bytes()[:40].split(b"\n")[0].decode("ascii", "replace")
        if not first.startswith("video "):
            raise Refused("not_media", "this is no video file, whatever its name says")
        width, height = (int(number) for number in first.removeprefix("video ").split("x"))
        return MediaFacts(
            "matroska", 60.0, VideoFacts(0, "h264", width, height), (AudioFacts(1, "aac", 2, language="fre"),)
        )


class FakeMetadata:
    """Knows the given works; `down` makes it unreachable."""

    def __init__(self, *works: Work, seasons: Mapping[tuple[str, int], list[Work]] | None = None) -> None:
        self.works, self.seasons, self.down, self.asked = list(works), dict(seasons or {}), False, 0

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        self._ask()
        del text, year
        return [work for work in self.works if work.media_type is media_type]

    async def describe(self, work: Work) -> Work:
        self._ask()
        return next((one for one in self.works if one.tmdb_id == work.tmdb_id), work)

    async def by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Work:
        self._ask()
        for work in self.works:
            if (work.tmdb_id, work.media_type) == (tmdb_id, media_type):
                return work
        raise NotFound("no such title")

    async def episodes(self, work: Work, season: int) -> list[Work]:
        self._ask()
        return self.seasons.get((work.title, season), [])

    def _ask(self) -> None:
        self.asked += 1
        if self.down:
            raise ProviderUnavailable("it does not answer")


class FakeLive:
    """Remembers what was told."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str, Mapping[str, Any]]] = []
        self.signals: list[str] = []

    async def tell(self, topic: str, event: str, data: Mapping[str, Any]) -> None:
        self.events.append((topic, event, data))

    async def signal(self, name: str, data: Mapping[str, Any]) -> None:
        self.signals.append(name)


@dataclass(frozen=True)
class DoneFile:
    index: int
    path: Path
    name: str
    size_bytes: int


@dataclass(frozen=True)
class Done:
    """A finished download."""

    id: uuid.UUID
    name: str
    files: tuple[DoneFile, ...]
    trail_id: str = "trail"
    work: Mapping[str, Any] | None = None
    movable: bool = False
    media_id: uuid.UUID | None = None


@dataclass
class House:
    """Everything a test touches."""

    database: Database
    folder: Path
    folders: Folders
    service: LibraryService
    prober: FakeProber
    metadata: FakeMetadata
    live: FakeLive
    made: int = field(default=0)

    def film(self, path: Path | str, *, size: str = "1920x1080") -> Path:
        """A file that the prober takes for a video, unlike any other; old enough to be finished."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        self.made += 1
        target.write_bytes(f"video {size}\n{self.made}\n".encode() + b"x" * 5000)
        return target

    async def finished(self, name: str, *files: str, work: Work | None = None, **more: Any) -> Done:
        """A download whose files lie there, with its rows."""
        download_id: uuid.UUID = await self.database.value(
            "INSERT INTO downloads (name, source_kind, trail_id) VALUES ($1, 'magnet', 't') RETURNING id",
            name,
        )
        found = []
        for index, file in enumerate(files):
            path = self.folder / "downloads" / str(download_id) / file
            if path.suffix in (".srt", ".nfo"):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("1\n00:00:01,000 --> 00:00:02,000\nhello\n")
            else:
                self.film(path)
            size = path.stat().st_size
            await self.database.run(
                'INSERT INTO download_files (download_id, "index", path, size_bytes) VALUES ($1, $2, $3, $4)',
                *(download_id, index, file, size),
            )
            found.append(DoneFile(index, path, file, size))
        stored = None
        if work is not None:
            stored = {"media_type": work.media_type.value, "title": work.title, "year": work.year}
            stored |= {"tmdb_id": work.tmdb_id}
        return Done(download_id, name, tuple(found), work=stored, **more)

    def names(self, root: str = "movies") -> list[str]:
        base = self.folder / root
        return sorted(str(path.relative_to(base)) for path in base.rglob("*") if path.is_file())

    async def paths(self) -> list[str]:
        found = await self.database.rows("SELECT path FROM media_files ORDER BY path")
        return [str(Path(row["path"]).relative_to(self.folder)) for row in found]


def build(
    database: Database,
    folder: Path,
    *works: Work,
    mode: ImportMode = ImportMode.HARDLINK,
    movies: str = "movies",
    series: str = "series",
    settled_after: float = 0.0,
    **more: Any,
) -> House:
    """A library below `folder` that takes files made a moment ago for finished."""
    folders = Folders(folder / movies, folder / series, mode)
    prober, metadata, live = FakeProber(), FakeMetadata(*works, **more), FakeLive()
    shelf, titles, announcer = MediaShelf(database), MediaTitles(database), Announcer(live)
    posters = PosterStore(titles, folder / "images")
    service = LibraryService(
        Adopter(folders, shelf, prober, Recogniser(metadata), announcer, Ledger(ClaimStore(database))),
        Scanner(folders, shelf, prober, Recogniser(metadata), announcer, settled_after=settled_after),
        Remover(folders, titles, MediaBin(database), announcer),
        shelf,
        titles,
        Personal(PersonalLists(database)),
        CollectionStore(database),
        Catalogue(LibraryCatalogue(database), posters),
        posters,
        LibraryJobs(database),
        announcer,
        metadata,
    )
    return House(database, folder, folders, service, prober, metadata, live)
