"""SSDP: being found. One pair of sockets per interface, so that each link hears its own address only."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface
from typing import Any

import psutil
import structlog
from aiohttp.http_exceptions import InvalidHeader
from async_upnp_client.ssdp import build_ssdp_packet, decode_ssdp_packet, is_valid_ssdp_packet

from sokoul.lifecycle import Tasks
from sokoul.protocols.dlna.description import DEVICE_TYPE, SERVER, SERVICES

log = structlog.get_logger(__name__)

GROUP, PORT = "239.255.255.250", 1900
MAX_AGE = 1800
ANNOUNCE_EVERY = 800
LOOK_FOR_LINKS_EVERY = 3.0
LARGEST = 8192
ANSWERS_PER_SECOND = 10
_IP_MULTICAST_ALL = 49  # linux/in.h; not in the socket module before Python 3.12


def links(wanted: Sequence[str], *, vpn: str | None = None) -> set[IPv4Interface]:
    """The addresses to be found at: of the named interfaces or addresses, else of all but lo and the VPN."""
    found = set()
    for name, addresses in psutil.net_if_addrs().items():
        for address in addresses:
            if address.family != socket.AF_INET or not address.netmask:
                continue
            if wanted and name not in wanted and address.address not in wanted:
                continue
            if not wanted and name in {"lo", vpn}:
                continue
            found.add(IPv4Interface(f"{address.address}/{address.netmask}"))
    return found


class Discovery:
    """Announces the device on every link, answers searches there, and says goodbye."""

    def __init__(self, udn: str, port: int, find_links: Callable[[], set[IPv4Interface]]) -> None:
        self._udn, self._port, self._find_links = udn, port, find_links
        self._open: dict[IPv4Interface, _Link] = {}
        self._tasks = Tasks("dlna-discovery")

    async def run(self) -> None:
        """Follow the interfaces as they come and go, for ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_FOR_LINKS_EVERY)

    async def look(self) -> None:
        """Begin on links that are new, end on those that are gone."""
        wanted = await asyncio.to_thread(self._find_links)
        for gone in self._open.keys() - wanted:
            self._open.pop(gone).close()
        for new in wanted - self._open.keys():
            await self._add(new)

    async def close(self) -> None:
        """Say goodbye twice on every link."""
        await self._tasks.close()
        for again in (False, True):
            if again:
                await asyncio.sleep(0.05)
            for link in self._open.values():
                link.say_goodbye()
        for link in self._open.values():
            link.close()
        self._open.clear()

    async def _add(self, address: IPv4Interface) -> None:
        try:
            link = _Link(self._udn, f"http://{address.ip}:{self._port}/dlna/device.xml", address, self._tasks)
            await link.open()
        except OSError as err:
            log.warning("cannot announce on this address", address=str(address.ip), error=str(err))
            return
        self._open[address] = link
        self._tasks.spawn(f"announce-{address.ip}", link.announce())
        log.info("announcing the media server", address=str(address.ip))


@dataclass(slots=True)
class _Allowance:
    second: int = 0
    used: int = 0


class _Link(asyncio.DatagramProtocol):
    """One address: hears the group there, and speaks from that address."""

    def __init__(self, udn: str, location: str, address: IPv4Interface, tasks: Tasks) -> None:
        self._udn, self._location, self._address, self._tasks = udn, location, address, tasks
        self._transports: list[asyncio.DatagramTransport] = []
        self._allowances: dict[str, _Allowance] = {}
        self._targets = _targets(udn)

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        listening, speaking = _listening(self._address.ip), _speaking(self._address.ip)
        for sock in (listening, speaking):
            transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=sock)
            self._transports.append(transport)

    def close(self) -> None:
        for transport in self._transports:
            transport.close()

    async def announce(self) -> None:
        """Three times at the start, because datagrams get lost; then again before the age runs out."""
        for pause in (0.1, 0.9, 2.0):
            await asyncio.sleep(pause)
            self._notify("ssdp:alive")
        while True:
            await asyncio.sleep(ANNOUNCE_EVERY)
            self._notify("ssdp:alive")

    def say_goodbye(self) -> None:
        self._notify("ssdp:byebye")

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        if len(data) > LARGEST or not data.startswith(b"M-SEARCH ") or not is_valid_ssdp_packet(data):
            return
        peer = IPv4Address(addr[0])
        if peer not in self._address.network or not self._may_answer(addr[0]):
            return
        try:
            _, headers = decode_ssdp_packet(data, None, addr)
        except (InvalidHeader, ValueError, IndexError):
            return
        if str(headers.get("man", "")).strip().strip('"').lower() != "ssdp:discover":
            return
        answers = self._answers(str(headers.get("st", "")).strip())
        if answers:
            delay = random.uniform(0, min(_longest_wait(str(headers.get("mx", ""))), 1.0))
            self._tasks.spawn("answer", self._answer(answers, addr, delay))

    def error_received(self, exc: Exception) -> None:
        log.debug("datagram refused", address=str(self._address.ip), error=str(exc))

    def _may_answer(self, peer: str) -> bool:
        """At most ten searches a second from one address, so that we are no amplifier."""
        now = int(time.monotonic())
        if len(self._allowances) > 1000:
            self._allowances.clear()
        allowance = self._allowances.setdefault(peer, _Allowance())
        if allowance.second != now:
            allowance.second, allowance.used = now, 0
        allowance.used += 1
        return allowance.used <= ANSWERS_PER_SECOND

    def _answers(self, target: str) -> list[tuple[str, str]]:
        if target == "ssdp:all":
            return self._targets
        return [(target, usn) for known, usn in self._targets if known == target]

    async def _answer(
        self, answers: list[tuple[str, str]], peer: tuple[str | Any, int], delay: float
    ) -> None:
        await asyncio.sleep(delay)
        for target, usn in answers:
            headers = {
                "CACHE-CONTROL": f" max-age={MAX_AGE}",
                "DATE": time.strftime(" %a, %d %b %Y %H:%M:%S GMT", time.gmtime()),
                "EXT": "",
                "LOCATION": f" {self._location}",
                "SERVER": f" {SERVER}",
                "ST": f" {target}",
                "USN": f" {usn}",
            }
            self._send(build_ssdp_packet("HTTP/1.1 200 OK", headers), peer)

    def _notify(self, kind: str) -> None:
        for target, usn in self._targets:
            headers = {"HOST": f" {GROUP}:{PORT}", "NT": f" {target}", "NTS": f" {kind}", "USN": f" {usn}"}
            if kind == "ssdp:alive":
                headers |= {
                    "CACHE-CONTROL": f" max-age={MAX_AGE}",
                    "LOCATION": f" {self._location}",
                    "SERVER": f" {SERVER}",
                }
            self._send(build_ssdp_packet("NOTIFY * HTTP/1.1", headers), (GROUP, PORT))

    def _send(self, packet: bytes, peer: tuple[str | Any, int]) -> None:
        if not self._transports[1].is_closing():
            self._transports[1].sendto(packet, peer)


def _targets(udn: str) -> list[tuple[str, str]]:
    """Every search target we answer to, with its unique service name."""
    own = f"uuid:{udn}"
    named = ["upnp:rootdevice", DEVICE_TYPE, *(service.type for service in SERVICES)]
    return [(own, own), *((target, f"{own}::{target}") for target in named)]


def _longest_wait(mx: str) -> float:
    text = mx.strip()
    return float(min(max(int(text), 1), 5)) if text.isdecimal() and len(text) < 6 else 1.0


def _listening(address: IPv4Address) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_UDP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Only what came in on this link, not what any other program on the machine has joined.
        sock.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
        sock.bind((GROUP, PORT))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + address.packed)
    except OSError:
        sock.close()
        raise
    sock.setblocking(False)  # noqa: FBT003 - the socket's own signature
    return sock


def _speaking(address: IPv4Address) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_UDP)
    try:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, address.packed)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 4)
        sock.bind((str(address), 0))
    except OSError:
        sock.close()
        raise
    sock.setblocking(False)  # noqa: FBT003 - the socket's own signature
    return sock
