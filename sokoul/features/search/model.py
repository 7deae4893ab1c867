"""A search and what belongs to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sokoul.domain.meaning import Wish
from sokoul.domain.media import MediaType, Work
from sokoul.domain.offer import Judged, Offer


class Status(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class Answered(StrEnum):
    """How one source fares in one search."""

    RUNNING = "running"
    OK = "ok"
    FAILED = "failed"
    TIMEOUT = "timeout"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class SearchWish:
    """What somebody looks for, as they put it."""

    query: str
    media_type: MediaType | None = None
    year: int | None = None
    tmdb_id: int | None = None
    season: int | None = None
    episode: int | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderState:
    """One source in one search; `duration_ms` of a running one is 0.

    It was asked `started_ms` after the search was, and may take `limit_ms` from then on.
    """

    name: str
    status: Answered = Answered.RUNNING
    count: int = 0
    duration_ms: int = 0
    error: str | None = None
    started_ms: int = 0
    limit_ms: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the way and its time: how long it took, how long it may take, what went wrong.

    It began `started_ms` after the search was asked for; `running`: it has not ended.
    """

    name: str
    duration_ms: int
    limit_ms: int
    error: str | None = None
    started_ms: int = 0
    running: bool = False


@dataclass(frozen=True, slots=True)
class NewSearch:
    """A search about to be written; with an `origin` it judges that one's results by its own profile."""

    id: uuid.UUID
    user_id: uuid.UUID
    cache_key: str
    wish: SearchWish
    profile: str
    trail_id: str
    expires_at: datetime
    origin: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it is written down."""

    id: uuid.UUID
    user_id: uuid.UUID | None
    readers: tuple[uuid.UUID, ...]
    cache_key: str
    wish: SearchWish
    profile: str
    status: Status
    identified: Work | None
    candidates: tuple[dict[str, Any], ...]
    stages: tuple[Stage, ...]
    understood: Wish | None
    duration_ms: int | None
    trail_id: str
    created_at: datetime
    expires_at: datetime
    finished: bool
    origin: uuid.UUID | None = None

    def readable_by(self, user_id: uuid.UUID) -> bool:
        """Whether this user asked for it or was handed it."""
        return user_id == self.user_id or user_id in self.readers


@dataclass(frozen=True, slots=True)
class Result:
    """A judged release under its lasting id; `guid` tells it from the others of its search."""

    id: uuid.UUID
    guid: str
    judged: Judged
    ai_validated: bool = False

    @classmethod
    def of(cls, search_id: uuid.UUID, judged: Judged, guid: str | None = None) -> Self:
        """The same release of the same search has the same id, however often it is asked."""
        guid = guid or guid_of(judged.offer)
        return cls(uuid.uuid5(search_id, guid), guid, judged)

    def rejudged(self, judged: Judged) -> Self:
        """The same result with another verdict, by the rules alone."""
        return replace(self, judged=judged, ai_validated=False)


def guid_of(offer: Offer) -> str:
    """What tells one release from the others of its search."""
    return f"btih:{offer.info_hash}" if offer.info_hash else f"{offer.provider}:{offer.guid}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking for a search; `answer` is the whole document where it was known already."""

    search_id: uuid.UUID
    status: Status
    answer: bytes | None = None
