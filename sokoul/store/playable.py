"""The library's files as playback wants them: present, probed, with the subtitles beside them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

import structlog

from sokoul.domain.errors import NotFound
from sokoul.domain.media import MediaType
from sokoul.domain.mediafacts import MediaFacts
from sokoul.features.playback.ports import SidecarFile, StoredFile
from sokoul.store.database import Database, Row, queries

log = structlog.get_logger(__name__)

SQL = queries("playable")


class PlayableFiles:
    """Reads media_files; what is offline or broken is not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, file_id: uuid.UUID) -> StoredFile:
        """One file; raises `NotFound`."""
        row = await self._database.row(SQL["file"], file_id)
        if row is None:
            raise NotFound("There is no such file")
        return _stored(row)

    async def of_media(self, media_id: uuid.UUID) -> Sequence[StoredFile]:
        """The files of a film or episode, the best first; none when there is no such thing."""
        return [_stored(row) for row in await self._database.rows(SQL["of_media"], media_id)]

    async def media_id(self, media_type: MediaType, tmdb_id: int) -> uuid.UUID:
        """The title of a TMDB id; raises `NotFound`."""
        found: uuid.UUID | None = await self._database.value(SQL["media_id"], media_type.value, tmdb_id)
        if found is None:
            raise NotFound("There is no such title in the library")
        return found


def _stored(row: Row) -> StoredFile:
    sidecars = tuple(
        SidecarFile(Path(one["path"]), one.get("language"), bool(one.get("forced")))
        for one in row["sidecars"]
        if one.get("text")
    )
    return StoredFile(row["id"], row["media_id"], Path(row["path"]), row["size_bytes"], _facts(row), sidecars)


def _facts(row: Row) -> MediaFacts | None:
    """The stored facts; None where an older program wrote them otherwise: then they are measured again."""
    if row["video"] is None or row["container"] is None or row["duration"] is None:
        return None
    try:
        return MediaFacts.from_dict(
            {
                "container": row["container"],
                "duration": row["duration"],
                "bit_rate": row["bit_rate"],
                "video": row["video"],
                "audio": row["audio"],
                "subtitles": row["subtitles"],
                "chapters": row["chapters"],
            }
        )
    except (TypeError, KeyError):
        log.warning("stored facts could not be read", file_id=str(row["id"]))
        return None
