"""The household's own files as offers, so that a search finds what is there already."""

from __future__ import annotations

from pathlib import PurePosixPath

from sokoul.domain.media import MediaType
from sokoul.domain.offer import Offer, Protocol
from sokoul.features.search.ports import Query
from sokoul.store.database import Database, Row, queries

SQL = queries("searches")


class LibraryOffers:
    """An indexer named `library` over the files that are present."""

    name = "library"
    timeout: float | None = 5.0

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, query: Query) -> list[Offer]:
        """Files of the work by its id, or by titles that are alike."""
        kind = "tv" if query.media_type is MediaType.EPISODE else str(query.media_type)
        titles = [_title(text) for text in query.texts]
        rows = await self._database.rows(
            SQL["library"], titles, query.tmdb_id, kind, query.season, query.episode
        )
        return [_offer(row) for row in rows]


def _title(text: str) -> str:
    """As `fold(title)` has it, without the year that indexers are asked with."""
    words = text.lower().split()
    return " ".join(words[:-1] if len(words) > 1 and words[-1].isdigit() and len(words[-1]) == 4 else words)


def _offer(row: Row) -> Offer:
    return Offer(
        guid=str(row["id"]),
        title=row["release_name"] or PurePosixPath(row["path"]).stem,
        provider=LibraryOffers.name,
        protocol=Protocol.LIBRARY,
        size_bytes=row["size_bytes"],
        url=f"/api/v1/files/{row['id']}/stream",
        published_at=row["added_at"],
        tmdb_id=row["tmdb_id"],
        imdb_id=row["imdb_id"],
        media_id=str(row["media_id"]),
    )
