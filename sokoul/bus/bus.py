"""NATS: jobs carried by JetStream, live events and signals over plain subjects.

JetStream only carries; PostgreSQL holds the truth of every job. A job message is `{"id": …}` and more, with
the headers `Nats-Msg-Id` (so that sending twice is once) and `Sokoul-Trail`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext, api
from nats.js.errors import APIError, NoStreamResponseError, NotFoundError

from sokoul import metrics
from sokoul.domain.errors import Unavailable

log = structlog.get_logger(__name__)

DAY = 86_400
# Short, because a killed worker's job waits this long for the next; whoever works says so every third of it.
ACK_WAIT = 9.0
_TRAIL = "Sokoul-Trail"
_DOWN = (NatsError, OSError, TimeoutError)

STREAMS = (
    api.StreamConfig(
        name="JOBS",
        subjects=["JOBS.>"],
        storage=api.StorageType.FILE,
        retention=api.RetentionPolicy.WORK_QUEUE,
        max_age=7 * DAY,
        duplicate_window=600,
    ),
    api.StreamConfig(
        name="EVENTS",
        subjects=["EVENTS.>"],
        storage=api.StorageType.FILE,
        max_age=7 * DAY,
        max_bytes=64 << 20,
    ),
    api.StreamConfig(
        name="LOGS", subjects=["LOGS.>"], storage=api.StorageType.FILE, max_age=7 * DAY, max_bytes=64 << 20
    ),
)

Listener = Callable[[str, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class JobMessage:
    """One delivery of one job; exactly one of `done`, `again`, `end` is to be called.

    All of them raise `Unavailable` where NATS is away; the job then comes again by itself.
    """

    subject: str
    message_id: str
    payload: Mapping[str, Any]
    trail_id: str
    delivery: int
    _raw: Msg

    async def done(self) -> None:
        """The effect is in the database; never deliver it again."""
        await _answered(self._raw.ack())

    async def working(self) -> None:
        """Still at it: the time for an answer starts anew."""
        await _answered(self._raw.in_progress())

    async def again(self, *, after: float) -> None:
        """Deliver it again in `after` seconds."""
        await _answered(self._raw.nak(delay=after))

    async def end(self) -> None:
        """Never deliver it again, though it failed."""
        await _answered(self._raw.term())


class JobQueue:
    """A durable pull consumer on one subject of JOBS, shared by all workers of a group."""

    def __init__(self, bus: Bus, subject: str, group: str) -> None:
        self._bus, self._subject, self.group = bus, subject, group
        self._subscription: JetStreamContext.PullSubscription | None = None

    async def fetch(self, count: int, *, timeout: float) -> list[JobMessage]:
        """Up to `count` jobs, waiting at most `timeout` seconds for the first; raises `Unavailable`."""
        try:
            if self._subscription is None:
                self._subscription = await self._bus.pull(self._subject, self.group)
            fetched = await self._subscription.fetch(count, timeout=timeout)
            return [job for raw in fetched if (job := await _job(raw)) is not None]
        except TimeoutError:
            return []
        except _DOWN as err:
            # A pull subscription can be dead after a restart of the server: bind a new one next time.
            self._subscription = None
            raise Unavailable("NATS does not answer") from err

    async def depth(self) -> int:
        """How many jobs wait or are in work."""
        return await self._bus.depth(self.group)


class Bus:
    """The connection of one process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = Client()
        self._js: JetStreamContext | None = None

    async def open(self) -> None:
        """Connect and make the streams; raises `Unavailable`."""
        try:
            await self._client.connect(
                self._url,
                max_reconnect_attempts=-1,
                reconnect_time_wait=1,
                connect_timeout=5,
                allow_reconnect=True,
                error_cb=_complain,
                pending_size=8 << 20,
            )
            self._js = self._client.jetstream(timeout=5)
            await self._ensure_all()
        except _DOWN as err:
            raise Unavailable("NATS does not answer") from err

    async def close(self) -> None:
        """Send what is pending, then end the connection."""
        # Not drain(): it waits for pull subscriptions that never count what they have handed out.
        if self._client.is_connected:
            try:
                await self._client.flush(2)
            except _DOWN:
                log.warning("what was on its way to NATS may be lost")
        await self._client.close()

    async def ping(self) -> None:
        """Raises `Unavailable` where the server does not answer."""
        try:
            stream = self._jetstream
            await self._client.flush(2)
            await stream.account_info()
        except _DOWN as err:
            raise Unavailable("NATS does not answer") from err

    async def publish_job(
        self, subject: str, payload: Mapping[str, Any], *, message_id: str, trail_id: str = ""
    ) -> None:
        """Hand a job to JetStream and wait until it is on disk; the same `message_id` twice is once."""
        headers = {"Nats-Msg-Id": message_id, _TRAIL: trail_id}
        try:
            try:
                await self._jetstream.publish(subject, _encode(payload), headers=headers, timeout=5)
            except NoStreamResponseError:
                # The server lost its data while we were connected: what we send makes it whole again.
                await self._ensure_all()
                await self._jetstream.publish(subject, _encode(payload), headers=headers, timeout=5)
        except _DOWN as err:
            raise Unavailable("NATS does not answer") from err

    def jobs(self, subject: str, group: str) -> JobQueue:
        """The queue of one kind of job for one group of workers."""
        return JobQueue(self, subject, group)

    async def tell(self, topic: str, event: str, data: Mapping[str, Any]) -> None:
        """A live event for whoever looks right now; it may be lost."""
        frame = {"type": "event", "topic": topic, "event": event, "data": data, "at": _now()}
        await self._send("LIVE." + topic.replace(":", "."), frame)

    async def on_live(self, listener: Callable[[str, bytes], Awaitable[None]]) -> None:
        """Hand every live event, as the bytes of its frame, to `listener(topic, frame)`."""

        async def receive(message: Msg) -> None:
            head, _, rest = message.subject.removeprefix("LIVE.").partition(".")
            await listener(f"{head}:{rest}" if rest else head, message.data)

        await self._client.subscribe("LIVE.>", cb=receive)

    async def signal(self, name: str, data: Mapping[str, Any]) -> None:
        """Nudge whoever minds `name`; it may be lost, so the receiver also looks by itself now and then."""
        await self._send("SIGNAL." + name, data)

    async def on_signal(self, name: str, listener: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """Call `listener(data)` at every signal of that name."""

        async def receive(message: Msg) -> None:
            await listener(json.loads(message.data))

        await self._client.subscribe("SIGNAL." + name, cb=receive)

    async def fact(self, subject: str, payload: Mapping[str, Any], *, message_id: str) -> None:
        """Something happened: kept on EVENTS for seven days. `subject` is like `EVENTS.media.ready`."""
        await self.publish_job(subject, payload, message_id=message_id)

    async def pull(self, subject: str, group: str) -> JetStreamContext.PullSubscription:
        """Bind to the durable consumer of the group, making it first where it is missing."""
        config = api.ConsumerConfig(
            durable_name=group,
            filter_subject=subject,
            ack_policy=api.AckPolicy.EXPLICIT,
            ack_wait=ACK_WAIT,
            # Without end, because the worker itself buries what came too often: a job that kills its worker
            # every time still ends so as a row that a person can see.
            max_deliver=-1,
            max_ack_pending=1000,
        )
        try:
            return await self._jetstream.pull_subscribe(subject, durable=group, stream="JOBS", config=config)
        except NotFoundError:
            await self._ensure_all()
            return await self._jetstream.pull_subscribe(subject, durable=group, stream="JOBS", config=config)

    async def depth(self, group: str) -> int:
        """Messages that wait for, or are with, this group."""
        try:
            info = await self._jetstream.consumer_info("JOBS", group)
        except NotFoundError:
            return 0
        except _DOWN as err:
            raise Unavailable("NATS does not answer") from err
        depth = (info.num_pending or 0) + (info.num_ack_pending or 0)
        metrics.NATS_DEPTH.labels(group).set(depth)
        return depth

    @property
    def _jetstream(self) -> JetStreamContext:
        if self._js is None:
            raise Unavailable("NATS is not connected")
        return self._js

    async def _ensure_all(self) -> None:
        for stream in STREAMS:
            await self._ensure(stream)

    async def _ensure(self, stream: api.StreamConfig) -> None:
        assert stream.name is not None
        try:
            await self._jetstream.stream_info(stream.name)
        except NotFoundError:
            try:
                await self._jetstream.add_stream(stream)
            except APIError as err:
                # Two processes may make it at once; the second is told that the name is in use.
                if err.err_code != 10058:
                    raise

    async def _send(self, subject: str, data: Mapping[str, Any]) -> None:
        try:
            await self._client.publish(subject, _encode(data))
        except _DOWN:
            log.warning("live event lost, NATS is away", subject=subject)


async def _job(raw: Msg) -> JobMessage | None:
    """The job in a message; one that nobody can read is ended, for it would come back for ever."""
    headers = raw.headers or {}
    try:
        payload = json.loads(raw.data)
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        log.error("a job that cannot be read was thrown away", subject=raw.subject, size=len(raw.data))
        await raw.term()
        return None
    return JobMessage(
        subject=raw.subject,
        message_id=headers.get("Nats-Msg-Id", f"seq-{raw.metadata.sequence.stream}"),
        payload=payload,
        trail_id=headers.get(_TRAIL, ""),
        delivery=raw.metadata.num_delivered,
        _raw=raw,
    )


async def _answered(answer: Awaitable[None]) -> None:
    try:
        await answer
    except _DOWN as err:
        raise Unavailable("NATS does not answer") from err


def _encode(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


async def _complain(error: Exception) -> None:
    log.warning("NATS reported an error", error=str(error) or type(error).__name__)
