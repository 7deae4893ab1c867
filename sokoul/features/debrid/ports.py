"""What the debrid feature needs: clients of the services, stored keys, and what was learnt."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from sokoul.domain.debrid import Service
from sokoul.features.debrid.model import Account, KeyRow, Learnt, Link, RemoteTorrent, Seen


class DebridClient(Protocol):
    """One account at one service; every refusal is a `DebridTrouble`."""

    @property
    def service(self) -> Service: ...

    async def account(self) -> Account:
        """Whose key it is."""
        ...

    async def add(self, magnet: str) -> str:
        """Hand a torrent over; its id there. Adding one that is there already does no harm."""
        ...

    async def look(self, torrent_id: str) -> RemoteTorrent:
        """Where it stands; a torrent that failed there raises."""
        ...

    async def choose(self, torrent_id: str, files: Collection[int]) -> None:
        """Say which files are wanted, where the service asks for that."""
        ...

    async def unlock(self, link: str) -> Link:
        """The address of the bytes behind a link of the service's, or of a hoster that it knows."""
        ...

    async def drop(self, torrent_id: str) -> None:
        """Take it off the account's list; gone is gone."""
        ...


class Clients(Protocol):
    """Makes clients."""

    def client(self, service: Service, key: str, *, household: bool = False) -> DebridClient:
        """`household` where the key is everybody's: how it fares is told on the settings page."""
        ...


class KeyStore(Protocol):
    """Users' sealed keys."""

    async def keys(self, user_id: uuid.UUID) -> Sequence[KeyRow]: ...

    async def put_key(self, user_id: uuid.UUID, service: Service, sealed: str) -> None: ...

    async def drop_key(self, user_id: uuid.UUID, service: Service) -> bool:
        """False where there was none."""
        ...


class Knowledge(Protocol):
    """What was learnt of torrents at services."""

    async def learn(
        self, service: Service, info_hash: str, seen: Seen, reason: str | None = None
    ) -> None: ...

    async def learnt(
        self, hashes: Collection[str], services: Collection[Service], *, since: datetime
    ) -> Sequence[Learnt]:
        """What was seen since then; what was refused counts for ever."""
        ...


class Vault(Protocol):
    """Keeps a secret from whoever reads the database; `context` binds it to its place."""

    def seal(self, text: str, context: str) -> str: ...

    def open(self, sealed: str, context: str) -> str:
        """Raises SokoulError where it cannot be opened here."""
        ...


class Memory(Protocol):
    """What may be forgotten at any time."""

    async def get(self, key: str, *, kind: str = ...) -> bytes | None: ...

    async def put(self, key: str, value: bytes, *, seconds: float) -> None: ...

    async def drop(self, *keys: str) -> None: ...
