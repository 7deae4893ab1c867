"""A debrid account that fails again and again is left in peace, and nobody else with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest

from sokoul.domain.debrid import Service
from sokoul.features.debrid.model import DebridTrouble, Kind
from sokoul.features.debrid.ports import DebridClient
from sokoul.features.providers.model import Ask
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.debrid.registry import SERVICES, DebridClients
from sokoul.testing.debrid_shelf import FakeFile, FakeTorrent
from sokoul.testing.fake_all_debrid import FakeAllDebrid
from sokoul.testing.fake_real_debrid import FakeRealDebrid
from sokoul.web.limits import LocalBuckets

KEY, MINE = "household-canary-key", "my-own-canary-key"
HASH = "ab" * 20
MAGNET = f"magnet:?xt=urn:btih:{HASH}"
FAKES: dict[Service, type[FakeRealDebrid | FakeAllDebrid]] = {
    Service.REAL_DEBRID: FakeRealDebrid,
    Service.ALL_DEBRID: FakeAllDebrid,
}


@dataclass
class House:
    """One service, the household's account there, and what its breaker told."""

    fake: FakeRealDebrid | FakeAllDebrid
    clients: DebridClients
    service: Service
    breaker: CircuitBreaker
    told: list[Ask] = field(default_factory=list)

    def of_all(self) -> DebridClient:
        return self.clients.client(self.service, KEY, household=True)

    def mine(self) -> DebridClient:
        return self.clients.client(self.service, MINE)


@pytest.fixture(params=sorted(SERVICES))
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    service, told = request.param, list[Ask]()
    async with FAKES[service](api_key=KEY) as fake, aiohttp.ClientSession() as http:
        fake.shelf.put(FakeTorrent(HASH, "Sintel", (FakeFile("Sintel/Sintel.mkv", bytes(1000)),)))
        breaker = CircuitBreaker(service.called, observe=told.append)
        clients = DebridClients(http, {service: fake.base_url}, LocalBuckets(), LocalBuckets())
        clients.use({service: fake.base_url}, {service: breaker})
        yield House(fake, clients, service, breaker, told)


async def refused(one: DebridClient, times: int = 1) -> DebridTrouble:
    for _ in range(times):
        with pytest.raises(DebridTrouble) as caught:
            await one.add(MAGNET)
    return caught.value


async def test_a_service_that_fails_rests_and_says_what_was_wrong(house: House) -> None:
    house.fake.status = 500
    first = await refused(house.of_all(), 5)
    asked = len(house.fake.requests)
    resting = await refused(house.of_all())
    assert len(house.fake.requests) == asked, "it is left in peace"
    assert (resting.kind, resting.code) == (Kind.SERVICE, "resting")
    assert str(first) in str(resting)
    assert resting.cure == first.cure
    assert [ask.outcome for ask in house.told] == ["failed"] * 5
    assert (house.told[-1].error, house.told[-1].cure) == (str(first), first.cure)
    assert house.told[-1].rests_until is not None
    assert "canary" not in f"{resting} {house.told}"


async def test_a_key_that_is_refused_to_one_stops_nobody_else(house: House) -> None:
    trouble = await refused(house.mine(), 5)
    assert trouble.kind is Kind.KEY
    assert (await refused(house.mine())).code == "resting"
    assert (house.breaker.state, house.told) == ("closed", [])
    assert await house.of_all().add(MAGNET)


async def test_the_households_key_that_is_refused_stops_nobody_with_ones_own(house: House) -> None:
    house.fake.api_key = MINE
    trouble = await refused(house.of_all(), 5)
    assert trouble.kind is Kind.KEY
    assert house.breaker.state == "open"
    assert house.told[-1].cure == trouble.cure
    assert await house.mine().add(MAGNET)


async def test_what_a_torrent_is_refused_for_is_no_failure(house: House) -> None:
    for _ in range(6):
        with pytest.raises(DebridTrouble) as caught:
            await house.of_all().add("magnet:?dn=nothing")
        assert caught.value.kind is Kind.TORRENT
    assert {ask.outcome for ask in house.told} == {"ok"}


async def test_being_asked_too_often_says_nothing_of_the_service(house: House) -> None:
    house.fake.status = 429
    assert (await refused(house.of_all())).code == "too_often"
    assert (house.breaker.state, house.told) == ("closed", [])


async def test_a_test_goes_past_the_rest_and_ends_it(house: House) -> None:
    house.fake.status = 500
    await refused(house.of_all(), 5)
    house.fake.status = None
    assert (await house.of_all().account()).premium
    assert await house.of_all().add(MAGNET)
