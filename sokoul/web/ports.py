"""What the web needs of rings beside it, as seen from here; `app` hands the real parts over."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from aiohttp import web

from sokoul.domain.trust import Trust


class ByteCache(Protocol):
    """Answers that may be lost at any time."""

    async def get(self, key: str, *, kind: str = "other") -> bytes | None: ...

    async def put(self, key: str, value: bytes, *, seconds: float) -> None: ...

    async def drop(self, *keys: str) -> None: ...

    async def count(self, *beginnings: str) -> int: ...

    async def clear(self, *beginnings: str) -> None: ...


class LiveSource(Protocol):
    """Live events as they come over the bus: `listener(topic, frame)`."""

    async def on_live(self, listener: Callable[[str, bytes], Awaitable[None]]) -> None: ...


class DeadLetters(Protocol):
    """Jobs that failed too often."""

    async def page(self, *, limit: int, offset: int) -> tuple[Sequence[Any], int]: ...

    async def retry(self, letter_id: uuid.UUID) -> None: ...

    async def purge(self, letter_id: uuid.UUID) -> None: ...


class Claims(Protocol):
    """What names of releases promised, and what was found in their files."""

    async def page(
        self, *, group: str | None, kept: bool | None, limit: int, offset: int
    ) -> tuple[Sequence[Mapping[str, Any]], int]: ...

    async def trust(self) -> Trust: ...


class TaskList(Protocol):
    """Rows of the table tasks; `user_id` None means everybody's."""

    async def page(
        self, *, user_id: uuid.UUID | None, limit: int, offset: int
    ) -> tuple[Sequence[Mapping[str, Any]], int]: ...

    async def one(self, task_id: uuid.UUID, *, user_id: uuid.UUID | None) -> Mapping[str, Any]: ...


class IntegrationTester(Protocol):
    """Tries one integration with the values given on the page (or the configured ones)."""

    @property
    def known(self) -> frozenset[str]: ...

    async def test(self, integration: str, values: Mapping[str, Any]) -> IntegrationVerdict: ...


class IntegrationVerdict(Protocol):
    """Whether it works, in plain words, and what to do where it does not."""

    @property
    def ok(self) -> bool: ...
    @property
    def message(self) -> str: ...
    @property
    def cure(self) -> str | None: ...


class Metadata(Protocol):
    """The metadata source behind /api/v1/tmdb: `path` as TMDB names it; the JSON as bytes."""

    async def fetch(self, path: str, params: Mapping[str, str]) -> bytes: ...


class Pictures(Protocol):
    """Posters and the like, kept here; raises `NotFound`."""

    async def get(self, size: str, name: str) -> tuple[bytes, str]:
        """The bytes and their media type."""
        ...


class Television(Protocol):
    """The media server for televisions."""

    async def describe(self, request: web.Request) -> web.StreamResponse: ...
    async def describe_service(self, request: web.Request) -> web.StreamResponse: ...
    async def icon(self, request: web.Request) -> web.StreamResponse: ...
    async def control(self, request: web.Request) -> web.StreamResponse: ...
    async def subscribe(self, request: web.Request) -> web.StreamResponse: ...
    async def unsubscribe(self, request: web.Request) -> web.StreamResponse: ...
    async def file(self, request: web.Request) -> web.StreamResponse: ...
    async def poster(self, request: web.Request) -> web.StreamResponse: ...
