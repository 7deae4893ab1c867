"""The one way out: HTTP to addresses that others name, kept away from this house's own machines."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from sokoul.domain.errors import ProviderUnavailable, Refused

REDIRECTS: Final = 5
_LOOKUPS: Final = 16
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL_V6: Final = (
    ipaddress.IPv6Network("64:ff9b:1::/48"),
    ipaddress.IPv6Network("fec0::/10"),
    ipaddress.IPv6Network("2001::/23"),
)
_V4_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")


AskNames = Callable[[str, int, int, int], Any]  # as socket.getaddrinfo


def is_public(address: str) -> bool:
    """Whether the IP literal `address` is out on the Internet; mapped, 6to4 and NAT64 forms are unwrapped."""
    try:
        ip = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _embedded_v4(ip)
        if inner is not None:
            return is_public(str(inner))
        if any(ip in network for network in _LOCAL_V6):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def _embedded_v4(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip in _NAT64 or ip in _V4_COMPATIBLE:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer to `OutboundGuard.fetch`: the body, or the magnet link that it was redirected to."""

    body: bytes
    content_type: str
    magnet_link: str | None = None


class OutboundGuard:
    """HTTP sessions that reach public addresses, and of the private ones only `allowed` "host:port" pairs.

    A name is resolved once, every answer is checked, and the address that is dialled is checked again, so
    that neither odd spellings, nor rebinding, nor a redirect leads inside. A refused address looks to the
    caller like one that does not answer (`aiohttp.ClientConnectorError`).
    """

    def __init__(self, allowed: Iterable[str] = (), *, ask: AskNames = socket.getaddrinfo) -> None:
        self._allowed: set[str] = set()
        self.list_allowed(allowed)
        self._configured: frozenset[str] = frozenset()
        # What strangers name (a magnet's trackers) never waits in the way of what is about to be fetched.
        self._lookups, self._strangers = Lookups(ask), Lookups(ask)
        self._resolved: dict[tuple[str, int], str] = {}  # to the name that was resolved

    def allow(self, *pairs: str) -> None:
        """Add "host:port" pairs (a provider that was configured later)."""
        self._allowed.update(pair.strip().lower() for pair in pairs)

    def allow_url(self, url: str) -> None:
        """Add the host and port of a configured address."""
        parsed = URL(url)
        if parsed.host and parsed.port:
            self.allow(_pair(parsed.host, parsed.port))

    def list_allowed(self, pairs: Iterable[str]) -> None:
        """Another list of "host:port" pairs from now on (`http.outbound_allow` was changed)."""
        self._listed = frozenset(pair.strip().lower() for pair in pairs)

    def allow_configured(self, urls: Iterable[str]) -> None:
        """Allow the addresses of the configured sources, and no longer those of the time before."""
        parsed = [URL(url) for url in urls]
        self._configured = frozenset(_pair(url.host, url.port) for url in parsed if url.host and url.port)

    def is_allowed(self, host: str, port: int) -> bool:
        """Whether "host:port" stands on the list by name."""
        pair = _pair(host, port)
        return pair in self._allowed or pair in self._listed or pair in self._configured

    def may_name(self, host: str, port: int) -> bool:
        """Whether `host` may be asked: listed, a public address, or a name (judged when it is resolved)."""
        if self.is_allowed(host, port):
            return True
        if host.lower().rstrip(".").endswith("localhost"):
            return False
        return is_public(host) if _is_literal(host) else True

    async def may_dial(self, host: str, port: int) -> bool:
        """As `may_name`, but a name is resolved and all its addresses must be public."""
        try:
            await self.addresses(host, port)
        except OSError:
            return False
        return True

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses under which `host` may be dialled, each checked; whoever dials takes one of these.

        Raises OSError where there are none or one of them is refused.
        """
        if not self.may_name(host, port):
            raise OSError(errno.EHOSTUNREACH, "No route to host")
        if _is_literal(host):
            return [host]
        found = await GuardedResolver(self, self._strangers).resolve(host, port, socket.AF_UNSPEC)
        return [each["host"] for each in found]

    def connector(self, *, limit: int = 100, limit_per_host: int = 0) -> aiohttp.TCPConnector:
        """A connector that refuses to dial what this guard does not allow."""
        return aiohttp.TCPConnector(
            limit=limit,
            limit_per_host=limit_per_host,
            resolver=GuardedResolver(self, self._lookups),
            socket_factory=self._socket,
            ttl_dns_cache=30,
        )

    def session(self, *, timeout: float = 30.0, limit: int = 100) -> aiohttp.ClientSession:
        """A session without cookies or environment proxies; `timeout` in seconds for a whole exchange."""
        return aiohttp.ClientSession(
            connector=self.connector(limit=limit),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=timeout),
            headers={"User-Agent": "Sokoul"},
            trust_env=False,
        )

    async def fetch(
        self, session: aiohttp.ClientSession, url: str, *, limit: int, timeout: float = 30.0
    ) -> Fetched:
        """GET `url` following at most five checked redirects; a body over `limit` bytes is refused.

        Raises Refused (`bad_url`, `too_big`) and ProviderUnavailable.
        """
        try:
            async with asyncio.timeout(timeout):
                return await self._fetch(session, url, limit)
        except TimeoutError as err:
            raise ProviderUnavailable("the address did not answer in time", timed_out=True) from err
        except (aiohttp.ClientError, OSError) as err:
            raise ProviderUnavailable("the address could not be fetched") from err

    async def _fetch(self, session: aiohttp.ClientSession, url: str, limit: int) -> Fetched:
        here = web_address(url)
        for _ in range(REDIRECTS + 1):
            async with session.get(here, allow_redirects=False) as reply:
                onward = reply.headers.get("Location") if reply.status in {301, 302, 303, 307, 308} else None
                if onward is None:
                    reply.raise_for_status()
                    return Fetched(await _bounded(reply, limit), reply.content_type)
            if onward.startswith("magnet:"):
                return Fetched(b"", "", magnet_link=onward)
            here = web_address(str(here.join(URL(onward))))
        raise ProviderUnavailable("the address redirects too often")

    def _socket(self, info: tuple[int, int, int, str, tuple[str | int, ...]]) -> socket.socket:
        family, kind, proto, _, address = info
        host, port = str(address[0]), int(address[1])
        if not (is_public(host) or self.is_allowed(host, port) or self._leads_to(host, port)):
            raise OSError(errno.EHOSTUNREACH, "No route to host")
        return socket.socket(family, kind, proto)

    def remember(self, name: str, address: str, port: int) -> None:
        """Let `address` be dialled for as long as `name`, which was resolved to it, is allowed."""
        self._resolved[(address, port)] = name

    def _leads_to(self, address: str, port: int) -> bool:
        name = self._resolved.get((address, port))
        return name is not None and self.is_allowed(name, port)


class Lookups:
    """Asks the name service in threads of its own, at most sixteen at a time.

    The loop's own few threads also serve every connection that is opened: names that nobody answers for would
    hold all of them up. Threads that still wait do not keep the process from ending.
    """

    def __init__(self, ask: AskNames) -> None:
        self._ask, self._free = ask, asyncio.Semaphore(_LOOKUPS)

    async def addresses(self, host: str, port: int, family: int) -> list[tuple[Any, ...]]:
        """As `socket.getaddrinfo`; raises OSError."""
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[tuple[Any, ...]]] = loop.create_future()

        def tell(found: list[tuple[Any, ...]] | OSError) -> None:
            self._free.release()
            if answer.done():
                return
            if isinstance(found, OSError):
                answer.set_exception(found)
            else:
                answer.set_result(found)

        def ask() -> None:
            found: list[tuple[Any, ...]] | OSError
            try:
                found = self._ask(host, port, family, socket.SOCK_STREAM)
            except OSError as err:
                found = err
            except ValueError:  # no name at all: a label too long, a NUL
                found = OSError(errno.EHOSTUNREACH, "No such name")
            try:
                loop.call_soon_threadsafe(tell, found)
            except RuntimeError:
                return  # the loop has ended meanwhile

        threading.Thread(target=ask, name="names", daemon=True).start()
        return await answer


class GuardedResolver(AbstractResolver):
    """Resolve by the system, and refuse the name when any of its addresses is inside."""

    def __init__(self, guard: OutboundGuard, lookups: Lookups) -> None:
        self._guard, self._lookups = guard, lookups

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """All addresses of `host`; OSError when there are none or one of them is refused."""
        found = await self._lookups.addresses(host, port, family)
        addresses = [(answer[0], str(answer[4][0])) for answer in found]
        trusted = self._guard.is_allowed(host, port)
        if not addresses or not (trusted or all(is_public(address) for _, address in addresses)):
            raise OSError(errno.EHOSTUNREACH, "No route to host")
        if trusted:
            for _, address in addresses:
                self._guard.remember(host, address, port)
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST
            )
            for kind, address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


def _pair(host: str, port: int) -> str:
    return f"[{host}]:{port}".lower() if ":" in host else f"{host}:{port}".lower()


def _is_literal(host: str) -> bool:
    """An IP address in any spelling that the C library would take, 127.1 and 0x7f000001 included."""
    try:
        ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        try:
            socket.inet_aton(host)
        except OSError:
            return False
    return True


def web_address(text: str) -> URL:
    """A plain http(s) address; Refused when it is another scheme, or carries a name and password."""
    try:
        url = URL(text)
    except ValueError as err:
        raise Refused("bad_url", "this is not a web address") from err
    if url.scheme not in _DEFAULT_PORTS or not url.host or url.user is not None:
        raise Refused("bad_url", "only plain http and https addresses are fetched")
    return url


async def _bounded(reply: aiohttp.ClientResponse, limit: int) -> bytes:
    if (reply.content_length or 0) > limit:
        raise Refused("too_big", f"the answer is larger than {limit} bytes")
    body = bytearray()
    async for chunk in reply.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > limit:
            raise Refused("too_big", f"the answer is larger than {limit} bytes")
    return bytes(body)
