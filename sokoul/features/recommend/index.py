"""All vectors in memory, searched exactly: for a library of a household that is quicker than any index."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sokoul.features.recommend.ports import Stories

if TYPE_CHECKING:
    from sokoul.features.recommend.ports import Vectors

WIDTH: Final = 384
AT_ONCE: Final = 2000  # rows read in one query
ANEW: Final = 86_400.0  # seconds after which all is read again, without what is gone
SPARE: Final = 256  # rows for what comes next
FRESH: Final = 5.0  # seconds in which nobody looks for new vectors
# A vector written by a transaction that began earlier may become visible after a later one.
OVERLAP: Final = timedelta(seconds=10)
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


class VectorIndex:
    """Loaded at the first question and brought up to date at later ones; 1.5 MB for 1,000 works."""

    def __init__(self, stories: Stories, *, fresh: float = FRESH) -> None:
        self._stories, self._fresh = stories, fresh
        self._turn = asyncio.Lock()
        self._looked = self._begun = 0.0
        self._model = ""
        self._ids: list[uuid.UUID] = []
        self._places: dict[uuid.UUID, int] = {}
        self._matrix: Vectors | None = None
        self._seen = _BEGINNING

    def __len__(self) -> int:
        return len(self._ids)

    async def refresh(self, model: str) -> None:
        """Take in what was written since; another model's vectors are forgotten."""
        async with self._turn:
            now = asyncio.get_running_loop().time()
            if model == self._model and now - self._looked < self._fresh:
                return
            if model != self._model or now - self._begun > ANEW:
                # Made in its size at once: a matrix that grows is there twice for a moment.
                self._empty(model, await self._stories.how_many(model) + SPARE)
                self._begun = now
            while await self._read_on(model) == AT_ONCE:
                pass
            self._looked = now

    async def nearest(self, vectors: Vectors, count: int) -> list[tuple[uuid.UUID, float]]:
        """The ids with the highest cosine to any of the rows, best first."""
        if self._matrix is None or not self._ids or not len(vectors):
            return []
        matrix, ids = self._matrix[: len(self._ids)], self._ids
        # Off the loop: numpy lets go of the interpreter while it multiplies.
        best, likeness = await asyncio.to_thread(_best, matrix, vectors, count)
        return [(ids[place], float(like)) for place, like in zip(best, likeness, strict=True)]

    def of(self, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Vectors]:
        """The vectors of those that have one."""
        if self._matrix is None:
            return {}
        places = {one: self._places[one] for one in ids if one in self._places}
        return {one: self._matrix[place] for one, place in places.items()}

    def let_go(self, ids: Sequence[uuid.UUID]) -> None:
        """These are not there any more: nothing is near them from now on."""
        for one in ids:
            if self._matrix is not None and (place := self._places.get(one)) is not None:
                self._matrix[place] = 0

    def _empty(self, model: str, room: int) -> None:
        import numpy as np

        self._model, self._seen = model, _BEGINNING
        self._ids, self._places = [], {}
        self._matrix = np.empty((room, WIDTH), np.float32)

    async def _read_on(self, model: str) -> int:
        after = self._seen - OVERLAP if self._ids and not self._catching_up else self._seen
        read = await self._stories.vectors(model, after, AT_ONCE)
        self._catching_up = len(read) == AT_ONCE
        for one in read:
            if one.numbers.size == WIDTH:
                self._put(one.id, one.numbers)
            self._seen = max(self._seen, one.at)
        return len(read)

    _catching_up = False

    def _put(self, story: uuid.UUID, numbers: Vectors) -> None:
        import numpy as np

        assert self._matrix is not None
        place = self._places.get(story)
        if place is None:
            place = self._places[story] = len(self._ids)
            self._ids.append(story)
            if place == len(self._matrix):
                grown = np.empty((place + max(SPARE, place // 16), WIDTH), np.float32)
                grown[:place] = self._matrix
                self._matrix = grown
        self._matrix[place] = numbers


def _best(matrix: Vectors, vectors: Vectors, count: int) -> tuple[list[int], Vectors]:
    import numpy as np

    likeness = matrix @ vectors[0] if len(vectors) == 1 else (matrix @ vectors.T).max(axis=1)
    count = min(count, len(likeness))
    best = np.argpartition(likeness, -count)[-count:]
    best = best[np.argsort(-likeness[best])]
    return best.tolist(), likeness[best]
