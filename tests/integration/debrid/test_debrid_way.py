"""From a search to bytes by a debrid service, through the application as it is wired to run."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sokoul.bus.bus import Bus
from sokoul.engines.embedded.servers import Urls
from sokoul.testing.debrid_shelf import FakeFile, FakeTorrent
from sokoul.testing.fake_all_debrid import FakeAllDebrid
from sokoul.testing.fake_indexer import FakeIndexer, FakeRelease
from sokoul.testing.fake_real_debrid import FakeRealDebrid
from tests.integration.house import House
from tests.integration.wide_house import opened
from tests.waiting import until

NAME = "Sintel.2010.1080p.BluRay.x264-GRP"
HASH = hashlib.sha1(NAME.encode(), usedforsecurity=False).hexdigest()
FILM = FakeFile(f"{NAME}/{NAME}.mkv", b"\x1aE\xdf\xa3" + bytes(500_000))
OTHER = FakeRelease("Sintel.2010.1080p.WEB-DL.x264-GRP", 2_000_000_000, 40, info_hash="cd" * 20)


@dataclass
class Wide:
    """The application, and the services it asks."""

    house: House
    real: FakeRealDebrid
    all: FakeAllDebrid
    indexer: FakeIndexer

    async def search(self, who: str = "alice", query: str = "sintel 2010") -> list[dict[str, Any]]:
        """The results, best first."""
        status, told = await self.house.ask(who, "POST", "/search", {"query": query})
        assert status in {200, 202}

        async def done() -> bool:
            return (await self.house.ask(who, "GET", f"/search/{told['search_id']}"))[1][
                "status"
            ] == "completed"

        await until(done)
        return list((await self.house.ask(who, "GET", f"/search/{told['search_id']}"))[1]["results"])


@pytest.fixture
async def wide(servers: Urls, database_url: str, bus: Bus, tmp_path: Path) -> AsyncIterator[Wide]:
    release = FakeRelease(NAME, 2_000_000_000, 0, info_hash=HASH)
    async with FakeRealDebrid() as real, FakeAllDebrid() as every, FakeIndexer([release, OTHER]) as indexer:
        for fake in (real, every):
            fake.shelf.put(FakeTorrent(HASH, NAME, (FILM,)))
        settings = {
            "http": {"outbound_allow": [f"127.0.0.1:{real.port}", f"127.0.0.1:{every.port}"]},
            "search": {"timeout": 10, "cache_ttl": 0},
            "providers": {
                "indexers": [
                    {"name": "fake", "type": "torznab", "url": indexer.torznab_url, "api_key": "fake-key"}
                ],
                "debrid": {
                    "real_debrid": {"base_url": real.base_url},
                    "all_debrid": {"base_url": every.base_url},
                },
            },
        }
        async with opened(servers, database_url, tmp_path, ["scout", "oracle"], settings) as house:
            yield Wide(house, real, every, indexer)


def of(results: list[dict[str, Any]], info_hash: str = HASH) -> dict[str, Any]:
    return next(result for result in results if result["info_hash"] == info_hash)


async def test_keys_are_kept_and_never_told(wide: Wide) -> None:
    ask = wide.house.ask
    status, told = await ask("alice", "PUT", "/auth/me/debrid/all_debrid", {"api_key": wide.all.api_key})
    assert (status, told["owner"], told["api_key"]) == (200, "own", "********")
    status, told = await ask("alice", "GET", "/auth/me/debrid")
    assert {(item["service"], item["owner"]) for item in told["items"]} == {
        ("all_debrid", "own"),
        ("real_debrid", None),
    }
    assert wide.all.api_key not in str(told)
    assert (await ask("bob", "GET", "/auth/me/debrid"))[1]["items"][1]["owner"] is None
    status, told = await ask("alice", "POST", "/auth/me/debrid/all_debrid/test", {})
    assert (status, told["ok"]) == (200, True)
    status, told = await ask(
        "alice", "POST", "/auth/me/debrid/real_debrid/test", {"api_key": "wrong-key-123"}
    )
    assert (status, told["ok"], "real-debrid.com" in told["cure"]) == (200, False, True)
    assert (await ask("alice", "POST", "/auth/me/debrid/real_debrid/test", {}))[0] == 404
    assert (await ask("alice", "PUT", "/auth/me/debrid/mega", {"api_key": "12345678"}))[0] == 404
    assert (await ask("alice", "PUT", "/auth/me/debrid/all_debrid", {"api_key": "short"}))[0] == 422
    assert (await ask("alice", "DELETE", "/auth/me/debrid/all_debrid"))[0] == 204
    assert (await ask("alice", "DELETE", "/auth/me/debrid/all_debrid"))[0] == 404
    rows = (await ask("root", "GET", "/admin/audit-logs"))[1]["items"]
    assert {"debrid_key.set", "debrid_key.drop"} <= {row["action"] for row in rows}
    assert wide.all.api_key not in str(rows)


async def test_from_a_search_to_the_bytes(wide: Wide) -> None:
    ask, house = wide.house.ask, wide.house
    await ask("alice", "PUT", "/auth/me/debrid/all_debrid", {"api_key": wide.all.api_key})
    before = of(await wide.search())
    assert before["rejected"]
    assert "few_seeders" in before["rejection_codes"]
    status, told = await ask("alice", "GET", f"/streaming/results/{before['result_id']}")
    assert (status, told["kind"], told["service"]) == (200, "debrid", "all_debrid")
    address = told["sources"][0]["url"]
    assert wide.all.url not in address
    async with house.http.get(house.url + address, headers={"Range": "bytes=0-3"}) as reply:
        assert (reply.status, await reply.read()) == (206, b"\x1aE\xdf\xa3")
    async with house.http.get(
        house.url + address, headers={"Authorization": f"Bearer {house.tokens['bob']}"}
    ) as reply:
        assert reply.status == 403
    after = of(await wide.search())
    assert not after["rejected"]
    assert after["protocol"] == "torrent"
    assert [one["service"] for one in after["debrid"]] == ["all_debrid"]
    reason = next(one for one in after["score_reasons"] if one["code"] == "seeders")
    assert (reason["points"], reason["reason"]) == (15, "ready at AllDebrid, no swarm needed")
    assert sum(one["points"] for one in after["score_reasons"]) == after["score"]
    # Bob has no account there: for him it is a torrent like others.
    assert of(await wide.search("bob"))["debrid"] == []


async def test_scored_again_with_what_was_learnt(wide: Wide) -> None:
    ask = wide.house.ask
    await ask("alice", "PUT", "/auth/me/debrid/all_debrid", {"api_key": wide.all.api_key})
    result = of(await wide.search())
    search = (await ask("alice", "POST", "/search", {"query": "sintel 2010"}))[1]["search_id"]
    await ask("alice", "GET", f"/streaming/results/{result['result_id']}")

    async def finished() -> bool:
        return (await ask("alice", "GET", f"/search/{search}"))[1]["status"] == "completed"

    await until(finished)
    assert (await ask("alice", "POST", f"/search/{search}/score"))[0] == 202

    async def marked() -> bool:
        return bool(of((await ask("alice", "GET", f"/search/{search}"))[1]["results"])["debrid"])

    await until(marked)


async def test_what_is_not_ready_says_so(wide: Wide) -> None:
    ask = wide.house.ask
    await ask("alice", "PUT", "/auth/me/debrid/all_debrid", {"api_key": wide.all.api_key})
    wide.all.shelf.torrents[HASH].taken_down = True
    result = of(await wide.search())
    status, told = await ask("alice", "GET", f"/streaming/results/{result['result_id']}")
    assert status == 503
    assert "AllDebrid" in told["detail"]
    status, told = await ask("bob", "GET", f"/streaming/results/{result['result_id']}")
    assert status == 404


async def test_the_households_account_is_told_like_every_source(wide: Wide) -> None:
    ask, key = wide.house.ask, "providers.debrid.all_debrid.api_key"
    assert (await ask("root", "PUT", "/settings", {key: wide.all.api_key}))[0] == 200

    async def fares() -> dict[str, Any]:
        items = (await ask("root", "GET", "/providers"))[1]["items"]
        return next(one for one in items if one["family"] == "all_debrid")

    async def health() -> Any:
        async with wide.house.http.get(
            f"{wide.house.url}/health/deep",
            headers={"Authorization": f"Bearer {wide.house.tokens['root']}"},
        ) as reply:
            return (await reply.json())["checks"]["provider AllDebrid"]

    assert ((await fares())["name"], (await fares())["state"]) == ("AllDebrid", "untried")
    await ask("alice", "PUT", "/auth/me/debrid/all_debrid", {"api_key": "alices-wrong-key"})
    hers, others = of(await wide.search()), of(await wide.search("bob"))
    for _ in range(6):
        assert (await ask("alice", "GET", f"/streaming/results/{hers['result_id']}"))[0] == 503
    assert (await health())["status"] == "ok"
    assert (await ask("bob", "GET", f"/streaming/results/{others['result_id']}"))[0] == 200

    wide.all.api_key = "another-key"
    for _ in range(6):
        status, told = await ask("bob", "GET", f"/streaming/results/{others['result_id']}")
        assert (status, "did not accept the key" in told["detail"]) == (503, True)
    assert (await health())["status"] == "degraded"

    async def rests() -> bool:
        return (await fares())["state"] == "resting" and bool((await fares())["last_error"])

    await until(rests)
    found = await fares()
    assert "alldebrid.com/apikeys" in found["last_error"]["cure"]
    assert 0 < found["success_rate_24h"] < 1
