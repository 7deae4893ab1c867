"""Two hundred films known to a real database, read by the real model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pytest

from sokoul.engines.llm.embedding import GgufEmbedder
from sokoul.features.recommend.index import VectorIndex
from sokoul.features.recommend.reading import Reader
from sokoul.features.recommend.semantic import Semantic
from sokoul.store.database import Database
from sokoul.store.stories import StoryStore
from tests import films
from tests.sentence_model import converted

if TYPE_CHECKING:
    from sokoul.engines.llm.embedding import Vectors


@dataclass
class Shelf:
    """What the tests ask."""

    database: Database
    stories: StoryStore
    embedder: GgufEmbedder
    index: VectorIndex
    reader: Reader
    semantic: Semantic
    blind: Semantic  # without a model


class Recalling(GgufEmbedder):
    """The real model, which reads each text once per run: the films are the same in every test."""

    _read: ClassVar[dict[str, Vectors]] = {}

    async def embed(self, texts: Sequence[str]) -> Vectors:
        missing = [text for text in dict.fromkeys(texts) if text not in self._read]
        for text, vector in zip(missing, await super().embed(missing), strict=True):
            self._read[text] = vector
        return np.array([self._read[text] for text in texts], np.float32).reshape(len(texts), 384)


@pytest.fixture
async def embedder() -> AsyncIterator[GgufEmbedder]:
    embedder = Recalling(converted("q8_0"))
    yield embedder
    await embedder.close()


@pytest.fixture
async def shelf(database: Database, embedder: GgufEmbedder) -> Shelf:
    stories = StoryStore(database)
    index = VectorIndex(stories, fresh=0)
    await stories.remember(films.works())
    semantic = Semantic(stories, index, lambda: embedder)
    blind = Semantic(stories, VectorIndex(stories), lambda: None)
    return Shelf(database, stories, embedder, index, Reader(stories, lambda: embedder), semantic, blind)
