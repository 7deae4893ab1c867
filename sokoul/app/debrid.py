"""The parts of debrid services: keys, clients at their pace, what was learnt."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from aiohttp import ClientSession

from sokoul.app.foundation import Foundation
from sokoul.app.sources.assembly import Assembly
from sokoul.config.model import Config
from sokoul.domain.debrid import Service
from sokoul.features.debrid.keys import DebridKeys, fingerprint
from sokoul.features.debrid.service import DebridService
from sokoul.outbound import OutboundGuard
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.debrid.registry import DebridClients
from sokoul.sealing import vault_of
from sokoul.store.buckets import RedisBuckets
from sokoul.store.debrid import DebridStore
from sokoul.web.limits import LocalBuckets


@dataclass(frozen=True)
class Debrid:
    """The service, which follows the configuration by `use`."""

    service: DebridService
    clients: DebridClients
    guard: OutboundGuard
    sources: Assembly

    def use(self, config: Config) -> None:
        """Ask at these addresses, with these keys of the household, from now on."""
        addresses, keys = _addresses(config), _household(config)
        self.guard.list_allowed(config.http.outbound_allow)
        self.guard.allow_configured(addresses.values())
        self.clients.use(addresses, self._breakers(addresses, keys))
        self.service.keys.use(keys)

    def _breakers(
        self, addresses: Mapping[Service, str], keys: Mapping[Service, str]
    ) -> dict[Service, CircuitBreaker]:
        """Of the household's accounts; fresh ones where the address or the key changed."""
        for service in Service:
            if service not in keys:
                self.sources.farewell(service.called)
        return {
            service: self.sources.guest(
                service.called, service.value, (addresses[service], fingerprint(service, key))
            )
            for service, key in keys.items()
        }


async def build(base: Foundation, sources: Assembly, stack: AsyncExitStack) -> Debrid:
    """Build them; nothing runs. `sources` keeps how the household's accounts fare."""
    vault = await asyncio.to_thread(vault_of, base.config.state_dir)
    guard = OutboundGuard(base.config.http.outbound_allow)
    http = await _way_out(guard, stack)
    store = DebridStore(base.database)
    clients = DebridClients(http, {}, RedisBuckets(base.cache.redis), LocalBuckets())
    built = Debrid(
        DebridService(DebridKeys(store, vault, clients), store, base.cache), clients, guard, sources
    )
    built.use(base.config)
    return built


async def _way_out(guard: OutboundGuard, stack: AsyncExitStack) -> ClientSession:
    # Its own: what these services are allowed to name is no business of any other source.
    http = guard.session(timeout=60)
    stack.push_async_callback(http.close)
    return http


def _addresses(config: Config) -> dict[Service, str]:
    debrid = config.providers.debrid
    return {
        Service.REAL_DEBRID: debrid.real_debrid.base_url,
        Service.ALL_DEBRID: debrid.all_debrid.base_url,
    }


def _household(config: Config) -> dict[Service, str]:
    debrid = config.providers.debrid
    keys = {
        Service.REAL_DEBRID: debrid.real_debrid.api_key,
        Service.ALL_DEBRID: debrid.all_debrid.api_key,
    }
    return {service: key.get_secret_value() for service, key in keys.items() if key is not None}
