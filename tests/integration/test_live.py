"""The WebSocket: who is let in, who hears what, and who is let go."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from sokoul.domain.users import UserRole
from sokoul.web.keys import HUB
from sokoul.web.live import LARGEST_FRAME, NOT_SIGNED_IN, TOO_MANY, Hub
from tests.site import Person, Site
from tests.waiting import until

Sites = Callable[..., Awaitable[Site]]


def event(topic: str, name: str = "x", /, **data: Any) -> bytes:
    frame = {"type": "event", "topic": topic, "event": name, "data": data, "at": "2026-01-01T00:00:00Z"}
    return json.dumps(frame).encode()


async def connect(site: Site, who: Person | None = None, **headers: str) -> ClientWebSocketResponse:
    ws = await site.client.ws_connect("/ws", headers=headers)
    if who is not None:
        await ws.send_json({"type": "auth", "token": who.access})
        assert await ws.receive_json() == {"type": "ready"}
    return ws


async def subscribe(ws: ClientWebSocketResponse, *topics: Any) -> list[dict[str, Any]]:
    """What is answered, up to and with `subscribed`."""
    await ws.send_json({"type": "subscribe", "topics": list(topics)})
    answers = [await ws.receive_json()]
    while answers[-1]["type"] != "subscribed":
        answers.append(await ws.receive_json())
    return answers


async def closed_with(ws: ClientWebSocketResponse) -> int | None:
    while not ws.closed:
        await ws.receive(timeout=5)
    return ws.close_code


async def test_the_first_frame_signs_in(site: Site) -> None:
    ws = await connect(site, await site.person("alice"))
    assert await subscribe(ws, "downloads", "search:1") == [
        {"type": "subscribed", "topics": ["downloads", "search:1"]}
    ]
    await ws.close()


async def test_an_api_key_signs_in_too(site: Site) -> None:
    alice = await site.person("alice")
    made = await (await site.ask("POST", "/api/v1/auth/api-keys", alice, json={"name": "x"})).json()
    ws = await connect(site)
    await ws.send_json({"type": "auth", "token": made["key"]})
    assert await ws.receive_json() == {"type": "ready"}
    await ws.close()


@pytest.mark.parametrize(
    "frame",
    [
        '{"type": "auth", "token": "nonsense"}',
        '{"type": "auth", "token": 5}',
        '{"type": "auth"}',
        '{"type": "subscribe", "topics": ["downloads"]}',
        "[]",
        "not json",
        "[" * 10_000,
    ],
)
async def test_without_a_token_nobody_stays(site: Site, frame: str) -> None:
    ws = await connect(site)
    await ws.send_str(frame)
    assert await ws.receive_json() == {"type": "error", "code": "not_signed_in"}
    assert await closed_with(ws) == NOT_SIGNED_IN


async def test_who_says_nothing_is_let_go(site: Site) -> None:
    quick = Hub(site.accounts, site.app[HUB]._front, first_frame_within=0.05)
    site.app[HUB].serve = quick.serve  # type: ignore[method-assign]  # a hub with less patience
    ws = await connect(site)
    assert await ws.receive_json() == {"type": "error", "code": "not_signed_in"}
    assert await closed_with(ws) == NOT_SIGNED_IN


async def test_our_page_comes_in_by_cookie_and_a_foreign_one_not_at_all(site: Site) -> None:
    alice = await site.person("alice")
    cookie = f"sokoul_access={alice.access}"
    ws = await connect(site, Cookie=cookie, Origin=site.origin)
    assert await ws.receive_json() == {"type": "ready"}
    await ws.close()
    for origin in ("http://evil.example", "null", "file://"):
        for headers in ({"Origin": origin}, {"Origin": origin, "Cookie": cookie}):
            with pytest.raises(WSServerHandshakeError) as refused:
                await site.client.ws_connect("/ws", headers=headers)
            assert refused.value.status == 403
    no_origin = await connect(site, Cookie=cookie)
    await no_origin.send_json({"type": "auth", "token": "x"})
    assert (await no_origin.receive_json())["code"] == "not_signed_in"


async def test_rights_are_asked_for_each_topic(site: Site) -> None:
    alice = await connect(site, await site.person("alice"))
    answers = await subscribe(
        alice, "logs", "system", "alerts", "downloads", "nonsense", "search", 5, "x" * 101
    )
    refused = {answer.get("topic"): answer["code"] for answer in answers if answer["type"] == "error"}
    assert refused == {
        "logs": "forbidden",
        "system": "forbidden",
        "alerts": "forbidden",
        "nonsense": "unknown_topic",
        "search": "unknown_topic",
        None: "malformed",
        "x" * 100: "malformed",
    }
    assert answers[-1]["topics"] == ["downloads"]
    root = await connect(site, await site.admin())
    assert (await subscribe(root, "logs", "alerts"))[-1]["topics"] == ["alerts", "logs"]


async def test_downloads_are_ones_own_unless_one_moderates(site: Site) -> None:
    alice, bob = await site.person("alice"), await site.person("bob")
    moderator = await site.person("mod", UserRole.MODERATOR)
    sockets = [await connect(site, who) for who in (alice, bob, moderator)]
    for ws in sockets:
        await subscribe(ws, "downloads")
    hub = site.app[HUB]
    await hub.publish("downloads", event("downloads", "one", wanted_by=str(alice.id), name="A"))
    await hub.publish("downloads", event("downloads", "two", wanted_by=None, name="nobody's"))
    both = [str(bob.id), str(alice.id)]
    await hub.publish("downloads", event("downloads", "both", wanted_by=both, name="A and B"))
    await hub.publish("downloads", event("downloads", "three", name="everybody's"))
    heard = []
    for ws in sockets:
        names = []
        while not names or names[-1] != "three":
            frame = await ws.receive_json(timeout=5)
            assert "wanted_by" not in frame["data"]
            names.append(frame["event"])
        heard.append(names)
    assert heard == [["one", "both", "three"], ["both", "three"], ["one", "two", "both", "three"]]


async def test_frames_are_what_the_contract_says(site: Site) -> None:
    ws = await connect(site, await site.person("alice"))
    await subscribe(ws, "search:7")
    await site.app[HUB].publish("search:8", event("search:8", "search.results"))
    await site.app[HUB].publish("search:7", event("search:7", "search.results", count=3))
    frame = await ws.receive_json(timeout=5)
    assert frame["topic"] == "search:7"
    assert frame["data"] == {"count": 3}
    assert set(frame) == {"type", "topic", "event", "data", "at"}


async def test_unsubscribing_and_rubbish(site: Site) -> None:
    ws = await connect(site, await site.person("alice"))
    await subscribe(ws, "downloads")
    await ws.send_json({"type": "unsubscribe", "topics": ["downloads", 5]})
    assert await ws.receive_json() == {"type": "subscribed", "topics": []}
    for rubbish in ("nonsense", "[]", '{"type": "subscribe", "topics": "downloads"}', '{"type": 5}'):
        await ws.send_str(rubbish)
        assert await ws.receive_json() == {"type": "error", "code": "malformed"}
    await ws.send_bytes(b"\0")
    assert (await ws.receive_json())["code"] == "malformed"


async def test_too_many_topics_and_too_many_frames(site: Site) -> None:
    ws = await connect(site, await site.person("alice"))
    answers = await subscribe(ws, *(f"search:{n}" for n in range(60)))
    assert len(answers[-1]["topics"]) == 50
    assert answers[0]["code"] == "too_many_topics"
    for _ in range(40):
        await ws.send_str("{}")
    assert await closed_with(ws) == TOO_MANY


async def test_a_frame_is_at_most_64_kib(site: Site) -> None:
    ws = await connect(site, await site.person("alice"))
    await ws.send_str(json.dumps({"type": "subscribe", "topics": ["x" * LARGEST_FRAME]}))
    assert await closed_with(ws) == 1009


async def test_connections_are_counted_by_address(sites: Sites) -> None:
    site = await sites(settings={"limits": {"websockets_per_ip": 3}})
    alice = await site.person("alice")
    sockets = [await connect(site, alice) for _ in range(3)]
    with pytest.raises(WSServerHandshakeError) as refused:
        await site.client.ws_connect("/ws")
    assert refused.value.status == 429
    await sockets[0].close()

    async def again() -> bool:
        try:
            await connect(site, alice)
        except WSServerHandshakeError:
            return False
        return True

    await until(again)


async def test_a_slow_reader_is_let_go_and_the_others_hear_on(site: Site) -> None:
    alice, bob = await site.person("alice"), await site.person("bob")
    fast = await connect(site, bob)
    await subscribe(fast, "search:1")
    slow = await connect(site, alice)
    await subscribe(slow, "search:1")
    connection = slow._response.connection
    assert connection is not None and connection.transport is not None
    connection.transport.pause_reading()
    hub = site.app[HUB]
    frame = event("search:1", text="x" * 60_000)

    async def drained() -> bool:
        await hub.publish("search:1", frame)
        message = await fast.receive(timeout=5)
        assert message.type is WSMsgType.TEXT
        return len(hub._viewers) == 1

    await until(drained, within=30)
    assert [viewer.user.username for viewer in hub._viewers if viewer.user] == ["bob"]
    connection.transport.abort()


async def test_a_session_that_ends_ends_the_connection(site: Site) -> None:
    alice = await site.person("alice")
    quick = Hub(site.accounts, site.app[HUB]._front, ping_every=0.1)
    site.app[HUB].serve = quick.serve  # type: ignore[method-assign]  # a hub that looks more often
    ws = await connect(site, alice)
    await site.ask("POST", "/api/v1/auth/logout", alice)
    assert await closed_with(ws) == NOT_SIGNED_IN
    await until(lambda: not quick._viewers)


async def test_going_away_says_so(site: Site) -> None:
    ws = await connect(site, await site.person("alice"))
    closing = asyncio.ensure_future(site.app[HUB].close())
    assert await closed_with(ws) == 1001
    await closing


async def test_what_the_bus_tells_reaches_the_page(site: Site, bus: Any) -> None:
    await bus.on_live(site.app[HUB].publish)
    ws = await connect(site, await site.person("alice"))
    await subscribe(ws, "search:7")
    await bus.tell("search:7", "search.results", {"count": 3, "title": "é"})
    frame = await ws.receive_json(timeout=5)
    assert (frame["topic"], frame["event"], frame["data"]["title"]) == ("search:7", "search.results", "é")


async def test_half_frames_cost_little(site: Site) -> None:
    before = len(site.app[HUB]._viewers)
    sockets = []
    for _ in range(50):
        connection = socket.create_connection(("127.0.0.1", site.client.port or 0))
        connection.setblocking(False)
        sockets.append(connection)
    loop = asyncio.get_running_loop()
    upgrade = (
        b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    for connection in sockets:
        await loop.sock_sendall(connection, upgrade)
        # A frame that says it is 60 kB long and then stops.
        await loop.sock_sendall(connection, b"\x01\xfe\xea\x60\0\0\0\0" + b"x" * 100)
    await until(lambda: len(site.app[HUB]._viewers) == before + 50)
    assert (await site.ask("GET", "/health")).status == 200
    for connection in sockets:
        connection.close()
    await until(lambda: len(site.app[HUB]._viewers) == before)
