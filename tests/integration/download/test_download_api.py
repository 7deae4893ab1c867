"""Downloads over HTTP: the contract, ranges of what is still coming, a film watched by FFmpeg."""

from __future__ import annotations

import asyncio
import io
import time
import uuid
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData

from sokoul.testing.swarm import Shared, Swarm
from sokoul.web import keys
from tests.integration.download.rig import Rig
from tests.site import Person, Site
from tests.torrents import late_index, short_film
from tests.waiting import until

START = "/api/v1/downloads/start"
FIELDS = {
    "download_id": str, "media_id": (str, type(None)), "name": str, "via": str, "status": str,
    "progress": (int, float),
    "total_bytes": int, "done_bytes": int, "download_speed": int, "upload_speed": int, "peers": int,
    "seeds": int, "eta": (int, type(None)), "ratio": (int, float), "files": list, "playable": bool,
    "buffered_seconds": (int, float), "error": (dict, type(None)), "created_at": str,
    "imported_at": (str, type(None)), "completed_at": (str, type(None)),
}  # fmt: skip


@pytest.fixture
async def api(site: Site, rig: Rig) -> Site:
    site.app._state[keys.DOWNLOADS] = rig.service  # the application is frozen once it serves
    return site


async def json_of(reply: ClientResponse, status: int = 200) -> Any:
    assert reply.status == status, await reply.text()
    return await reply.json()


async def started(api: Site, who: Person, **body: Any) -> str:
    told = await json_of(await api.ask("POST", START, who, json=body), 202)
    return str(told["download_id"])


async def playable(api: Site, who: Person, key: str, within: float = 10) -> dict[str, Any]:
    async def ready() -> dict[str, Any] | None:
        found: dict[str, Any] = await json_of(await api.ask("GET", f"/api/v1/downloads/{key}", who))
        return found if found["playable"] else None

    found = await until(ready, within=within)
    assert found is not None
    return found


async def test_the_contract(api: Site, shared: Shared) -> None:
    alice = await api.person("alice")
    key = await started(api, alice, magnet_link=shared.magnet)
    found = await playable(api, alice, key)
    assert found.keys() == FIELDS.keys()
    for name, kind in FIELDS.items():
        assert isinstance(found[name], kind), name
    assert found["status"] == "downloading"
    assert found["files"][0]["path"] == shared.name
    again = await json_of(await api.ask("POST", START, alice, json={"magnet_link": shared.magnet}))
    assert again == {"download_id": key}
    listed = await json_of(await api.ask("GET", "/api/v1/downloads?status=downloading,seeding", alice))
    assert [one["download_id"] for one in listed["items"]] == [key]
    assert (await json_of(await api.ask("GET", "/api/v1/downloads?status=failed", alice)))["total"] == 0
    paused = await json_of(await api.ask("POST", f"/api/v1/downloads/{key}/pause", alice))
    assert paused["status"] == "paused"
    resumed = await json_of(await api.ask("POST", f"/api/v1/downloads/{key}/resume", alice))
    assert resumed["status"] != "paused"
    cancelled = await json_of(
        await api.ask("POST", f"/api/v1/downloads/{key}/cancel", alice, json={"delete_files": True})
    )
    assert cancelled["status"] == "cancelled"
    await json_of(await api.ask("POST", f"/api/v1/downloads/{key}/resume", alice), 409)


async def test_a_torrent_file_is_uploaded(api: Site, rig: Rig, swarm: Swarm) -> None:
    swarm.limit(0)
    alice, shared = await api.person("alice"), await swarm.share(short_film())
    form = FormData()
    form.add_field(
        "torrent", shared.torrent, filename="../../x.torrent", content_type="application/x-bittorrent"
    )
    form.add_field("sequential", "true")
    told = await json_of(await api.ask("POST", START, alice, data=form), 202)

    async def over() -> bool:
        found = await json_of(await api.ask("GET", f"/api/v1/downloads/{told['download_id']}", alice))
        return bool(found["status"] == "seeding" and found["files"][0]["file_id"] and found["imported_at"])

    await until(over)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"magnet_link": "magnet:?dn=nothing"}, 422),
        ({"magnet_link": ""}, 422),
        ({"magnet_link": "http://example.org/"}, 422),
        ({"torrent_url": "file:///etc/passwd"}, 422),
        ({"torrent_url": "ftp://example.org/x"}, 422),
        ({"magnet_link": "magnet:?xt=urn:btih:" + "a" * 40, "torrent_url": "http://example.org/"}, 422),
        ({"result_id": str(uuid.uuid4())}, 404),
        ({"magnet_link": "magnet:?xt=urn:btih:" + "b" * 40, "media_id": str(uuid.uuid4())}, 404),
        ({"magnet_link": "magnet:?xt=urn:btih:" + "c" * 40, "files": [-1]}, 422),
        ({"result_id": "not an id"}, 422),
    ],
)
async def test_what_cannot_be_started(api: Site, body: dict[str, Any], status: int) -> None:
    reply = await api.ask("POST", START, await api.person(), json=body)
    assert reply.status == status, await reply.text()
    assert reply.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "torrent",
    [b"", b"d4:infod", b"d4:infod4:name1:xee", b"i" + b"9" * 5000, b"l" * 10_000, b"d4:infoi1ee"],
    ids=["empty", "cut", "no hashes", "long number", "deep", "no dictionary"],
)
async def test_broken_torrent_files(api: Site, torrent: bytes) -> None:
    form = FormData()
    form.add_field("torrent", torrent, filename="x.torrent")
    reply = await api.ask("POST", START, await api.person(), data=form)
    assert reply.status == 422, await reply.text()


async def test_a_torrent_file_that_is_too_big(api: Site) -> None:
    form = FormData()
    form.add_field("torrent", io.BytesIO(b"x" * (11 << 20)), filename="x.torrent")
    started_at = time.monotonic()
    reply = await api.ask("POST", START, await api.person(), data=form)
    assert reply.status == 413
    assert time.monotonic() - started_at < 2


async def test_ten_thousand_trackers(api: Site) -> None:
    magnet = (
        "magnet:?xt=urn:btih:" + "d" * 40 + "".join(f"&tr=udp%3A%2F%2F10.0.0.1%3A{n}" for n in range(10_000))
    )
    reply = await api.ask("POST", START, await api.person(), json={"magnet_link": magnet})
    assert reply.status == 202, await reply.text()


async def test_ranges_while_it_comes_in(api: Site, shared: Shared) -> None:
    alice, whole = await api.person("alice"), shared.path.read_bytes()
    key = await started(api, alice, magnet_link=shared.magnet)
    url = (await playable(api, alice, key))["files"][0]["stream_url"]
    size, at = len(whole), len(whole) // 2

    head = await api.ask("HEAD", url)
    assert (head.status, head.headers["Content-Length"]) == (200, str(size))
    assert head.headers["Content-Type"] == "video/x-matroska"
    assert head.headers["Accept-Ranges"] == "bytes"
    tag = head.headers["ETag"]

    part = await api.ask("GET", url, headers={"Range": f"bytes={at}-{at + 99_999}"})
    assert part.status == 206
    assert part.headers["Content-Range"] == f"bytes {at}-{at + 99_999}/{size}"
    assert await part.read() == whole[at : at + 100_000]
    tail = await api.ask("GET", url, headers={"Range": "bytes=-1000"})
    assert (tail.status, await tail.read()) == (206, whole[-1000:])
    first = await api.ask("GET", url, headers={"Range": "bytes=0-0", "If-Range": tag})
    assert (first.status, await first.read()) == (206, whole[:1])
    beyond = await api.ask("GET", url, headers={"Range": f"bytes={size}-"})
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert (await api.ask("GET", url, headers={"If-None-Match": tag})).status == 304
    assert (await api.ask("GET", url.partition("?")[0])).status == 401
    assert (await api.ask("GET", url.replace("/files/0/", "/files/1/"))).status in {401, 404}
    bob = await api.person("bob")
    assert (await api.ask("GET", url.partition("?")[0], bob)).status == 404
    assert (await api.ask("GET", url.partition("?")[0].replace("/0/", "/9/"), alice)).status == 404


async def test_who_leaves_frees_the_window(api: Site, rig: Rig, shared: Shared) -> None:
    alice = await api.person("alice")
    key = await started(api, alice, magnet_link=shared.magnet)
    url = (await playable(api, alice, key))["files"][0]["stream_url"]
    torrent = rig.engine._torrent(uuid.UUID(key))
    reply = asyncio.ensure_future(api.ask("GET", url, headers={"Range": f"bytes={shared.size // 2}-"}))
    await until(lambda: torrent.wishes.readers)
    reply.cancel()
    await until(lambda: not torrent.wishes.readers)


async def first_frame(url: str, at: float) -> float:
    """Seconds until FFmpeg has decoded one frame at this place of the film."""
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *("ffmpeg", "-nostdin", "-v", "error", "-ss", str(at), "-i", url, "-map", "0:v"),
        *("-frames:v", "1", "-f", "null", "-"),
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, errors.decode()
    return time.monotonic() - begun


@pytest.mark.parametrize("how", ["magnet_link", "torrent_url"])
async def test_a_film_is_watched_from_three_quarters(api: Site, shared: Shared, how: str) -> None:
    alice = await api.person("alice")
    begun = time.monotonic()
    source = shared.magnet if how == "magnet_link" else shared.torrent_url
    key = await started(api, alice, **{how: source})
    url = (await playable(api, alice, key))["files"][0]["stream_url"]
    ready = time.monotonic() - begun
    seconds = await first_frame(api.origin + url, 90)
    now = await json_of(await api.ask("GET", f"/api/v1/downloads/{key}", alice))
    print(f"playable after {ready:.2f} s, frame at 75 % after {seconds:.2f} s, {now['progress']} % in")
    assert now["progress"] < 50
    # Twice what an idle machine of two cores needs; the daemon's own test holds to the promise.
    assert ready < 8
    assert seconds < 4


async def test_an_index_at_the_end_is_found(api: Site, swarm: Swarm) -> None:
    alice, shared = await api.person("alice"), await swarm.share(late_index())
    key = await started(api, alice, magnet_link=shared.magnet)
    url = (await playable(api, alice, key))["files"][0]["stream_url"]
    assert await first_frame(api.origin + url, 20) < 8
