"""How callers reach us: under which names, through which proxies, from which pages."""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import urlsplit

from aiohttp import web

from sokoul.config.model import Http
from sokoul.web.errors import Malformed, Misdirected

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?")
_FORWARDING = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
_LOCAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)
_MOST_HOPS = 20
_REMEMBERED = 256


class Front:
    """Judges Host, Origin and forwarding headers; being local gives no rights by itself."""

    def __init__(self, http: Http, hostname: str | None = None) -> None:
        hostname = (hostname or socket.gethostname()).lower()
        public = urlsplit(http.public_url or "")
        self._names = {
            "localhost",
            "sokoul.local",
            hostname,
            hostname.partition(".")[0],
            hostname.partition(".")[0] + ".local",
            *(name.lower() for name in http.allowed_hosts),
            *([public.hostname] if public.hostname else []),
        }
        self._public_origin = _bare_origin(http.public_url or "")
        self._public_secure = public.scheme == "https"
        self._trusted = [ipaddress.ip_network(text, strict=False) for text in http.trusted_proxies]
        self._cors = {origin for text in http.cors_origins if (origin := _bare_origin(text)) is not None}
        self._good_hosts: set[str] = set()

    def check_host(self, request: web.Request) -> None:
        """Raises `Misdirected` for a foreign name (DNS rebinding), `Malformed` for none or two."""
        hosts = request.headers.getall("Host", [])
        if len(hosts) != 1:
            raise Malformed("One Host header is expected")
        if hosts[0] in self._good_hosts:
            return
        match = _HOST.fullmatch(hosts[0])
        if match is None:
            raise Malformed("The Host header is malformed")
        name = match[1].lower().rstrip(".")
        if name not in self._names and _address(name.strip("[]")) is None:
            raise Misdirected("This name is not one of ours; add it to http.allowed_hosts")
        if len(self._good_hosts) < _REMEMBERED:
            self._good_hosts.add(hosts[0])

    def client(self, request: web.Request) -> str:
        """The caller's IP: the nearest hop that is no trusted proxy."""
        peer = _peer(request)
        if not self._trusted or not self._is_trusted(peer):
            return peer
        hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
        nearest = peer
        for hop in reversed(hops[-_MOST_HOPS:]):
            if _address(hop.strip()) is None:
                break
            nearest = hop.strip()
            if not self._is_trusted(nearest):
                break
        return nearest

    def secure(self, request: web.Request) -> bool:
        """Whether the caller's side speaks HTTPS."""
        if request.scheme == "https":
            return True
        if self._is_trusted(_peer(request)):
            return request.headers.get("X-Forwarded-Proto", "").lower() == "https"
        return self._public_secure and _bare_origin(f"https://{request.host}") == self._public_origin

    def same_origin(self, request: web.Request) -> bool:
        """Whether the Origin header names us; the scheme may differ, a proxy may have taken TLS off."""
        origin = _bare_origin(request.headers.get("Origin", ""))
        if origin is None:
            return False
        ours = request.headers.get("Host", "").lower()
        scheme, _, authority = origin.partition("://")
        default = ":443" if scheme == "https" else ":80"
        return authority == ours.removesuffix(default) or origin == self._public_origin

    def cors(self, request: web.Request) -> str | None:
        """The Origin header, where its pages may read our answers."""
        origin = request.headers.get("Origin")
        return origin if origin and _bare_origin(origin) in self._cors else None

    def is_loopback(self, request: web.Request) -> bool:
        """Whether the caller is on this machine and nobody says that it only forwards."""
        address = _address(_peer(request))
        forwarded = any(name in request.headers for name in _FORWARDING)
        return address is not None and address.is_loopback and not forwarded

    def is_local(self, request: web.Request) -> bool:
        """Whether the caller is in a private or link-local range."""
        address = _address(self.client(request))
        return address is not None and any(address in network for network in _LOCAL)

    def _is_trusted(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self._trusted)


FRONT: web.AppKey[Front] = web.AppKey("front", Front)


def _peer(request: web.Request) -> str:
    peer = request.transport.get_extra_info("peername") if request.transport else None
    # A Unix socket has no name: only this machine reaches it, yet it earns no trust by that.
    return str(peer[0]) if isinstance(peer, tuple | list) and peer else "unix"


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address


def _bare_origin(text: str) -> str | None:
    """`scheme://host[:port]` in small letters without the default port; None where it is no origin."""
    try:
        parts = urlsplit(text.lower())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = port is None or port == (443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{host}" + ("" if usual else f":{port}")


def own_path(text: str | None) -> str:
    """A path of ours to go on to, or `/` for anything that could lead elsewhere."""
    if not text or len(text) > 2048 or not text.startswith("/") or text[1:2] in ("/", "\\"):
        return "/"
    if any(not char.isprintable() or char in "\\ " for char in text):
        return "/"
    return text
