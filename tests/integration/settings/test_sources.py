"""Sources are built from the table, and anew where the settings changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest

from sokoul import metrics
from sokoul.app import debrid, foundation
from sokoul.app.foundation import Foundation
from sokoul.app.sources.assembly import Assembly
from sokoul.app.sources.materials import Materials, Row
from sokoul.config.model import Config
from sokoul.domain.errors import ProviderUnavailable
from sokoul.engines.embedded.servers import Urls
from sokoul.features.health.service import Degraded

NAS = {"name": "nas", "type": "torznab", "url": "http://10.1.2.3:8080/api", "api_key": "k"}
ATTIC = {"name": "attic", "type": "jackett", "url": "http://10.1.2.4:9117", "api_key": "k"}


def config(base: Config, **providers: Any) -> Config:
    told = base.model_dump(by_alias=True)
    told["providers"] = {"tvmaze": {"enabled": False}, "wikidata": {"enabled": False}, **providers}
    return Config.model_validate(told)


@pytest.fixture
async def base(servers: Urls, database_url: str, tmp_path: Path) -> AsyncIterator[Foundation]:
    services = {"postgres": database_url, "redis": servers.redis, "nats": servers.nats}
    made = Config.model_validate({"state_dir": tmp_path, "services": services})
    async with foundation.opened(made, locked=frozenset(), demo=False) as opened:
        yield opened


async def test_what_did_not_change_goes_on(base: Foundation) -> None:
    assembly = Assembly(base)
    assembly.use(config(base.config, indexers=[NAS]))
    (nas,) = assembly.sources.indexers
    assert assembly.sources.names() == ["library", "nas"]
    assert not assembly.knowledge.knows_films

    assembly.use(config(base.config, indexers=[NAS], tmdb={"api_key": "k"}))
    assert list(assembly.sources.indexers) == [nas]
    assert assembly.knowledge.knows_films
    await assembly.close()


async def test_a_source_that_is_gone_is_forgotten_and_no_longer_reached(base: Foundation) -> None:
    assembly = Assembly(base)
    assembly.use(config(base.config, indexers=[NAS, ATTIC]))
    assert base.guard.is_allowed("10.1.2.3", 8080)
    kept = next(each for each in assembly.breakers.all() if each.name == "attic")
    for name in ("nas", "attic"):
        metrics.SEARCH_LATENCY.labels(name).observe(1)
        metrics.SEARCH_ERRORS.labels(name, "failed").inc()

    assembly.use(config(base.config, indexers=[ATTIC]))
    assert assembly.sources.names() == ["attic", "library"]
    assert not base.guard.is_allowed("10.1.2.3", 8080)
    assert base.guard.is_allowed("10.1.2.4", 9117)
    assert assembly.breakers.all() == [kept]
    assert list(assembly.checks()) == ["provider attic"]
    figures = generate_latest(metrics.REGISTRY).decode()
    assert 'provider="attic"' in figures
    assert 'provider="nas"' not in figures
    await assembly.close()


async def test_a_kind_that_cannot_be_built_takes_nothing_with_it(base: Foundation) -> None:
    def broken(settings: object, using: Materials) -> list[Any]:
        raise ValueError("no such file")

    closed = []

    def holding(settings: object, using: Materials) -> list[Any]:
        using.closing.callback(closed.append, settings)
        return []

    rows = (Row("broken", lambda c: None, broken), Row("holding", lambda c: c.search.timeout, holding))
    assembly = Assembly(base, searchers=rows)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(assembly.close)
        assembly.use(config(base.config, tmdb={"api_key": "k"}))
        assert assembly.knowledge.knows_films
    assert closed == [30.0]


async def test_a_debrid_account_of_the_household_is_a_source_like_all_others(base: Foundation) -> None:
    async with AsyncExitStack() as stack:
        assembly = Assembly(base)
        stack.push_async_callback(assembly.close)
        held = await debrid.build(base, assembly, stack)
        given = config(base.config, debrid={"real_debrid": {"api_key": "k" * 10}})
        held.use(given)
        assembly.use(given)
        assert assembly.asked() == {"Real-Debrid": "real_debrid"}
        (breaker,) = assembly.breakers.all()
        for _ in range(5):
            with pytest.raises(ProviderUnavailable):
                await breaker.call(_failing)
        with pytest.raises(Degraded, match="Real-Debrid fails"):
            await assembly.checks()["provider Real-Debrid"]()
        held.use(given)
        assert assembly.breakers.all() == [breaker], "what did not change goes on"

        held.use(config(base.config, debrid={"real_debrid": {"api_key": "another-key"}}))
        assert not assembly.resting(), "a new key is asked at once"
        held.use(config(base.config))
        assert (assembly.asked(), assembly.checks()) == ({}, {})


async def _failing() -> None:
    raise ProviderUnavailable("it is down", cure="Wait.")
