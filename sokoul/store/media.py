"""Files of the library and the titles they belong to: what imports and scans write."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sokoul.domain.media import MediaType, Work
from sokoul.domain.mediafacts import lines
from sokoul.features.library.model import (
    FileState,
    KnownFile,
    NewFile,
    Placement,
    Shelved,
    Sidecar,
    Stamp,
    Stray,
)
from sokoul.store import rows
from sokoul.store.database import Connection, Database, Row, queries
from sokoul.store.outbox import enqueue

SQL = queries("media")


class MediaShelf:
    """The tables media and media_files."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def shelve(
        self,
        file: NewFile,
        placement: Placement,
        *,
        download: tuple[uuid.UUID, int] | None = None,
        trail_id: str = "",
    ) -> Shelved:
        """List a file under its title, both made as needed, with the event that says so, or nothing of it."""
        async with self._database.transaction() as transaction:
            if download is None:
                # A scan can be repeated, so it need not wait for the disk at every file.
                await transaction.run(SQL["lazily"])
            title_id = await ensure_title(transaction, placement.work)
            media_id = await _media_of(transaction, title_id, placement)
            before = await transaction.row(SQL["file_title"], str(file.path))
            file_id = await transaction.value(SQL["put_file"], media_id, *_file_values(file))
            if before is not None and before["media_id"] != media_id:
                await _drop_lonely(transaction, [before["media_id"]])
            if download is not None:
                await transaction.run(SQL["link_download"], *download, file_id)
            await enqueue(
                transaction,
                "EVENTS.media.ready",
                {"media_id": str(media_id), "title_id": str(title_id), "file_id": str(file_id)},
                message_id=f"media-ready-{file_id}",
                trail_id=trail_id,
            )
            await bump(transaction)
        return Shelved(file_id, media_id, title_id, before is None)

    async def relist(self, file: NewFile, media_id: uuid.UUID) -> None:
        """List a file, or its new state, under a title that is there."""
        async with self._database.transaction() as transaction:
            await transaction.value(SQL["put_file"], media_id, *_file_values(file))
            await bump(transaction)

    async def ensure_title(self, work: Work) -> uuid.UUID:
        """The film or series, made if it is not there."""
        async with self._database.transaction() as transaction:
            title_id = await ensure_title(transaction, work)
            await bump(transaction)
        return title_id

    async def work_of(self, media_id: uuid.UUID) -> Work | None:
        """The film or series that a title is, or that an episode belongs to."""
        row = await self._database.row(SQL["work_of"], media_id)
        if row is None:
            return None
        values = {**row, "media_type": MediaType(row["media_type"]), "aliases": tuple(row["aliases"])}
        return Work(**values)

    async def adopted(self, download_id: uuid.UUID, index: int) -> tuple[KnownFile, Shelved] | None:
        """What this file of a download became, if it was imported before."""
        row = await self._database.row(SQL["adopted"], download_id, index)
        if row is None:
            return None
        shelved = Shelved(row["id"], row["media_id"], row["title_id"], created=False)
        return _known_file(row), shelved

    async def known_files(self, root: Path) -> Sequence[KnownFile]:
        """Every file listed below a root."""
        found = await self._database.rows(SQL["known_files"], f"{root}/")
        # Thousands of rows: not on the loop.
        return await asyncio.to_thread(lambda: [_known_file(row) for row in found])

    async def strays(self, roots: Sequence[Path]) -> Sequence[Stray]:
        """Files listed as present that lie below none of the roots."""
        found = await self._database.rows(SQL["strays"], [f"{root}/" for root in roots])
        return [Stray(row["id"], row["path"], row["replaced"]) for row in found]

    async def known_sidecars(self, root: Path) -> Mapping[uuid.UUID, frozenset[str]]:
        """The paths of sidecars by file, for those that have any."""
        found = await self._database.rows(SQL["known_sidecars"], f"{root}/")
        return {row["id"]: frozenset(row["paths"]) for row in found}

    async def moved(self, file_id: uuid.UUID, path: Path, stamp: Stamp, sidecars: Sequence[Sidecar]) -> None:
        """The same file under another name, or back after it had been offline."""
        values = (stamp.size, stamp.mtime_ns, stamp.device, stamp.inode, [asdict(one) for one in sidecars])
        async with self._database.transaction() as transaction:
            await transaction.run(SQL["move_file"], file_id, str(path), *values)
            await bump(transaction)

    async def set_sidecars(self, file_id: uuid.UUID, sidecars: Sequence[Sidecar]) -> None:
        """The subtitle files beside a video changed."""
        async with self._database.transaction() as transaction:
            await transaction.run(SQL["set_sidecars"], file_id, [asdict(one) for one in sidecars])
            await bump(transaction)

    async def offline(self, file_ids: Sequence[uuid.UUID], problem: str) -> int:
        """The disk of these is not there; how many were there until now."""
        async with self._database.transaction() as transaction:
            changed = int((await transaction.run(SQL["offline"], list(file_ids), problem)).split()[-1])
            if changed:
                await bump(transaction)
        return changed

    async def vanish(self, file_ids: Sequence[uuid.UUID]) -> int:
        """Forget files, and titles that nobody has a file or a wish of any more."""
        async with self._database.transaction() as transaction:
            gone = await transaction.rows(SQL["vanish"], list(file_ids))
            await _drop_lonely(transaction, [row["media_id"] for row in gone])
            if gone:
                await bump(transaction)
        return len(gone)

    async def root_device(self, root: Path) -> int | None:
        """The device the root was last seen on."""
        found = await self._database.value(SQL["root_device"], _root_key(root))
        return None if found is None else int(found)

    async def remember_root(self, root: Path, device: int) -> None:
        """The root is on this device now; files that were on the former one are too."""
        async with self._database.transaction() as transaction:
            before = await transaction.value(SQL["root_device"], _root_key(root))
            if before is not None and before != device:
                await transaction.run(SQL["redevice"], before, device, f"{root}/")
            await transaction.run(SQL["remember_root"], _root_key(root), {"device": device})

    async def update_id(self) -> int:
        """A number that grows with every change of the library."""
        return int(await self._database.value(SQL["update_id"]) or 0)


async def bump(transaction: Connection) -> int:
    """The library changes with this transaction; call it last."""
    return int(await transaction.value(SQL["bump"]))


async def ensure_title(transaction: Connection, work: Work) -> uuid.UUID:
    """The film or series, made or filled up as needed; one maker at a time."""
    await transaction.run(SQL["lock"])
    found = await _find(transaction, work)
    known = _is_known(work)
    if found is None:
        added: uuid.UUID = await transaction.value(
            SQL["add_work"], work.media_type, *rows.work_values(work), known
        )
        return added
    await transaction.run(SQL["refresh_work"], found, work.media_type, *rows.work_values(work), known)
    return found


async def refresh_title(transaction: Connection, title_id: uuid.UUID, work: Work) -> None:
    """Write what the sources tell of a title."""
    values = rows.work_values(work)
    await transaction.run(SQL["refresh_work"], title_id, work.media_type, *values, True)  # noqa: FBT003 - SQL


async def refresh_episode(transaction: Connection, series_id: uuid.UUID, work: Work) -> None:
    """Write what the sources tell of an episode that is listed; others are left out."""
    season, number = work.season_number or 0, work.episode_number or 0
    values = rows.episode_values(work, season, number)
    await transaction.run(SQL["refresh_episode"], series_id, season, number, *values)


async def _find(transaction: Connection, work: Work) -> uuid.UUID | None:
    found: uuid.UUID | None = None
    kind = work.media_type.value
    if work.tmdb_id is not None:
        found = await transaction.value(SQL["by_tmdb"], kind, work.tmdb_id)
    if found is None and (work.imdb_id or work.tvdb_id or work.tvmaze_id):
        ids = (work.imdb_id, work.tvdb_id, work.tvmaze_id, work.tmdb_id)
        found = await transaction.value(SQL["by_other_id"], kind, *ids)
    if found is None:
        name = rows.text(work.title, 500) or "Untitled"
        found = await transaction.value(SQL["by_name"], kind, name, work.year, work.tmdb_id)
    return found


def _is_known(work: Work) -> bool:
    """Whether a source of metadata told of the work, so that its words are better than a file's name."""
    named = work.tmdb_id is not None or work.tvmaze_id is not None or work.imdb_id is not None
    return named and bool(work.overview or work.poster_url or work.genres or work.original_title)


async def _media_of(transaction: Connection, title_id: uuid.UUID, placement: Placement) -> uuid.UUID:
    if not placement.is_episode or placement.season is None:
        return title_id
    told = {work.episode_number: work for work in placement.episode_works}
    first: uuid.UUID | None = None
    for number in placement.episodes:
        work = told.get(number)
        values = rows.episode_values(work, placement.season, number)
        named = work is not None and bool(work.title)
        language = placement.work.original_language
        made: uuid.UUID = await transaction.value(
            SQL["add_episode"], title_id, placement.season, number, *values, language, named
        )
        first = first or made
    return first or title_id


async def _drop_lonely(transaction: Connection, media_ids: Sequence[uuid.UUID]) -> None:
    """Titles without a file, then the series that lost their last episode with them."""
    if media_ids:
        parents = await transaction.rows(SQL["drop_lonely"], list(media_ids))
        series = [row["parent_id"] for row in parents if row["parent_id"] is not None]
        if series:
            await transaction.run(SQL["drop_lonely"], series)


def _file_values(file: NewFile) -> tuple[Any, ...]:
    facts = file.facts
    told = facts.as_dict() if facts is not None else {}
    video = told.get("video")
    return (
        str(file.path),
        file.stamp.size,
        file.stamp.mtime_ns,
        file.stamp.device,
        file.stamp.inode,
        file.state.value,
        rows.text(file.problem, 500),
        told.get("container"),
        told.get("duration"),
        told.get("bit_rate"),
        video["codec"] if video else None,
        lines(facts),
        file.source,
        rows.text(file.release_name, 500),
        video,
        told.get("audio", ()),
        told.get("subtitles", ()),
        told.get("chapters", ()),
        [asdict(one) for one in file.sidecars],
    )


def _known_file(row: Row) -> KnownFile:
    stamp = Stamp(row["size_bytes"], row["mtime_ns"], row["device"] or 0, row["inode"] or 0)
    return KnownFile(row["id"], row["media_id"], row["path"], stamp, FileState(row["state"]))


def _root_key(root: Path) -> str:
    return f"library.root:{root}"
