"""One bounded question over HTTP; every failure becomes a sentence a person can act on, without secrets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from yarl import URL

from sokoul.domain.errors import ProviderUnavailable
from sokoul.providers.refusals import Busy, retry_after

MIB: Final = 1024 * 1024
_REDIRECTS: Final = 3
_ONWARD: Final = frozenset({301, 302, 303, 307, 308})

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status, the media type in lower case, the body, the headers (any case)."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def retry_after(self) -> str | None:
        """When to come again, as the source put it."""
        return self.headers.get("Retry-After")


async def fetch(
    http: aiohttp.ClientSession,
    source: str,
    url: str,
    *,
    parameters: Parameters = (),
    headers: Mapping[str, str] | None = None,
    timeout: float = 30.0,
    limit: int = 5 * MIB,
    method: str = "GET",
    form: Parameters | None = None,
    json: object = None,
    may_follow: Callable[[URL, URL], bool] | None = None,
    busy_raises: bool = True,
) -> Reply:
    """Ask `url`, following redirects within the same host only; at most `limit` bytes, `timeout` seconds.

    `source` is the name used in messages; `may_follow` (from, to) allows redirects to other hosts, which then
    get the same headers. Raises ProviderUnavailable; `Busy` where the source wants to be left alone, unless
    whoever asks reads that from the reply.
    """
    question = _Question(method, form, json, headers)
    try:
        async with asyncio.timeout(timeout):
            here = URL(url).extend_query(list(parameters))
            reply = await _follow(http, source, here, question, limit, may_follow or _same_house)
    except TimeoutError as err:
        raise ProviderUnavailable(
            f"{source} did not answer within {timeout:g} s",
            cure="Try again later, or give it more time with `timeout`.",
            timed_out=True,
        ) from err
    except (aiohttp.ClientError, OSError, ValueError) as err:
        raise ProviderUnavailable(
            f"{source} could not be reached ({_why(err)})",
            cure="Check that it runs and that its address and port are right.",
        ) from None  # aiohttp's own error holds the whole address, and with it the key
    if busy_raises and (reply.status == 429 or (reply.status == 503 and reply.retry_after)):
        raise Busy(source, retry_after(reply.retry_after or ""))
    return reply


@dataclass(frozen=True, slots=True)
class _Question:
    method: str
    form: Parameters | None
    json: object
    headers: Mapping[str, str] | None


async def _follow(
    http: aiohttp.ClientSession,
    source: str,
    here: URL,
    asked: _Question,
    limit: int,
    may_follow: Callable[[URL, URL], bool],
) -> Reply:
    for _ in range(_REDIRECTS + 1):
        data = list(asked.form) if asked.form is not None else None
        async with http.request(
            asked.method, here, headers=asked.headers, data=data, json=asked.json, allow_redirects=False
        ) as reply:
            onward = reply.headers.get("Location") if reply.status in _ONWARD else None
            if onward is None:
                body = await _bounded(reply, source, limit)
                return Reply(reply.status, reply.content_type.lower(), body, reply.headers)
        there = here.join(URL(onward))
        if not may_follow(here, there):
            raise ProviderUnavailable(
                f"{source} redirects to another address",
                cure=f"If that is right, configure {there.origin()} instead."
                if there.is_absolute() and there.scheme in {"http", "https"}
                else "Check its address.",
            )
        here = there
    raise ProviderUnavailable(f"{source} redirects in a circle", cure="Check its address.")


def _same_house(here: URL, there: URL) -> bool:
    """Same origin, or the step from plain to encrypted on the standard ports: a key may travel along."""
    if not there.is_absolute() or there.host is None:
        return False
    if there.origin() == here.origin():
        return True
    upgraded = here.scheme == "http" and there.scheme == "https"
    return upgraded and there.host == here.host and (here.port, there.port) == (80, 443)


async def _bounded(reply: aiohttp.ClientResponse, source: str, limit: int) -> bytes:
    body = bytearray()
    async for chunk in reply.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > limit:
            raise ProviderUnavailable(
                f"{source} sent more than {limit // MIB} MiB, which is not read",
                cure="Ask for less, or check that the address is the one of its API.",
            )
    return bytes(body)


def _why(err: Exception) -> str:
    """The class of the fault in words; the text of the error itself may hold the address with the key."""
    match err:
        case aiohttp.ClientConnectorDNSError():
            return "the name is not known"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return "its certificate is not accepted"
        case aiohttp.ClientConnectorError():
            return "nobody answers at that address"
        case aiohttp.ServerDisconnectedError() | ConnectionResetError():
            return "it hung up"
        case aiohttp.ClientPayloadError():
            return "the answer was cut off"
        case aiohttp.InvalidURL() | ValueError():
            return "the address is not a web address"
        case _:
            return "the connection failed"
