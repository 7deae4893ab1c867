"""Which debrid services there are: a table one can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import aiohttp

from sokoul.domain.debrid import Service
from sokoul.features.debrid.keys import fingerprint
from sokoul.features.debrid.ports import DebridClient
from sokoul.providers.debrid import all_debrid, real_debrid
from sokoul.providers.debrid.calling import Caller
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


class DebridClients:
    """Makes clients that ask at the configured addresses, all at the pace of their account."""

    def __init__(
        self, http: aiohttp.ClientSession, addresses: Mapping[Service, str], shared: Buckets, here: Buckets
    ) -> None:
        self._http, self._addresses, self._shared, self._here = http, dict(addresses), shared, here

    def use(self, addresses: Mapping[Service, str]) -> None:
        """Ask at these addresses from now on."""
        self._addresses = dict(addresses)

    def client(self, service: Service, key: str) -> DebridClient:
        """The client of one account."""
        kind = SERVICES[service]
        pace = Pace(service.called, fingerprint(service, key), kind.rules, self._shared, self._here)
        base = kind.base(self._addresses[service])
        return kind.build(Caller(self._http, service, base, key, pace))
