"""What one person likes, wants and has watched."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sokoul.domain.errors import Invalid
from sokoul.features.library.model import Title

# Credits are not watched: from here on it counts as seen.
SEEN_FROM = 0.9
LONGEST_SECONDS = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Favorite:
    """A liked title."""

    media: Title
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """A title to be watched, and fetched unasked when `auto_download` is set."""

    media: Title
    priority: int
    auto_download: bool
    profile: str | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """How far somebody is in a film or an episode; `series` is the episode's. Seconds."""

    id: uuid.UUID
    media: Title
    series: Title | None
    progress_seconds: float
    total_seconds: float
    is_completed: bool
    watched_at: datetime

    @property
    def resume_at(self) -> float:
        """Where to go on: at the beginning once it was seen."""
        return 0.0 if self.is_completed else self.progress_seconds


@dataclass(frozen=True, slots=True)
class Status:
    """Everything the pages show of one title for one person."""

    media_id: uuid.UUID | None = None
    in_library: bool = False
    favorite: bool = False
    watchlist: bool = False
    watched: bool = False
    progress_seconds: float | None = None
    total_seconds: float | None = None


class PersonalStore(Protocol):
    """The tables library_favorites, library_watchlist and watch_history."""

    async def add_favorite(self, user_id: uuid.UUID, media_id: uuid.UUID) -> Favorite:
        """Adding twice is once; raises `NotFound`."""
        ...

    async def drop_favorite(self, user_id: uuid.UUID, media_id: uuid.UUID) -> None:
        """Raises `NotFound`."""
        ...

    async def favorites(
        self, user_id: uuid.UUID, *, limit: int, offset: int
    ) -> tuple[list[Favorite], int]: ...

    async def add_wish(
        self,
        user_id: uuid.UUID,
        media_id: uuid.UUID,
        *,
        priority: int,
        auto_download: bool,
        profile: str | None,
    ) -> Wish:
        """Adding again changes it; raises `NotFound`."""
        ...

    async def drop_wish(self, user_id: uuid.UUID, media_id: uuid.UUID) -> None:
        """Raises `NotFound`."""
        ...

    async def wishes(self, user_id: uuid.UUID, *, limit: int, offset: int) -> tuple[list[Wish], int]: ...

    async def record(
        self, user_id: uuid.UUID, media_id: uuid.UUID, progress: float, total: float, *, completed: bool
    ) -> Watched:
        """The newest word on this title; raises `NotFound`."""
        ...

    async def history(
        self, user_id: uuid.UUID, *, completed: bool, limit: int, offset: int
    ) -> tuple[list[Watched], int]: ...

    async def drop_history(self, user_id: uuid.UUID, entry_id: uuid.UUID) -> None:
        """Raises `NotFound`."""
        ...

    async def watched(self, user_id: uuid.UUID, media_id: uuid.UUID) -> Watched | None: ...

    async def status(self, user_id: uuid.UUID, media_id: uuid.UUID) -> Status: ...


class Personal:
    """The lists of each person; nobody sees another's."""

    def __init__(self, store: PersonalStore) -> None:
        self.store = store

    async def watch(self, user_id: uuid.UUID, media_id: uuid.UUID, progress: float, total: float) -> Watched:
        """Note how far somebody is; from nine tenths on it is seen. Raises `Invalid`, `NotFound`."""
        if not 0 < total <= LONGEST_SECONDS:
            raise Invalid("total_seconds", "should be more than 0 and at most a week")
        if not 0 <= progress <= LONGEST_SECONDS:
            raise Invalid("progress_seconds", "should be from 0 to a week")
        progress = min(progress, total)
        return await self.store.record(
            user_id, media_id, progress, total, completed=progress >= SEEN_FROM * total
        )

    async def resume_at(self, user_id: uuid.UUID, media_id: uuid.UUID) -> float:
        """Seconds from the beginning where this person goes on watching."""
        watched = await self.store.watched(user_id, media_id)
        return 0.0 if watched is None else watched.resume_at
