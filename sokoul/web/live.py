"""The WebSocket: what happens, told to whoever looks and may see it."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import structlog
from aiohttp import WSMsgType, web

from sokoul.domain.errors import Forbidden, NotSignedIn, TooMany, Unavailable
from sokoul.domain.users import User, UserRole
from sokoul.features.accounts.service import AccountService
from sokoul.lifecycle import Tasks
from sokoul.web.csrf import ACCESS_COOKIE
from sokoul.web.front import Front

log = structlog.get_logger(__name__)

LARGEST_FRAME = 64 << 10
PING_EVERY = 30.0
FIRST_FRAME_WITHIN = 10.0
# What may wait for a reader; whoever is slower than that is let go.
MOST_WAITING, MOST_BYTES_WAITING = 256, 4 << 20
MOST_TOPICS = 50
MOST_PER_SECOND = 20
NOT_SIGNED_IN, TOO_SLOW, TOO_MANY = 4401, 4408, 4429

# Who may hear what; a topic with a colon is named by what stands before it.
TOPICS: Mapping[str, UserRole] = {
    "downloads": UserRole.USER,
    "search": UserRole.USER,
    "logs": UserRole.ADMIN,
    "system": UserRole.ADMIN,
    "alerts": UserRole.ADMIN,
}
OWNER = "wanted_by"  # in an event's data: only this user, or these, and moderators see it; never sent out


class Viewer:
    """One open connection."""

    def __init__(
        self, socket: web.WebSocketResponse, ip: str, transport: asyncio.Transport | None = None
    ) -> None:
        self.socket, self.ip, self.transport = socket, ip, transport
        self.user: User | None = None
        self.look_again: Callable[[], Awaitable[User | None]] | None = None
        self.topics: set[str] = set()
        self.waiting: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)
        self.bytes_waiting = 0
        self.too_slow = asyncio.Event()

    def offer(self, frame: bytes) -> None:
        """Put a frame into the way; a full way means that the reader is too slow."""
        if self.waiting.full() or self.bytes_waiting > MOST_BYTES_WAITING:
            self.too_slow.set()
            return
        self.waiting.put_nowait(frame)
        self.bytes_waiting += len(frame)

    def may_see(self, owner: object) -> bool:
        """Whether an event that belongs to `owner` (a user's id, several, or None) is for this viewer."""
        if self.user is None:
            return False
        owners = owner if isinstance(owner, list) else [owner]
        return self.user.moderates or str(self.user.id) in owners


class Hub:
    """Holds the connections and hands each event, made into bytes once, to those who asked for it."""

    def __init__(
        self,
        accounts: AccountService,
        front: Front,
        *,
        most_per_ip: int = 0,
        ping_every: float = PING_EVERY,
        first_frame_within: float = FIRST_FRAME_WITHIN,
    ) -> None:
        self._accounts, self._front, self.most_per_ip = accounts, front, most_per_ip
        self._ping_every, self._first_frame_within = ping_every, first_frame_within
        self._by_ip: Counter[str] = Counter()
        self._by_topic: dict[str, set[Viewer]] = defaultdict(set)
        self._viewers: set[Viewer] = set()
        self._tasks = Tasks("live")

    async def publish(self, topic: str, frame: bytes) -> None:
        """An event from the bus: the whole frame as JSON bytes. Nobody listening costs next to nothing."""
        listeners = self._by_topic.get(topic)
        if not listeners:
            return
        if OWNER.encode() not in frame:
            for viewer in tuple(listeners):
                viewer.offer(frame)
            return
        event = json.loads(frame)
        owned = isinstance(event.get("data"), dict) and OWNER in event["data"]
        owner = event["data"].pop(OWNER) if owned else None
        bare = _encode(event) if owned else frame
        for viewer in tuple(listeners):
            if not owned or viewer.may_see(owner):
                viewer.offer(bare)

    async def serve(self, request: web.Request, ip: str) -> web.WebSocketResponse:
        """Talk with one client until either leaves; raises `Forbidden` for a page of somebody else."""
        if "Origin" in request.headers and not self._front.same_origin(request):
            raise Forbidden("This page is not ours")
        if self.most_per_ip and self._by_ip[ip] >= self.most_per_ip:
            raise TooMany("Too many live connections from this address", retry_after=10)
        socket = web.WebSocketResponse(
            heartbeat=self._ping_every, max_msg_size=LARGEST_FRAME, compress=False, timeout=5.0
        )
        viewer = Viewer(socket, ip, request.transport)
        self._by_ip[ip] += 1
        self._viewers.add(viewer)
        try:
            await socket.prepare(request)
            await self._talk(viewer, request)
        finally:
            self._leave(viewer)
        return socket

    async def close(self, _app: web.Application | None = None) -> None:
        """Tell everybody that we go away."""
        await asyncio.gather(
            *(viewer.socket.close(code=1001, message=b"going away") for viewer in tuple(self._viewers)),
            return_exceptions=True,
        )
        await self._tasks.close()

    async def _talk(self, viewer: Viewer, request: web.Request) -> None:
        if not await self._welcome(viewer, request):
            return
        minders = [
            self._tasks.spawn("writer", self._write(viewer)),
            self._tasks.spawn("watch", self._watch(viewer)),
        ]
        try:
            await self._listen(viewer)
        finally:
            for task in minders:
                task.cancel()

    async def _welcome(self, viewer: Viewer, request: web.Request) -> bool:
        """Find out who it is: by cookie where the page is ours, else by the first frame."""
        try:
            cookie = request.cookies.get(ACCESS_COOKIE)
            if cookie and self._front.same_origin(request) and await self._by_token(viewer, cookie):
                return await _say(viewer, {"type": "ready"})
            message = await viewer.socket.receive(timeout=self._first_frame_within)
            frame = _frame(message.data) if message.type is WSMsgType.TEXT else None
            token = frame.get("token") if frame and frame.get("type") == "auth" else None
            if isinstance(token, str) and await self._by_token(viewer, token):
                return await _say(viewer, {"type": "ready"})
        except TimeoutError:
            pass
        except Unavailable:
            await _say(viewer, {"type": "error", "code": "unavailable"})
            await viewer.socket.close(code=1013)
            return False
        await _say(viewer, {"type": "error", "code": "not_signed_in"})
        await viewer.socket.close(code=NOT_SIGNED_IN)
        return False

    async def _by_token(self, viewer: Viewer, token: str) -> bool:
        try:
            if token.startswith("sk_"):
                viewer.user = await self._accounts.authenticate_key(token)
                viewer.look_again = partial(self._accounts.authenticate_key, token)
            else:
                viewer.user, session_id = await self._accounts.authenticate(token)
                viewer.look_again = partial(self._accounts.session_user, session_id)
        except NotSignedIn:
            return False
        return True

    async def _listen(self, viewer: Viewer) -> None:
        tokens, filled = float(MOST_PER_SECOND), time.monotonic()
        async for message in viewer.socket:
            now = time.monotonic()
            tokens = min(MOST_PER_SECOND, tokens + (now - filled) * MOST_PER_SECOND) - 1
            filled = now
            if tokens < 0:
                await viewer.socket.close(code=TOO_MANY)
                return
            if message.type is WSMsgType.TEXT:
                self._answer(viewer, _frame(message.data))
            elif message.type is WSMsgType.BINARY:
                viewer.offer(_error("malformed"))

    def _answer(self, viewer: Viewer, frame: dict[str, Any] | None) -> None:
        kind = frame.get("type") if frame else None
        wanted = frame.get("topics") if frame else None
        if kind == "auth":
            viewer.offer(_encode({"type": "ready"}))
        elif kind not in ("subscribe", "unsubscribe") or not isinstance(wanted, list):
            viewer.offer(_error("malformed"))
        elif kind == "subscribe":
            for topic in wanted[: MOST_TOPICS + 1]:
                self._subscribe(viewer, topic)
            viewer.offer(_encode({"type": "subscribed", "topics": sorted(viewer.topics)}))
        else:
            for topic in wanted:
                if isinstance(topic, str) and topic in viewer.topics:
                    self._forget(viewer, topic)
            viewer.offer(_encode({"type": "subscribed", "topics": sorted(viewer.topics)}))

    def _subscribe(self, viewer: Viewer, topic: object) -> None:
        refusal = _refusal(viewer, topic)
        if refusal is not None:
            viewer.offer(_error(refusal, topic))
        elif isinstance(topic, str):
            viewer.topics.add(topic)
            self._by_topic[topic].add(viewer)

    async def _write(self, viewer: Viewer) -> None:
        """Send what waits; it ends with the connection."""
        while not viewer.socket.closed:
            frame = await viewer.waiting.get()
            try:
                await viewer.socket.send_frame(frame, WSMsgType.TEXT)
                viewer.bytes_waiting -= len(frame)
            except ConnectionError:
                return

    async def _watch(self, viewer: Viewer) -> None:
        """Let go whoever is too slow, or whose session has ended meanwhile."""
        while True:
            try:
                await asyncio.wait_for(viewer.too_slow.wait(), self._ping_every)
                log.info("a live connection was too slow and is closed")
                await _cut(viewer, TOO_SLOW)
                return
            except TimeoutError:
                if not await self._still_welcome(viewer):
                    await _cut(viewer, NOT_SIGNED_IN)
                    return

    async def _still_welcome(self, viewer: Viewer) -> bool:
        assert viewer.look_again is not None
        try:
            user = await viewer.look_again()
        except NotSignedIn:
            return False
        except Unavailable:
            return True  # the database is away: that is no reason to send anybody off
        if user is None:
            return False
        viewer.user = user
        for topic in tuple(viewer.topics):
            if _refusal(viewer, topic) is not None:
                self._forget(viewer, topic)
        return True

    def _forget(self, viewer: Viewer, topic: str) -> None:
        viewer.topics.discard(topic)
        self._by_topic[topic].discard(viewer)
        if not self._by_topic[topic]:
            del self._by_topic[topic]

    def _leave(self, viewer: Viewer) -> None:
        for topic in tuple(viewer.topics):
            self._forget(viewer, topic)
        self._viewers.discard(viewer)
        self._by_ip[viewer.ip] -= 1
        if self._by_ip[viewer.ip] <= 0:
            del self._by_ip[viewer.ip]


def _refusal(viewer: Viewer, topic: object) -> str | None:
    if not isinstance(topic, str) or len(topic) > 100:
        return "malformed"
    if len(viewer.topics) >= MOST_TOPICS and topic not in viewer.topics:
        return "too_many_topics"
    needed = TOPICS.get(topic.partition(":")[0])
    if needed is None or (":" in topic) != topic.startswith("search"):
        return "unknown_topic"
    return None if viewer.user is not None and viewer.user.role.reaches(needed) else "forbidden"


async def _say(viewer: Viewer, data: dict[str, Any]) -> bool:
    try:
        await viewer.socket.send_frame(_encode(data), WSMsgType.TEXT)
    except ConnectionError:
        return False
    return True


async def _cut(viewer: Viewer, code: int) -> None:
    """Close without waiting for a reader that does not read."""
    try:
        await asyncio.wait_for(viewer.socket.close(code=code, drain=False), 2)
    except TimeoutError:
        if viewer.transport is not None:
            viewer.transport.abort()


def _frame(text: str) -> dict[str, Any] | None:
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None


def _error(code: str, topic: object = None) -> bytes:
    error: dict[str, Any] = {"type": "error", "code": code}
    return _encode({**error, "topic": topic[:100]} if isinstance(topic, str) else error)


def _encode(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
