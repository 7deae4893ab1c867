"""Finished answers in the cache, as ready bytes: under the question, and under the id for its readers.

search:answer:<key>   the search's id, a line feed, the document (cached: true)
search:doc:<id>       the readers' ids in one line, a line feed, the document
"""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from sokoul.domain.errors import Unavailable
from sokoul.features.search import document
from sokoul.features.search.model import Answered, ProviderState, Result, Search, Status
from sokoul.features.search.ports import Cache, SearchStore

log = structlog.get_logger(__name__)

INCOMPLETE_KEPT = 60.0
_MOST_REMEMBERED = 10_000
_KIND = "search"


class AnswerCache:
    """Keeps and finds answers; losing all of it loses time only."""

    def __init__(self, cache: Cache, store: SearchStore, kept: float) -> None:
        self._cache, self._store, self.kept = cache, store, kept
        self._handed: OrderedDict[tuple[uuid.UUID, uuid.UUID], None] = OrderedDict()

    async def find(self, key: str, by: uuid.UUID) -> tuple[uuid.UUID, bytes] | None:
        """The answer to a question asked before; whoever asks becomes a reader of it."""
        kept = await self._cache.get(_question(key), kind=_KIND)
        if kept is None or len(kept) < 38:
            return None
        search_id = uuid.UUID(kept[:36].decode())
        if (search_id, by) not in self._handed and not await self._hand(search_id, by, kept[37:]):
            await self._cache.drop(_question(key))
            return None
        return search_id, kept[37:]

    async def of(self, search_id: uuid.UUID, by: uuid.UUID) -> bytes | None:
        """The finished document, where the cache knows it and this user as its reader."""
        kept = await self._cache.get(_name(search_id), kind=_KIND)
        if kept is None:
            return None
        readers, _, body = kept.partition(b"\n")
        return body if str(by).encode() in readers.split() else None

    async def keep(
        self, search: Search, states: list[ProviderState], results: list[Result], *, as_answer: bool = True
    ) -> None:
        """Both forms of an answer, until it expires; or only the one that its readers ask for by id."""
        seconds = (search.expires_at - datetime.now(UTC)).total_seconds()
        if seconds <= 0:
            return
        told = document.document(search, states, results)
        # Read again: people may have joined while it ran.
        fresh = await self._store.one(search.id)
        await self._cache.put(
            _name(search.id), _readers(fresh or search) + document.encoded(told), seconds=seconds
        )
        answering = answers_for(states, self.kept)
        if as_answer and search.status is Status.COMPLETED and answering > 0:
            head = f"{search.id}\n".encode()
            body = document.encoded({**told, "cached": True})
            await self._cache.put(_question(search.cache_key), head + body, seconds=answering)

    async def _hand(self, search_id: uuid.UUID, by: uuid.UUID, body: bytes) -> bool:
        """Note the reader, once a process; from now on the search reads as one that came from the cache.

        False where the search itself is gone.
        """
        try:
            await self._store.let_read(search_id, by)
            search = await self._store.one(search_id)
        except Unavailable:
            log.warning("could not note a reader, the database is away", search=str(search_id))
            return True
        if search is None:
            return False
        seconds = (search.expires_at - datetime.now(UTC)).total_seconds()
        if seconds > 0:
            await self._cache.put(_name(search_id), _readers(search) + body, seconds=seconds)
        self._handed[search_id, by] = None
        if len(self._handed) > _MOST_REMEMBERED:
            self._handed.popitem(last=False)
        return True


def answers_for(states: Sequence[ProviderState], usual: float) -> float:
    """Seconds for which an answer answers the same question: a minute when somebody failed or was late."""
    complete = all(state.status is Answered.OK for state in states)
    return usual if complete else min(usual, INCOMPLETE_KEPT)


def _question(key: str) -> str:
    return f"search:answer:{key}"


def _name(search_id: uuid.UUID) -> str:
    return f"search:doc:{search_id}"


def _readers(search: Search) -> bytes:
    ids = ([search.user_id] if search.user_id else []) + list(search.readers)
    return " ".join(map(str, ids)).encode() + b"\n"
