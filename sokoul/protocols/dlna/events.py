"""GENA: who asked to be told, and telling them."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout

from sokoul.lifecycle import Tasks

log = structlog.get_logger(__name__)

MOST_SUBSCRIBERS = 32
LONGEST = 1800
AT_MOST_EVERY = 0.2
# GUPnP 1.6.8 never tells of an event that it reads before the answer with its subscription's id.
HEAD_START = 0.2
_FAILURES = 3
_CALLBACK = re.compile(r"<([^<>]{1,500})>")

State = Callable[[], Awaitable[Mapping[str, object]]]


class Precondition(Exception):
    """The subscription's headers do not fit (412)."""


class Full(Exception):
    """Too many subscribers (503)."""


@dataclass(slots=True)
class Subscriber:
    """One control point's wish to be told about one service."""

    sid: str
    callbacks: tuple[str, ...]
    until: float
    greeted: bool = False
    sequence: int = 0
    failures: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Publisher:
    """The subscribers of one service; `state` gives the values of its evented variables."""

    def __init__(self, http: ClientSession, state: State, name: str) -> None:
        self._http, self._state = http, state
        self._subscribers: dict[str, Subscriber] = {}
        self._tasks = Tasks(f"dlna-events-{name}")
        self._changed = asyncio.Event()

    def subscribe(self, callback: str, notification: str, timeout: str, peer: str) -> tuple[str, int]:
        """Remember a subscriber; returns its id and its seconds. `greet` it once it has them."""
        callbacks = tuple(url for url in _CALLBACK.findall(callback) if _is_own_address(url, peer))
        if notification != "upnp:event" or not callbacks:
            raise Precondition
        self._forget_old()
        if len(self._subscribers) >= MOST_SUBSCRIBERS:
            raise Full
        seconds = _seconds(timeout)
        subscriber = Subscriber(f"uuid:{uuid.uuid4()}", callbacks[:4], _now() + seconds)
        self._subscribers[subscriber.sid] = subscriber
        return subscriber.sid, seconds

    def greet(self, sid: str) -> None:
        """Tell a new subscriber, which has been answered, the present state."""
        if (subscriber := self._subscribers.get(sid)) is not None:
            self._tasks.spawn("first", self._first(subscriber))

    def renew(self, sid: str, timeout: str) -> int:
        """Prolong; raises `Precondition` for an unknown id."""
        self._forget_old()
        if sid not in self._subscribers:
            raise Precondition
        seconds = _seconds(timeout)
        self._subscribers[sid].until = _now() + seconds
        return seconds

    def unsubscribe(self, sid: str) -> None:
        """Forget; raises `Precondition` for an unknown id."""
        if self._subscribers.pop(sid, None) is None:
            raise Precondition

    def changed(self) -> None:
        """Something evented has changed; subscribers hear it at most five times a second."""
        self._changed.set()

    async def run(self) -> None:
        """Tell of changes for ever."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(AT_MOST_EVERY)  # what changes together is told together
            self._changed.clear()
            self._forget_old()
            values = await self._state()
            for subscriber in [one for one in self._subscribers.values() if one.greeted]:
                self._tasks.spawn("notify", self._notify(subscriber, values))

    async def close(self) -> None:
        await self._tasks.close()

    async def _first(self, subscriber: Subscriber) -> None:
        await asyncio.sleep(HEAD_START)
        subscriber.greeted = True
        await self._notify(subscriber, await self._state())

    async def _notify(self, subscriber: Subscriber, values: Mapping[str, object]) -> None:
        async with subscriber.lock:
            body = _property_set(values)
            headers = {
                "NT": "upnp:event",
                "NTS": "upnp:propchange",
                "SID": subscriber.sid,
                "SEQ": str(subscriber.sequence),
                "Content-Type": 'text/xml; charset="utf-8"',
            }
            subscriber.sequence = subscriber.sequence + 1 if subscriber.sequence < 2**32 - 1 else 1
            if await self._reach(subscriber, headers, body):
                subscriber.failures = 0
                return
            subscriber.failures += 1
            if subscriber.failures >= _FAILURES:
                self._subscribers.pop(subscriber.sid, None)

    async def _reach(self, subscriber: Subscriber, headers: Mapping[str, str], body: bytes) -> bool:
        for url in subscriber.callbacks:
            try:
                async with self._http.request(
                    "NOTIFY",
                    url,
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                    timeout=ClientTimeout(total=5),
                ) as reply:
                    if reply.status < 300:
                        return True
            except (ClientError, TimeoutError, OSError) as err:
                log.debug("a control point did not take an event", error=type(err).__name__)
        return False

    def _forget_old(self) -> None:
        now = _now()
        for sid in [sid for sid, one in self._subscribers.items() if one.until < now]:
            del self._subscribers[sid]


def _is_own_address(url: str, peer: str) -> bool:
    """Only the asker itself may be called; elsewhere would make us attack others (CallStranger)."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme == "http" and parts.hostname == peer and parts.port != 0 and parts.username is None
        )
    except ValueError:
        return False


def _seconds(timeout: str) -> int:
    text = timeout.strip().lower().removeprefix("second-")
    return min(max(int(text), 60), LONGEST) if text.isdecimal() and len(text) < 10 else LONGEST


def _property_set(values: Mapping[str, object]) -> bytes:
    properties = "".join(
        f"<e:property><{name}>{escape(str(value))}</{name}></e:property>" for name, value in values.items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<e:propertyset xmlns:e="urn:schemas-upnp-org:event-1-0">'
        f"{properties}</e:propertyset>"
    ).encode()


def _now() -> float:
    return asyncio.get_running_loop().time()
