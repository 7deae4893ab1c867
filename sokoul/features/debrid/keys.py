"""Whose key is used at which service: one's own, else the household's."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from sokoul.domain.debrid import Service
from sokoul.domain.errors import Invalid, NotFound, SokoulError
from sokoul.features.debrid.model import Account, KeyState
from sokoul.features.debrid.ports import Clients, DebridClient, KeyStore, Vault

log = structlog.get_logger(__name__)

LONGEST_KEY = 256
_SEEN_FOR = 30.0
_MOST_SEEN = 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """An account that may be used; `mark` tells it from others without telling the key."""

    client: DebridClient
    owner: str
    mark: str

    @property
    def service(self) -> Service:
        """Where."""
        return self.client.service


class DebridKeys:
    """Stored keys of users, and the household's from the configuration."""

    def __init__(
        self, store: KeyStore, vault: Vault, clients: Clients, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._vault, self._clients, self._clock = store, vault, clients, clock
        self._household: dict[Service, str] = {}
        # Whose searches are asked again and again: until when this holds, and where they have a key.
        self._seen: dict[uuid.UUID, tuple[float, frozenset[Service]]] = {}

    def use(self, household: Mapping[Service, str]) -> None:
        """The household's own keys, from now on."""
        self._household = {service: key for service, key in household.items() if key}
        self._seen.clear()

    async def states(self, user_id: uuid.UUID) -> list[KeyState]:
        """Every service, with whose key is used there."""
        own = {row.service: row for row in await self._store.keys(user_id)}
        return [
            KeyState(service, "own", own[service].set_at)
            if service in own
            else KeyState(service, "household" if service in self._household else None)
            for service in Service
        ]

    async def services(self, user_id: uuid.UUID) -> frozenset[Service]:
        """Where this user or the household has an account; another process may lag half a minute."""
        known = self._seen.get(user_id)
        if known is not None and known[0] > self._clock():
            return known[1]
        found = frozenset(state.service for state in await self.states(user_id) if state.owner)
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen[user_id] = (self._clock() + _SEEN_FOR, found)
        return found

    async def put(self, user_id: uuid.UUID, service: Service, key: str) -> None:
        """Keep a key; raises Invalid."""
        await self._store.put_key(user_id, service, self._vault.seal(_sane(key), _about(user_id, service)))
        self._seen.pop(user_id, None)

    async def drop(self, user_id: uuid.UUID, service: Service) -> None:
        """Forget it; raises NotFound where there was none."""
        known = await self._store.drop_key(user_id, service)
        self._seen.pop(user_id, None)
        if not known:
            raise NotFound(f"You have no key of {service.called} here")

    async def test(self, user_id: uuid.UUID, service: Service, key: str | None = None) -> Account:
        """Ask the service whose key it is: the one given, else the one in use. Raises DebridTrouble."""
        if key:
            return await self._clients.client(service, _sane(key)).account()
        account = next((one for one in await self.opened(user_id) if one.service is service), None)
        if account is None:
            raise NotFound(f"There is no key of {service.called} yet")
        return await account.client.account()

    async def opened(self, user_id: uuid.UUID) -> list[Opened]:
        """The accounts that this user may use, at most one of each service."""
        owners, secrets = dict.fromkeys(self._household, "household"), dict(self._household)
        for row in await self._store.keys(user_id):
            try:
                secrets[row.service] = self._vault.open(row.sealed, _about(user_id, row.service))
            except SokoulError as err:
                log.warning("a debrid key cannot be read", service=row.service.value, error=str(err))
                continue
            owners[row.service] = "own"
        return [self._opened(service, secret, owners[service]) for service, secret in sorted(secrets.items())]

    def _opened(self, service: Service, secret: str, owner: str) -> Opened:
        client = self._clients.client(service, secret, household=owner == "household")
        return Opened(client, owner, fingerprint(service, secret))


def fingerprint(service: Service, key: str) -> str:
    """The same for the same account, and of no use to whoever reads it."""
    return hashlib.sha256(f"{service}\0{key}".encode()).hexdigest()[:20]


def _about(user_id: uuid.UUID, service: Service) -> str:
    return f"debrid {service.value} {user_id}"


def _sane(key: str) -> str:
    key = key.strip()
    if not 8 <= len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()) or " " in key:
        raise Invalid("api_key", "does not look like a key: 8 to 256 letters, digits and signs")
    return key
