"""What works are about: the embedding model, the search by meaning, suggestions, and the oracle's reading."""

from __future__ import annotations

import uuid
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from sokoul.app.foundation import Foundation
from sokoul.app.model import LanguageModel
from sokoul.config.model import Config
from sokoul.engines.llm.embedding import GgufEmbedder
from sokoul.features.health.service import Degraded, Off
from sokoul.features.library.announce import SIGNAL as LIBRARY
from sokoul.features.recommend.index import VectorIndex
from sokoul.features.recommend.memory import Gatherer, Memory
from sokoul.features.recommend.reading import Reader
from sokoul.features.recommend.semantic import Semantic
from sokoul.features.recommend.suggest import Suggestions
from sokoul.features.recommend.summaries import SIGNAL as SUMMARIES
from sokoul.features.recommend.summaries import Language, Summaries
from sokoul.providers.metadata.sources import MetadataSources
from sokoul.store.stories import StoryStore
from sokoul.store.tastes import TasteStore

# Said when works were heard of, so that an oracle in another process reads them.
HEARD = "stories"
DIMENSIONS = 384


class Meaning:
    """Built once; the model follows the settings."""

    def __init__(self, base: Foundation, knowledge: MetadataSources, model: LanguageModel) -> None:
        self._base, self._model = base, model
        self._path: Path | None = None
        self._embedder: GgufEmbedder | None = None
        self.stories, tastes = StoryStore(base.database), TasteStore(base.database)
        index = VectorIndex(self.stories)
        self.semantic = Semantic(self.stories, index, lambda: self._embedder)
        self.suggestions = Suggestions(self.stories, tastes, index, lambda: self._embedder)
        self.summaries = Summaries(self.stories, base.cache, lambda: model.oracle, self._call)
        self.reader = Reader(self.stories, lambda: self._embedder)
        self.memory = Memory(self.stories, self._heard)
        self.gatherer = Gatherer(knowledge, tastes)
        knowledge.listen(self.memory.note)

    def use(self, config: Config) -> None:
        """Read with the model of `config` from now on."""
        if config.oracle.embeddings.gguf == self._path:
            return
        before, self._path = self._embedder, config.oracle.embeddings.gguf
        self._embedder = None if self._path is None else GgufEmbedder(self._path, dimensions=DIMENSIONS)
        self.reader.look()
        if before is not None:
            self._base.tasks.spawn("let the embedding model go", before.close())

    async def close(self) -> None:
        """End the model's process."""
        if self._embedder is not None:
            await self._embedder.close()

    async def check(self) -> str:
        """For /health/deep: whether the file is a model that can be used."""
        if self._embedder is None or self._path is None:
            raise Off("No embedding model is configured; works are found by words")
        if self._embedder.failure:
            raise Degraded(self._embedder.failure)
        return f"{self._path.name} ({'loaded' if self._embedder.pid else 'loaded when it is asked'})"

    def remember(self) -> None:
        """Write down what this process hears of, and sum up what its readers open."""
        self._base.tasks.supervise("memory", self.memory.run)
        self._base.tasks.supervise("summaries", self.summaries.run)

    async def read(self) -> None:
        """The role `oracle`: turn what is new into vectors."""

        async def look(_: dict[str, Any]) -> None:
            self.reader.look()

        await self._base.bus.on_signal(LIBRARY, look)
        await self._base.bus.on_signal(HEARD, look)
        self._base.tasks.supervise("reader", self.reader.run)

        async def wanted(told: dict[str, Any]) -> None:
            self.summaries.want(uuid.UUID(told["id"]), told["language"])

        await self._base.bus.on_signal(SUMMARIES, wanted)

    def gather(self) -> None:
        """The role `scheduler`: have catalogues tell what is new."""
        self._base.tasks.supervise("gatherer", self.gatherer.run)

    async def _call(self, story_id: uuid.UUID, language: Language) -> bool:
        """Have the oracle of another process sum up a title, where there is one."""
        if self._model.elsewhere:
            await self._base.bus.signal(SUMMARIES, {"id": str(story_id), "language": language})
        return self._model.elsewhere

    def _heard(self) -> None:
        self._base.tasks.spawn("heard", self._base.bus.signal(HEARD, {}))


def build(
    base: Foundation, knowledge: MetadataSources, model: LanguageModel, stack: AsyncExitStack
) -> Meaning:
    """Nothing runs and no model is loaded yet."""
    built = Meaning(base, knowledge, model)
    stack.push_async_callback(built.close)
    built.use(base.config)
    return built
