"""Which debrid services there are: a table one can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import aiohttp

from sokoul.domain.debrid import Service
from sokoul.features.debrid.keys import fingerprint
from sokoul.features.debrid.ports import DebridClient
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.debrid import all_debrid, real_debrid
from sokoul.providers.debrid.calling import Caller
from sokoul.providers.debrid.guarded import Guard, GuardedDebrid
from sokoul.providers.debrid.pace import Buckets, Pace


@dataclass(frozen=True, slots=True)
class Kind:
    """How a service's client is made, and how often an account of it may ask."""

    build: Callable[[Caller], DebridClient]
    rules: Sequence[tuple[int, float]]
    base: Callable[[str], str] = str


SERVICES: Final[Mapping[Service, Kind]] = {
    Service.REAL_DEBRID: Kind(real_debrid.RealDebrid, real_debrid.RULES),
    Service.ALL_DEBRID: Kind(all_debrid.AllDebrid, all_debrid.RULES, all_debrid.base),
}

# Accounts of single users whose failures are remembered.
_MOST_OWN: Final = 500


class DebridClients:
    """Makes clients that ask at the configured addresses, paced and behind a breaker, each account by itself.

    The household's accounts and each user's own have breakers of their own: a key that is refused to one
    person stops nobody else.
    """

    def __init__(
        self, http: aiohttp.ClientSession, addresses: Mapping[Service, str], shared: Buckets, here: Buckets
    ) -> None:
        self._http, self._addresses, self._shared, self._here = http, dict(addresses), shared, here
        self._household: dict[Service, Guard] = {}
        self._own: dict[str, Guard] = {}

    def use(self, addresses: Mapping[Service, str], household: Mapping[Service, CircuitBreaker]) -> None:
        """Ask at these addresses from now on, with these breakers of the household's accounts."""
        self._addresses = dict(addresses)
        before = self._household
        self._household = {
            service: before[service]
            if service in before and before[service].breaker is breaker
            else Guard(breaker)
            for service, breaker in household.items()
        }

    def client(self, service: Service, key: str, *, household: bool = False) -> DebridClient:
        """The client of one account."""
        kind, account = SERVICES[service], fingerprint(service, key)
        pace = Pace(service.called, account, kind.rules, self._shared, self._here)
        base = kind.base(self._addresses[service])
        guard = self._household.get(service) if household else None
        inner = kind.build(Caller(self._http, service, base, key, pace))
        return GuardedDebrid(inner, guard or self._guard_of(service, account))

    def _guard_of(self, service: Service, account: str) -> Guard:
        guard = self._own.pop(account, None) or Guard(CircuitBreaker(service.called))
        self._own[account] = guard  # the newest stands last
        if len(self._own) > _MOST_OWN:
            del self._own[next(iter(self._own))]
        return guard
