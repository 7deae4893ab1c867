"""The oracle's own work: turn what is not read yet into vectors, again and again, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import structlog

from sokoul.domain.errors import Unavailable
from sokoul.features.recommend.index import WIDTH
from sokoul.features.recommend.ports import Embedder, Stories, Waiting

if TYPE_CHECKING:
    from sokoul.features.recommend.ports import Vectors

log = structlog.get_logger(__name__)

AT_ONCE: Final = 64  # stories written in one transaction
TOGETHER: Final = 4  # texts in one call, so that a person's question never waits long
LOOK_EVERY: Final = 300.0  # seconds, though nobody said that anything changed
AGAIN_AFTER: Final = 60.0
_TOGETHER_WITHIN: Final = 2.0


class Reader:
    """Idempotent: a story is read when the digest of its text, or the model, is another than its vector's."""

    def __init__(self, stories: Stories, embedder: Callable[[], Embedder | None]) -> None:
        self._stories, self._embedder = stories, embedder
        self._changed = asyncio.Event()

    def look(self) -> None:
        """Something may have changed."""
        self._changed.set()

    async def run(self) -> None:
        """Read for ever; a model that fails is tried again in a minute."""
        while True:
            wait = LOOK_EVERY
            try:
                await self.read_all()
            except Unavailable as error:
                log.warning("works cannot be read for meaning", why=str(error))
                wait = AGAIN_AFTER
            try:
                await asyncio.wait_for(self._changed.wait(), wait)
            except TimeoutError:
                continue
            # What comes in a burst is read together.
            await asyncio.sleep(_TOGETHER_WITHIN)
            self._changed.clear()

    async def read_all(self) -> int:
        """Read what waits; how many stories that were."""
        embedder, read = self._embedder(), 0
        if embedder is None:
            return 0
        model = await embedder.key()
        while waiting := await self._stories.waiting(model, AT_ONCE):
            made = list(zip(waiting, await _vectors(embedder, waiting), strict=True))
            await self._stories.keep(model, made)
            read += len(made)
        if read:
            log.info("works were read for meaning", works=read)
        return read


async def _vectors(embedder: Embedder, waiting: Sequence[Waiting]) -> list[Vectors]:
    texts = [(place, text) for place, one in enumerate(waiting) for text in one.story.texts()]
    import numpy as np

    sums = np.zeros((len(waiting), WIDTH), np.float32)
    for start in range(0, len(texts), TOGETHER):
        part = texts[start : start + TOGETHER]
        vectors = await embedder.embed([text for _, text in part])
        for (place, _), vector in zip(part, vectors, strict=True):
            sums[place] += vector
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return list(sums / np.where(lengths == 0, 1, lengths))
