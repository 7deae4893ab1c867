"""What every debrid service promises, asked of each kind against its fake."""

from __future__ import annotations

import asyncio
import json
from bisect import bisect
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import jsonschema
import pytest

from sokoul.domain.debrid import Service
from sokoul.domain.pace import Bucket
from sokoul.features.debrid.model import DebridTrouble, Kind, Stage
from sokoul.features.debrid.ports import DebridClient
from sokoul.features.debrid.service import worthwhile
from sokoul.providers.debrid import all_debrid_refusals, real_debrid_refusals
from sokoul.providers.debrid.registry import SERVICES, DebridClients
from sokoul.testing.debrid_shelf import FakeFile, FakeTorrent
from sokoul.testing.fake_all_debrid import FakeAllDebrid
from sokoul.testing.fake_real_debrid import FakeRealDebrid
from sokoul.web.limits import LocalBuckets
from tests import shared

KEY = "s3cr3t-canary-key"
HASH = "aa" * 20
MAGNET = f"magnet:?xt=urn:btih:{HASH}&dn=Sintel"
FILES = (
    FakeFile("Sintel.2010.1080p/Sintel.2010.1080p.mkv", b"\x1aE\xdf\xa3" + bytes(1_000_000)),
    FakeFile("Sintel.2010.1080p/Sintel.en.srt", b"1\n00:00:01,000 --> 00:00:02,000\nHello\n"),
    FakeFile("Sintel.2010.1080p/info.nfo", b"about"),
)
Fake = FakeRealDebrid | FakeAllDebrid
FAKES: dict[Service, type[Fake]] = {Service.REAL_DEBRID: FakeRealDebrid, Service.ALL_DEBRID: FakeAllDebrid}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture(params=sorted(SERVICES))
async def fake(request: pytest.FixtureRequest) -> AsyncIterator[Fake]:
    async with FAKES[request.param](api_key=KEY) as server:
        server.shelf.put(FakeTorrent(HASH, "Sintel.2010.1080p", FILES))
        yield server


def client(fake: Fake, http: aiohttp.ClientSession, key: str = KEY, **buckets: Any) -> DebridClient:
    service = Service.REAL_DEBRID if isinstance(fake, FakeRealDebrid) else Service.ALL_DEBRID
    here = LocalBuckets()
    clients = DebridClients(http, {service: fake.base_url}, buckets.get("shared", here), here)
    return clients.client(service, key)


async def made_ready(one: DebridClient) -> str:
    torrent_id = await one.add(MAGNET)
    torrent = await one.look(torrent_id)
    if torrent.stage is Stage.CHOOSE:
        await one.choose(torrent_id, worthwhile(torrent))
    return torrent_id


async def test_the_account(fake: Fake, http: aiohttp.ClientSession) -> None:
    account = await client(fake, http).account()
    assert (account.name.lower().replace("_", ""), account.premium) == ("fakeperson", True)
    assert account.until is not None
    fake.premium = False
    assert not (await client(fake, http).account()).premium


async def test_a_ready_torrent_leads_to_its_bytes(fake: Fake, http: aiohttp.ClientSession) -> None:
    one = client(fake, http)
    torrent = await one.look(await made_ready(one))
    assert (torrent.stage, torrent.name) == (Stage.READY, "Sintel.2010.1080p")
    files = {file.path: file for file in torrent.files if file.link}
    film = files[FILES[0].path]
    assert film.size_bytes == FILES[0].size_bytes
    assert FILES[1].path in files
    assert film.link is not None
    link = await one.unlock(film.link)
    assert (link.name, link.size_bytes) == ("Sintel.2010.1080p.mkv", FILES[0].size_bytes)
    async with http.get(link.url, headers={"Range": "bytes=0-3"}) as reply:
        assert (reply.status, await reply.read()) == (206, b"\x1aE\xdf\xa3")


async def test_one_that_is_not_there_is_on_its_way(fake: Fake, http: aiohttp.ClientSession) -> None:
    fake.shelf.torrents[HASH].cached = False
    one = client(fake, http)
    torrent = await one.look(await made_ready(one))
    assert torrent.stage is Stage.WORKING
    assert 0 <= torrent.progress < 100
    assert not any(file.link for file in torrent.files)


async def test_taken_down_is_told(fake: Fake, http: aiohttp.ClientSession) -> None:
    fake.shelf.torrents[HASH].taken_down = True
    assert (await refused(client(fake, http).add(MAGNET))).kind is Kind.TAKEN_DOWN


async def test_http_451_is_taken_down(fake: Fake, http: aiohttp.ClientSession) -> None:
    fake.status = 451
    assert (await refused(client(fake, http).add(MAGNET))).kind is Kind.TAKEN_DOWN


async def test_what_is_no_magnet(fake: Fake, http: aiohttp.ClientSession) -> None:
    assert (await refused(client(fake, http).add("magnet:?dn=nothing"))).kind is Kind.TORRENT


async def test_dropping_twice_does_no_harm(fake: Fake, http: aiohttp.ClientSession) -> None:
    one = client(fake, http)
    torrent_id = await one.add(MAGNET)
    await one.drop(torrent_id)
    await one.drop(torrent_id)
    assert (await refused(one.look(torrent_id))).kind is Kind.GONE


async def test_a_hosters_link(fake: Fake, http: aiohttp.ClientSession) -> None:
    fake.shelf.hoster_links["https://hoster.example/f/1"] = FILES[0]
    fake.shelf.dead_links.add("https://hoster.example/f/2")
    one = client(fake, http)
    assert (await one.unlock("https://hoster.example/f/1")).size_bytes == FILES[0].size_bytes
    for dead in ("https://hoster.example/f/2", "https://elsewhere.example/f/3"):
        assert (await refused(one.unlock(dead))).kind is Kind.LINK


async def test_a_wrong_key_has_a_cure(fake: Fake, http: aiohttp.ClientSession) -> None:
    trouble = await refused(client(fake, http, "wrong-canary-key").account())
    assert trouble.kind is Kind.KEY
    assert "did not accept the key" in str(trouble)
    assert "wrong-canary-key" not in f"{trouble!r} {trouble} {trouble.cure}"


@pytest.mark.parametrize(
    "body", [b"<html>no</html>", b"", b"null", b"[" * 50_000, b'{"status": 7}', b'{"id": "../../x"}', b"\xff"]
)
async def test_nonsense_is_kept_out(body: bytes, fake: Fake, http: aiohttp.ClientSession) -> None:
    fake.body = body
    one = client(fake, http)
    for asked in (one.account(), one.add(MAGNET), one.unlock("https://hoster.example/f/1")):
        assert (await refused(asked)).cure


@pytest.mark.parametrize("status", [400, 403, 404, 500, 502])
async def test_bare_statuses_have_a_cure(status: int, fake: Fake, http: aiohttp.ClientSession) -> None:
    fake.status = status
    assert (await refused(client(fake, http).account())).cure


async def test_nobody_there(fake: Fake, http: aiohttp.ClientSession) -> None:
    one = client(fake, http)
    await fake.stop()
    trouble = await refused(one.account())
    assert "could not be reached" in str(trouble)
    assert KEY not in repr(trouble)


async def test_too_fast_is_waited_for_by_everybody(fake: Fake, http: aiohttp.ClientSession) -> None:
    fake.shelf.most_per_minute = 1
    shared_buckets = LocalBuckets()
    one, other = (client(fake, http, shared=shared_buckets) for _ in range(2))
    await one.account()
    assert (await refused(one.account())).kind is Kind.PACE
    asked = len(fake.requests)
    waiting = asyncio.create_task(other.account())
    await asyncio.sleep(0.3)
    assert len(fake.requests) == asked, "the service said to wait, and it counts what it refuses"
    waiting.cancel()
    await asyncio.wait([waiting])


@pytest.mark.parametrize(("service", "most"), [(Service.REAL_DEBRID, 250), (Service.ALL_DEBRID, 600)])
async def test_no_minute_holds_more_than_is_allowed(service: Service, most: int) -> None:
    now = 0.0
    buckets = LocalBuckets(lambda: now)
    rules = [Bucket(str(n), count, seconds) for n, (count, seconds) in enumerate(SERVICES[service].rules)]
    taken: list[float] = []
    while now < 200:
        if all(verdict.passed for verdict in await buckets.take(rules)):
            taken.append(now)
        now += 0.01
    assert most * 0.75 <= busiest(taken, 60) <= most
    if service is Service.ALL_DEBRID:
        assert busiest(taken, 1) <= 12


def busiest(taken: list[float], seconds: float) -> int:
    return max(bisect(taken, start + seconds - 1e-6) - place for place, start in enumerate(taken))


def test_every_code_has_a_sentence() -> None:
    spec = json.loads(shared.spec("alldebrid.openapi.json").read_text(encoding="utf-8"))
    codes = set(spec["components"]["schemas"]["AllDebridErrorCode"]["enum"])
    assert codes <= all_debrid_refusals.REFUSALS.keys()
    assert set(range(1, 38)) <= real_debrid_refusals.REFUSALS.keys()
    told = [*all_debrid_refusals.REFUSALS.values(), *real_debrid_refusals.REFUSALS.values()]
    assert all(words and cure.endswith(".") for _, words, cure in told)


async def test_all_debrid_answers_fit_its_schema(http: aiohttp.ClientSession) -> None:
    spec = json.loads(shared.spec("alldebrid.openapi.json").read_text(encoding="utf-8"))
    async with FakeAllDebrid(api_key=KEY) as fake:
        fake.shelf.put(FakeTorrent(HASH, "Sintel.2010.1080p", FILES))
        fake.shelf.hoster_links["https://hoster.example/f/1"] = FILES[0]
        ids = {"magnets[]": MAGNET}
        told = await ask(http, fake, "POST", "/v4/magnet/upload", ids)
        one = {"id": str(told["data"]["magnets"][0]["id"])}
        asked = [
            ("GET", "/v4", "/ping", {}),
            ("GET", "/v4", "/user", {}),
            ("POST", "/v4", "/magnet/upload", ids),
            ("POST", "/v4.1", "/magnet/status", one),
            ("POST", "/v4", "/magnet/files", {"id[]": one["id"]}),
            ("POST", "/v4", "/link/unlock", {"link": "https://hoster.example/f/1"}),
            ("POST", "/v4", "/magnet/delete", one),
        ]
        for method, version, path, form in asked:
            answer = await ask(http, fake, method, version + path, form)
            assert not list(misfits(spec, path, method, answer)), path
        wrong = await ask(http, fake, "POST", "/v4/magnet/delete", one)
        jsonschema.validate(wrong, spec["components"]["schemas"]["ApiErrorResponse"] | components(spec))


def misfits(spec: dict[str, Any], path: str, method: str, answer: dict[str, Any]) -> Any:
    content = spec["paths"][path][method.lower()]["responses"]["200"]["content"]["application/json"]
    schema = content["schema"] | components(spec)
    yield from jsonschema.Draft202012Validator(schema).iter_errors(answer)
    reference = content["schema"]["properties"]["data"]["$ref"].rpartition("/")[2]
    known = spec["components"]["schemas"][reference]["properties"]
    yield from set(answer["data"]) - set(known)
    for example in content["examples"].values():
        if "delayed" not in example["value"]["data"]:
            yield from set(example["value"]["data"]) - set(answer["data"])


def components(spec: dict[str, Any]) -> dict[str, Any]:
    return {"components": spec["components"]}


async def ask(
    http: aiohttp.ClientSession, fake: FakeAllDebrid, method: str, path: str, form: dict[str, str]
) -> Any:
    headers = {"Authorization": f"Bearer {KEY}"}
    async with http.request(method, fake.url + path, data=form or None, headers=headers) as reply:
        return await reply.json()


async def test_real_debrid_answers_have_the_published_fields(http: aiohttp.ClientSession) -> None:
    facts = json.loads(shared.spec("real-debrid.facts.json").read_text(encoding="utf-8"))
    async with FakeRealDebrid(api_key=KEY) as fake:
        fake.shelf.put(FakeTorrent(HASH, "Sintel.2010.1080p", FILES))
        one = client(fake, http)
        torrent_id = await made_ready(one)
        headers = {"Authorization": f"Bearer {KEY}"}
        async with http.get(f"{fake.base_url}/torrents/info/{torrent_id}", headers=headers) as reply:
            torrent = await reply.json()
        form = {"link": torrent["links"][0]}
        async with http.post(f"{fake.base_url}/unrestrict/link", data=form, headers=headers) as reply:
            link = await reply.json()
        async with http.get(f"{fake.base_url}/user") as reply:
            refusal = await reply.json()
    assert set(torrent) == {field.partition("[")[0] for field in facts["torrent_fields"]}
    assert set(torrent["files"][0]) == {"id", "path", "bytes", "selected"}
    assert torrent["status"] in facts["statuses_from_general_knowledge"]
    assert set(link) == set(facts["link_fields"])
    assert set(refusal) == {"error", "error_code"}
    served = {(route.method, route.path.removeprefix("/rest/1.0")) for route in fake.routes()}
    assert served - {("GET", "/dl/{link}/{name}")} <= {tuple(line) for line in facts["endpoints"]}


async def refused(asked: Any) -> DebridTrouble:
    with pytest.raises(DebridTrouble) as caught:
        await asked
    link: BaseException | None = caught.value
    while link is not None:
        assert KEY not in f"{link!r} {link} {getattr(link, 'cure', '')}"
        link = link.__cause__
    return caught.value
