"""A title's description in short: by rules at once, by the model as soon as it has come to it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal

import structlog

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.domain.meaning import Story, short
from sokoul.features.recommend.ports import Cache, Stories, Summariser

log = structlog.get_logger(__name__)

Language = Literal["en", "fr"]
# Said when a summary is wanted that only an oracle in another process can make.
SIGNAL: Final = "summaries"
LIMIT: Final = 45.0  # seconds for one; nobody waits for it
MOST_WAITING: Final = 20
_KEPT: Final = 30 * 86_400.0
_AGAIN_AFTER: Final = 1800.0  # seconds until a text that no good summary came of is tried again
_NONE: Final = b"{}"


@dataclass(frozen=True, slots=True)
class Summary:
    """`coming`: the model is at a better one, so ask again in a few seconds."""

    text: str
    by: Literal["model", "rules"]
    coming: bool = False


class Summaries:
    """`summariser` gives the model of this process, `call` asks for one elsewhere if there is none here."""

    def __init__(
        self,
        stories: Stories,
        cache: Cache,
        summariser: Callable[[], Summariser | None],
        call: Callable[[uuid.UUID, Language], Awaitable[bool]],
    ) -> None:
        self._stories, self._cache, self._summariser, self._call = stories, cache, summariser, call
        self._wanted: asyncio.Queue[tuple[uuid.UUID, Language]] = asyncio.Queue(MOST_WAITING)
        self._known: set[tuple[uuid.UUID, Language]] = set()

    async def of(self, story_id: uuid.UUID, language: Language) -> Summary:
        """At once, whatever the model does; raises `NotFound`."""
        story = (await self._stories.by_ids([story_id])).get(story_id)
        if story is None:
            raise NotFound("There is no such title")
        text = story.text_in(language)
        by_rules = short.shorten(text)
        if not text or (by_rules == text.strip() and short.speaks(text, language)):
            return Summary(by_rules, "rules")
        kept = await self._cache.get(_key(text, language), kind="summary")
        if kept is not None:
            told = json.loads(kept).get("text")
            return Summary(told, "model") if told else Summary(by_rules, "rules")
        return Summary(by_rules, "rules", coming=await self._want(story_id, language))

    def want(self, story_id: uuid.UUID, language: Language) -> bool:
        """Have the model of this process make it; False where too many wait."""
        wish = (story_id, language)
        if wish not in self._known and not self._wanted.full():
            self._known.add(wish)
            self._wanted.put_nowait(wish)
        return wish in self._known

    async def run(self) -> None:
        """Make one after the other, for ever."""
        while True:
            wish = await self._wanted.get()
            try:
                await self._make(*wish)
            except ProviderUnavailable as err:
                log.info("a title is summed up by rules", why=str(err))
            finally:
                self._known.discard(wish)

    async def _want(self, story_id: uuid.UUID, language: Language) -> bool:
        if self._summariser() is not None:
            return self.want(story_id, language)
        return await self._call(story_id, language)

    async def _make(self, story_id: uuid.UUID, language: Language) -> None:
        story, model = (await self._stories.by_ids([story_id])).get(story_id), self._summariser()
        if story is None or model is None:
            return
        text = story.text_in(language)
        if await self._cache.get(_key(text, language), kind="summary") is not None:
            return
        told = short.tells(text)
        made = await model.summarise(story.title, told, language=language, timeout=LIMIT) if told else ""
        if _is_good(made, story, told, language):
            value, seconds = json.dumps({"text": made}, ensure_ascii=False).encode(), _KEPT
        else:
            log.warning("the model's summary tells something else", title=story.title)
            value, seconds = _NONE, _AGAIN_AFTER
        await self._cache.put(_key(text, language), value, seconds=seconds)


def _is_good(made: str, story: Story, text: str, language: Language) -> bool:
    """In the reader's language, and of what the text tells as far as both can be compared."""
    if not short.speaks(made, language) or len(made) >= len(text):
        return False
    return not short.speaks(text, language) or short.keeps_to(made, f"{story.title} {text}")


def _key(text: str, language: Language) -> str:
    return f"summary:{language}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
