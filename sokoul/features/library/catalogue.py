"""The library as a tree that televisions walk: films, series with seasons, what came last, and the rest."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sokoul.domain.errors import NotFound

ROOT, FILMS, SERIES, RECENT, OTHER, ALL = "0", "films", "series", "recent", "other", "all"
MOST_RECENT = 200
MOST_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Branch:
    """A folder; `child_count` None where counting would cost a query."""

    id: str
    parent_id: str
    title: str
    child_count: int | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One film or episode with its best file. Size in bytes, duration in seconds, bit rate in bit/s."""

    id: str
    parent_id: str
    title: str
    media_id: uuid.UUID
    file_id: uuid.UUID
    path: Path
    size_bytes: int
    container: str | None = None
    duration: float | None = None
    width: int | None = None
    height: int | None = None
    bit_rate: int | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    audio_channels: int | None = None
    date: str | None = None
    genres: tuple[str, ...] = ()
    description: str | None = None
    poster: bool = False
    episode: bool = False
    subtitles: tuple[Path, ...] = ()


Node = Branch | Leaf


@dataclass(frozen=True, slots=True)
class Season:
    """One season of a series and how many of its episodes can be played."""

    number: int
    episodes: int


@dataclass(frozen=True, slots=True)
class Series:
    """A series and how many seasons of it can be played."""

    id: uuid.UUID
    title: str
    year: int | None
    seasons: int


@dataclass(frozen=True, slots=True)
class Names:
    """What the folders are called, in the household's language."""

    root: str = "Sokoul"
    films: str = "Films"
    series: str = "Series"
    recent: str = "Recently added"
    other: str = "Other videos"
    everything: str = "All videos"
    season: str = "Season {number}"
    specials: str = "Specials"


FRENCH = Names(
    series="Séries",
    recent="Ajouts récents",
    other="Autres vidéos",
    everything="Toutes les vidéos",
    season="Saison {number}",
    specials="Épisodes spéciaux",
)


class CatalogueStore(Protocol):
    """Pages of what can be played, each in one query."""

    async def films(self, start: int, count: int) -> tuple[list[Leaf], int]: ...

    async def others(self, start: int, count: int) -> tuple[list[Leaf], int]: ...

    async def recent(self, start: int, count: int, most: int) -> tuple[list[Leaf], int]: ...

    async def everything(self, start: int, count: int) -> tuple[list[Leaf], int]: ...

    async def series(self, start: int, count: int) -> tuple[list[Series], int]: ...

    async def one_series(self, series_id: uuid.UUID) -> Series | None: ...

    async def seasons(self, series_id: uuid.UUID) -> list[Season]: ...

    async def episodes(
        self, series_id: uuid.UUID, season: int, start: int, count: int
    ) -> tuple[list[Leaf], int]: ...

    async def leaf(
        self, *, media_id: uuid.UUID | None = None, file_id: uuid.UUID | None = None
    ) -> Leaf | None: ...

    async def counts(self) -> tuple[int, int, int]:
        """How many films, series and other videos there are."""
        ...

    async def update_id(self) -> int: ...


class Posters(Protocol):
    """Pictures that lie on disk already."""

    async def on_disk(self, media_id: uuid.UUID) -> Path | None: ...


@dataclass(slots=True)
class Catalogue:
    """Walks the tree; ids are stable, so that a television finds its place again. `names` may change."""

    store: CatalogueStore
    posters: Posters
    names: Names = field(default_factory=Names)

    async def children(self, container: str, start: int, count: int) -> tuple[Sequence[Node], int]:
        """Up to `count` (0: as many as there are) children, and how many in all; raises `NotFound`."""
        count = min(count or MOST_AT_ONCE, MOST_AT_ONCE)
        match container:
            case "0":
                branches = await self._top()
                return branches[start : start + count], len(branches)
            case "films":
                return await self.store.films(start, count)
            case "other":
                return await self.store.others(start, count)
            case "recent":
                return await self.store.recent(start, count, MOST_RECENT)
            case "all":
                return await self.store.everything(start, count)
            case "series":
                shown, total = await self.store.series(start, count)
                return [self._series(one) for one in shown], total
        series_id, season = _series_of(container)
        if season is not None:
            return await self.store.episodes(series_id, season, start, count)
        seasons = await self.store.seasons(series_id)
        shown_seasons = [self._season(series_id, one) for one in seasons[start : start + count]]
        return shown_seasons, len(seasons)

    async def item(self, object_id: str) -> Node:
        """One folder, film or episode; raises `NotFound`."""
        if object_id in (ROOT, ALL):
            name = self.names.root if object_id == ROOT else self.names.everything
            return Branch(object_id, "-1" if object_id == ROOT else ROOT, name)
        if object_id.startswith("m:"):
            leaf = await self.store.leaf(media_id=_uuid(object_id[2:]))
            if leaf is None:
                raise NotFound("There is no such film")
            return leaf
        for branch in await self._top(empty=True):
            if branch.id == object_id:
                return branch
        series_id, season = _series_of(object_id)
        found = await self.store.one_series(series_id)
        if found is None:
            raise NotFound("There is no such series")
        if season is None:
            return self._series(found)
        for one in await self.store.seasons(series_id):
            if one.number == season:
                return self._season(series_id, one)
        raise NotFound("There is no such season")

    async def file(self, file_id: str) -> Leaf:
        """The film or episode that a file belongs to; raises `NotFound`."""
        leaf = await self.store.leaf(file_id=_uuid(file_id))
        if leaf is None:
            raise NotFound("There is no such file")
        return leaf

    async def poster(self, file_id: str) -> Path | None:
        """The picture of that film, when it is on disk already."""
        return await self.posters.on_disk((await self.file(file_id)).media_id)

    async def update_id(self) -> int:
        """A number that grows with every change of the library and survives a restart."""
        return await self.store.update_id()

    async def _top(self, *, empty: bool = False) -> list[Branch]:
        films, series, others = await self.store.counts()
        total = min(films + others, MOST_RECENT) if not series else None
        branches = [
            Branch(FILMS, ROOT, self.names.films, films),
            Branch(SERIES, ROOT, self.names.series, series),
            Branch(RECENT, ROOT, self.names.recent, total),
        ]
        return [*branches, Branch(OTHER, ROOT, self.names.other, others)] if others or empty else branches

    def _series(self, one: Series) -> Branch:
        title = f"{one.title} ({one.year})" if one.year else one.title
        return Branch(f"s:{one.id}", SERIES, title, one.seasons)

    def _season(self, series_id: uuid.UUID, one: Season) -> Branch:
        name = self.names.season.format(number=one.number) if one.number else self.names.specials
        return Branch(f"s:{series_id}:{one.number}", f"s:{series_id}", name, one.episodes)


def _series_of(object_id: str) -> tuple[uuid.UUID, int | None]:
    kind, _, rest = object_id.partition(":")
    series, _, season = rest.partition(":")
    if kind != "s" or (season and not (season.isascii() and season.isdecimal() and len(season) < 6)):
        raise NotFound("There is no such folder")
    return _uuid(series), int(season) if season else None


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as err:
        raise NotFound("There is no such thing") from err
