"""What meaning and recommendations need from outside: a model that reads, the tables, the catalogues."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from sokoul.domain.meaning import Story, Wish
from sokoul.domain.media import MediaType, Work
from sokoul.domain.words import Phrase, phrase

if TYPE_CHECKING:
    # Numpy is loaded by whoever first has a vector: a household without a model never pays for it.
    import numpy as np

    Vectors = np.ndarray[Any, np.dtype[np.float32]]


class Embedder(Protocol):
    """Turns texts into vectors of length one that lie near each other when they mean the same."""

    async def key(self) -> str:
        """What tells this model from every other; raises `Unavailable`."""
        ...

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text; raises `Unavailable`."""
        ...


class Summariser(Protocol):
    """Says in two or three sentences what a text tells."""

    async def summarise(self, title: str, overview: str, *, language: str, timeout: float) -> str:
        """In `language` (ISO 639-1); raises `ProviderUnavailable`."""
        ...


class Cache(Protocol):
    """Bytes that may be lost at any time; one that is down is one that is empty."""

    async def get(self, key: str, *, kind: str = ...) -> bytes | None: ...

    async def put(self, key: str, value: bytes, *, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredVector:
    """A vector as the database has it: 384 numbers, and when they were written."""

    id: uuid.UUID
    numbers: Vectors
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A story whose vector is missing or of another text; `digest` names the text."""

    story: Story
    digest: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How soon something can be had: it is coming, or releases of it were found by an earlier search."""

    coming: str | None = None
    releases: int = 0
    best: int | None = None

    def told(self, story: Story) -> Phrase:
        """In words."""
        if story.owned:
            return phrase("reach.owned")
        if self.coming is not None:
            return phrase("reach.coming")
        if self.releases:
            return phrase("reach.found", count=self.releases, best=self.best or 0)
        return phrase("reach.search")


class Bond(StrEnum):
    """How somebody is bound to a title, the strongest first."""

    FAVORITE = "favorite"
    FINISHED = "finished"
    BEGUN = "begun"
    WISHED = "wished"


@dataclass(frozen=True, slots=True)
class Tie:
    """A title that says something of somebody's taste."""

    story_id: uuid.UUID
    bond: Bond
    at: datetime


class Stories(Protocol):
    """The tables of what works are about."""

    async def remember(self, works: Sequence[Work]) -> None:
        """Keep what catalogues told."""
        ...

    async def waiting(self, model: str, limit: int) -> Sequence[Waiting]:
        """Stories without a vector of this model and their present text."""
        ...

    async def keep(self, model: str, made: Sequence[tuple[Waiting, Vectors]]) -> None:
        """Write vectors; writing them again changes nothing."""
        ...

    async def how_many(self, model: str) -> int:
        """Vectors of this model."""
        ...

    async def vectors(self, model: str, after: datetime, limit: int) -> Sequence[StoredVector]:
        """Those written later than `after`, in the order they were written."""
        ...

    async def by_ids(self, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Story]: ...

    async def by_words(self, words: Sequence[str], limit: int) -> Sequence[uuid.UUID]:
        """Those that use any of the words or begin with one, the most fitting first."""
        ...

    async def by_facets(self, wish: Wish, people: Sequence[str], limit: int) -> Sequence[uuid.UUID]:
        """Those of the kind, years, genres, people and language asked for."""
        ...

    async def by_title(self, title: str) -> Sequence[Story]:
        """Those that are called so, the likeliest first."""
        ...

    async def reach(self, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Reach]: ...


class Tastes(Protocol):
    """What people watched, liked and wished for."""

    async def ties(self, user_id: uuid.UUID, limit: int) -> Sequence[Tie]:
        """Films and series, the latest first; a series counts once, however many episodes were watched."""
        ...

    async def liked(self, limit: int) -> Sequence[tuple[int, MediaType]]:
        """TMDB's ids of what anybody in the house liked or finished, the latest first."""
        ...

    async def candidates(self, user_id: uuid.UUID, genres: Sequence[str], limit: int) -> Sequence[uuid.UUID]:
        """What the person has not touched, of any of these genres if given, the best known first."""
        ...


class Catalogue(Protocol):
    """A catalogue that can tell what many watch, and what is akin to a work."""

    async def trending(self) -> Sequence[Work]:
        """Raises `ProviderUnavailable`."""
        ...

    async def akin(self, tmdb_id: int, media_type: MediaType) -> Sequence[Work]:
        """Raises `NotFound`, `ProviderUnavailable`."""
        ...
