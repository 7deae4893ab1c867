"""Downloads and their files: the truth that the API and all workers share."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import asyncpg

from sokoul.domain.errors import TooMany
from sokoul.domain.mediafacts import MediaFacts
from sokoul.features.download.model import (
    Change,
    Download,
    Facts,
    FileState,
    NewDownload,
    Progress,
    Seen,
    SourceKind,
    Status,
    Trouble,
    Via,
    Wanted,
)
from sokoul.features.download.ports import Added, PickedOffer
from sokoul.store import rows
from sokoul.store.database import Connection, Database, Row, queries
from sokoul.store.outbox import enqueue

SQL = queries("downloads")


class DownloadStore:
    """The tables downloads and download_files; a worker writes only while the lease is its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # For the API

    async def add(self, new: NewDownload, *, most: int) -> Added:
        """Add the row and its job, or find the live one of its info hash; raises TooMany (0: no limit)."""
        async with self._database.transaction() as transaction:
            await transaction.run(SQL["lock_user"], str(new.wanted_by))
            if (twin := await self._twin(transaction, new)) is not None:
                return Added(twin, created=False)
            if most and await transaction.value(SQL["active_of"], new.wanted_by) >= most:
                raise TooMany(f"No more than {most} downloads at a time", retry_after=30)
            if await transaction.value(SQL["add"], *_new_values(new)) is None:
                twin = await self._twin(transaction, new)
                assert twin is not None
                return Added(twin, created=False)
            await enqueue(
                transaction,
                "JOBS.download",
                {"id": str(new.id)},
                message_id=f"download-{new.id}",
                trail_id=new.trail_id,
            )
        return Added(new.id, created=True)

    async def get(self, download_id: uuid.UUID) -> Download | None:
        """The download with its files, or None."""
        row = await self._database.row(SQL["one"], download_id)
        return None if row is None else (await self._with_files([row]))[0]

    async def page(
        self, *, user_id: uuid.UUID | None, statuses: Sequence[str], limit: int, offset: int
    ) -> tuple[list[Download], int]:
        """The newest first, of one user or (None) of everybody, and how many there are."""
        found = await self._database.rows(SQL["page"], user_id, list(statuses), limit, offset)
        if found:
            return await self._with_files(found), int(found[0]["total"])
        return [], int(await self._database.value(SQL["count"], user_id, list(statuses)))

    async def of_media(self, media_id: uuid.UUID) -> list[Download]:
        """Live downloads of a title, the newest first."""
        return await self._with_files(await self._database.rows(SQL["of_media"], media_id))

    async def picked(self, result_id: uuid.UUID, user_id: uuid.UUID) -> PickedOffer | None:
        """The search result, where this user may read it."""
        row = await self._database.row(SQL["picked"], result_id, user_id)
        if row is None:
            return None
        return PickedOffer(**{**row, "headers": _headers(row["headers"])})

    async def has_media(self, media_id: uuid.UUID) -> bool:
        """Whether there is such a title."""
        return bool(await self._database.value(SQL["has_media"], media_id))

    async def want(self, download_id: uuid.UUID, wanted: Wanted, *, delete_files: bool = False) -> bool:
        """Write what the owner wants; False where it is too late for that."""
        if wanted is Wanted.CANCEL:
            done = await self._database.run(SQL["cancel"], download_id, delete_files)
        else:
            done = await self._database.run(SQL["resume" if wanted is Wanted.RUN else "pause"], download_id)
        return done != "UPDATE 0"

    # For workers

    async def claim(
        self, worker: str, control: str, *, room: int, held: Sequence[uuid.UUID], lease: float
    ) -> list[Download]:
        """Take over what nobody works on: at most `room` to be fetched, and all there is to end."""
        found: list[Row] = []
        if room > 0:
            found += await self._database.rows(SQL["claim"], worker, control, lease, room, list(held))
        found += await self._database.rows(SQL["claim_rest"], worker, control, lease, list(held))
        return await self._with_files(found)

    async def renew(
        self, worker: str, ids: Sequence[uuid.UUID], *, lease: float
    ) -> dict[uuid.UUID, Download]:
        """Keep the leases; what is missing in the answer was lost."""
        found = await self._database.rows(SQL["renew"], worker, list(ids), lease)
        return {row["id"]: _download(row, ()) for row in found}

    async def release(self, worker: str, ids: Sequence[uuid.UUID]) -> None:
        """End the leases: another worker may go on at once."""
        await self._database.run(SQL["release"], worker, list(ids))

    async def let_go(self, worker: str, download_id: uuid.UUID) -> None:
        """Nothing is left to be done for it."""
        await self._database.run(SQL["let_go"], worker, download_id)

    async def torrent(self, download_id: uuid.UUID) -> bytes | None:
        """The .torrent file, when it is known."""
        data: bytes | None = await self._database.value(SQL["torrent"], download_id)
        return data

    async def save(
        self, worker: str, download: Download, change: Change, files: Sequence[FileState] = ()
    ) -> Download | None:
        """Write where it stands, and the progress of `files`; None when the lease is lost."""
        async with self._database.transaction() as transaction:
            row = await transaction.row(SQL["save"], download.id, worker, *_change_values(change))
            if row is None:
                return None
            if files:
                indexes = [file.index for file in files]
                done = [file.done_bytes for file in files]
                playable = [file.playable for file in files]
                seen = [_seen_values(file.seen) for file in files]
                await transaction.run(SQL["set_progress"], download.id, indexes, done, playable, seen)
        news = {file.index: file for file in files}
        return _download(row, tuple(news.get(file.index, file) for file in download.files))

    async def set_source(
        self,
        worker: str,
        download_id: uuid.UUID,
        *,
        magnet: str | None = None,
        torrent: bytes | None = None,
        info_hash: str | None = None,
    ) -> bool:
        """What an address led to; False when that torrent lives already as another download."""
        try:
            await self._database.run(SQL["set_source"], download_id, worker, magnet, torrent, info_hash)
        except asyncpg.UniqueViolationError:
            return False
        return True

    async def fall_back(self, worker: str, download: Download) -> Download | None:
        """It is fetched from its swarm from now on; None when the lease is lost."""
        async with self._database.transaction() as transaction:
            if await transaction.value(SQL["fall_back"], download.id, worker) is None:
                return None
            await transaction.run(SQL["drop_files"], download.id)
        return await self.get(download.id)

    async def set_facts(self, worker: str, download: Download, facts: Facts) -> Download | None:
        """What the metadata told; None for a torrent that lives already, or when the lease is lost."""
        name = rows.text(facts.name, 500) or "Untitled"
        try:
            async with self._database.transaction() as transaction:
                values = (name, facts.info_hash, facts.torrent, facts.total_bytes)
                done = await transaction.run(SQL["set_facts"], download.id, worker, *values)
                if done == "UPDATE 0":
                    return None
                await transaction.run(SQL["put_files"], download.id, *_file_values(facts.files))
        except asyncpg.UniqueViolationError:
            return None
        return await self.get(download.id)

    async def imported(
        self, worker: str, download: Download, media_id: uuid.UUID, files: Mapping[int, uuid.UUID]
    ) -> Download | None:
        """What became of it in the library; None when the lease is lost."""
        async with self._database.transaction() as transaction:
            if await transaction.value(SQL["imported"], download.id, worker, media_id) is None:
                return None
            await transaction.run(SQL["set_file_ids"], download.id, list(files), list(files.values()))
        return await self.get(download.id)

    async def secret(self, name: str, fresh: str) -> str:
        """The installation's secret of that name; `fresh` becomes it where there was none."""
        return str(await self._database.value(SQL["secret"], name, fresh))

    async def _twin(self, transaction: Connection, new: NewDownload) -> uuid.UUID | None:
        if new.info_hash is None:
            return None
        twin: uuid.UUID | None = await transaction.value(SQL["live_twin"], new.info_hash)
        if twin is not None:
            await transaction.run(SQL["also_want"], twin, new.wanted_by)
        return twin

    async def _with_files(self, found: Sequence[Row]) -> list[Download]:
        files: dict[uuid.UUID, list[FileState]] = defaultdict(list)
        if found:
            for row in await self._database.rows(SQL["files"], [row["id"] for row in found]):
                files[row["download_id"]].append(_file(row))
        return [_download(row, tuple(files[row["id"]])) for row in found]


def _download(row: Row, files: tuple[FileState, ...]) -> Download:
    code = row["error_code"]
    return Download(
        id=row["id"],
        wanted_by=row["wanted_by"],
        name=row["name"],
        source_kind=SourceKind(row["source_kind"]),
        status=Status(row["status"]),
        wanted_state=Wanted(row["wanted_state"]),
        trail_id=row["trail_id"],
        created_at=row["created_at"],
        source=row["source"],
        via=Via(row["via"]),
        headers=_headers(row["headers"]),
        info_hash=row["info_hash"],
        media_id=row["media_id"],
        work=row["work"],
        also_wanted_by=tuple(row["also_wanted_by"]),
        wanted_files=None if row["wanted_files"] is None else tuple(row["wanted_files"]),
        sequential=row["sequential"],
        delete_files=row["delete_files"],
        total_bytes=row["total_bytes"],
        done_bytes=row["done_bytes"],
        uploaded_bytes=row["uploaded_bytes"],
        seeded_seconds=row["seeded_seconds"],
        trouble=Trouble(code, row["error_message"] or "") if code else None,
        progress=_progress(row["progress"]),
        worker=row["worker"],
        control=row["control"],
        imported_at=row["imported_at"],
        completed_at=row["completed_at"],
        files=files,
    )


def _headers(stored: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in stored or ())


def _progress(stored: Any) -> Progress:
    try:
        return replace(Progress(), **stored)
    except TypeError:
        return Progress()


def _file(row: Row) -> FileState:
    return FileState(
        index=row["index"],
        path=row["path"],
        size_bytes=row["size_bytes"],
        done_bytes=row["done_bytes"],
        wanted=row["wanted"],
        playable=row["playable"],
        file_id=row["file_id"],
        seen=_seen(row["seen"]),
    )


def _seen(stored: Any) -> Seen | None:
    """What was seen; a row of another time's shape counts as not looked into."""
    if not isinstance(stored, dict):
        return None
    if (facts := stored.get("facts")) is None:
        return Seen(None, str(stored.get("problem") or ""))
    try:
        return Seen(MediaFacts.from_dict(facts))
    except (KeyError, TypeError):
        return None


def _seen_values(seen: Seen | None) -> dict[str, Any] | None:
    if seen is None:
        return None
    return {"facts": seen.facts.as_dict()} if seen.facts is not None else {"problem": seen.problem}


def _new_values(new: NewDownload) -> tuple[Any, ...]:
    return (
        new.id,
        new.wanted_by,
        rows.text(new.name, 500) or "Untitled",
        new.source_kind.value,
        new.source,
        new.torrent,
        new.info_hash,
        new.media_id,
        new.result_id,
        dict(new.work) if new.work else None,
        None if new.wanted_files is None else list(new.wanted_files),
        new.sequential,
        new.trail_id,
        new.via.value,
        [list(pair) for pair in new.headers],
    )


def _change_values(change: Change) -> tuple[Any, ...]:
    trouble = change.trouble
    return (
        change.status.value,
        trouble.code if trouble else None,
        (rows.text(trouble.message, 1000) or "") if trouble else None,
        rows.text(change.name, 500),
        change.total_bytes,
        change.done_bytes,
        change.uploaded_bytes,
        change.seeded_seconds,
        asdict(change.progress),
    )


def _file_values(files: Sequence[FileState]) -> tuple[list[Any], ...]:
    return (
        [file.index for file in files],
        [rows.text(file.path, 4000) or "?" for file in files],
        [file.size_bytes for file in files],
        [file.wanted for file in files],
    )
