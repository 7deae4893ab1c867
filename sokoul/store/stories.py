"""What works are about: what catalogues told, vectors, and how soon a work can be had."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sokoul.domain.meaning import Story, Wish, genres
from sokoul.domain.media import MediaType, Work
from sokoul.features.recommend.ports import Reach, StoredVector, Waiting
from sokoul.store import rows
from sokoul.store.database import Database, Row, queries

if TYPE_CHECKING:
    from sokoul.features.recommend.ports import Vectors

SQL = queries("stories")
MOST_KNOWN: Final = 100_000
# array_send: five numbers of head, then for each value its length and the value.
_HEAD: Final = 20
_VALUE: Final = [("length", ">i4"), ("value", ">f4")]
_FIELDS: Final = (
    "id", "title", "listed", "original_title", "year", "tmdb_id", "overview", "english", "rating",
    "popularity", "runtime_minutes", "original_language", "poster_url", "backdrop_url",
)  # fmt: skip


class StoryStore:
    """The table known_works, and what stands in media beside it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def remember(self, works: Sequence[Work]) -> None:
        """Keep what catalogues told of films and series with an id."""
        told = sorted(
            (w for w in works if w.tmdb_id and w.media_type in (MediaType.MOVIE, MediaType.TV)),
            # Always in one order: two writers must not wait for each other crosswise.
            key=lambda work: (work.media_type, work.tmdb_id),
        )
        if not told:
            return
        async with self._database.transaction() as transaction:
            for work in told:
                await transaction.run(SQL["remember"], *_told(work))

    async def forget(self, most: int = MOST_KNOWN) -> None:
        """Keep no more than `most` works that were only heard of."""
        await self._database.run(SQL["forget"], most)

    async def waiting(self, model: str, limit: int) -> Sequence[Waiting]:
        """Stories without a vector of this model and their present text."""
        found = await self._database.rows(SQL["waiting"], model, limit)
        return [Waiting(_story(row), row["digest"]) for row in found]

    async def keep(self, model: str, made: Sequence[tuple[Waiting, Vectors]]) -> None:
        """Write vectors; writing them again changes nothing."""
        async with self._database.transaction() as transaction:
            for waiting, vector in made:
                query = SQL["keep_listed" if waiting.story.listed else "keep_heard"]
                await transaction.run(query, waiting.story.id, vector.tolist(), f"{model}:{waiting.digest}")

    async def how_many(self, model: str) -> int:
        """Vectors of this model."""
        return int(await self._database.value(SQL["how_many"], f"{model}:"))

    async def vectors(self, model: str, after: datetime, limit: int) -> Sequence[StoredVector]:
        """Those written later than `after`, in the order they were written."""
        found = await self._database.rows(SQL["vectors"], f"{model}:", after, limit)
        return [StoredVector(row["id"], _numbers(row["vector"]), row["embedded_at"]) for row in found]

    async def by_ids(self, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Story]:
        """Those of them that are still there."""
        found = await self._database.rows(SQL["by_ids"], list(ids))
        return {row["id"]: _story(row, owned=row["owned"]) for row in found}

    async def by_words(self, words: Sequence[str], limit: int) -> Sequence[uuid.UUID]:
        """Those that use any of the words or begin with one, the most fitting first."""
        asked = " | ".join(f"{word}:*" for word in words if word.isalnum())
        if not asked:
            return []
        return [row["id"] for row in await self._database.rows(SQL["by_words"], asked, limit)]

    async def by_facets(self, wish: Wish, people: Sequence[str], limit: int) -> Sequence[uuid.UUID]:
        """Those of the kind, years, genres, people and language asked for."""
        kind = wish.media_type.value if wish.media_type else None
        first, last = wish.years or (None, None)
        labels = [label for code in sorted(wish.genres) for label in genres.labels(code)]
        names = [name.lower() for name in people]
        values = (kind, first, last, labels, names, wish.language, limit)
        return [row["id"] for row in await self._database.rows(SQL["by_facets"], *values)]

    async def by_title(self, title: str) -> Sequence[Story]:
        """Those that are called so, the likeliest first."""
        clean = rows.text(title, 200)
        return [_story(row) for row in await self._database.rows(SQL["by_title"], clean)] if clean else []

    async def reach(self, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Reach]:
        """How soon each can be watched."""
        found = await self._database.rows(SQL["reach"], list(ids))
        return {row["id"]: Reach(row["coming"], row["releases"] or 0, row["best"]) for row in found}


def _told(work: Work) -> tuple[Any, ...]:
    """The columns in the order of `remember`."""
    (
        title,
        original,
        _,
        year,
        tmdb_id,
        *_ids,
        overview,
        poster,
        backdrop,
        genres_,
        rating,
        minutes,
        language,
        _,
    ) = rows.work_values(work)
    popularity = work.popularity if 0 <= work.popularity < 1e9 else 0.0
    lists = (genres_, rows.texts(work.people, 20), rows.texts(work.keywords, 30))
    head = (work.media_type.value, tmdb_id, title, original, year, overview, rows.text(work.english, 10_000))
    return (*head, *lists, rating, popularity, minutes, language, poster, backdrop)


def _story(row: Row, *, owned: bool = False) -> Story:
    return Story(
        media_type=MediaType(row["media_type"]),
        owned=owned,
        genres=tuple(row["genres"]),
        people=tuple(row["people"]),
        keywords=tuple(row["keywords"]),
        **{name: row[name] for name in _FIELDS},
    )


def _numbers(raw: bytes) -> Vectors:
    import numpy as np

    return np.frombuffer(raw, _VALUE, offset=_HEAD)["value"].astype(np.float32)
