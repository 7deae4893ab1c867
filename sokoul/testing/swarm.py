"""A real swarm on loopback: an HTTP tracker and libtorrent seeders with a settable upload rate.

By hand: `python -m sokoul.testing.swarm FILE... [--rate BYTES] [--piece-size BYTES] [--port PORT]`.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import shutil
import socket
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, unquote_to_bytes

import libtorrent as lt
from aiohttp import web

KIB = 1024
_INTERVAL = 60


@dataclass(frozen=True, slots=True)
class Shared:
    """One torrent of the swarm; `path` is the original file or folder."""

    name: str
    info_hash: str
    torrent: bytes
    magnet: str
    torrent_url: str
    size: int
    path: Path


@dataclass(frozen=True, slots=True)
class HostileFile:
    """One entry of a hand-made file list; `path` are the raw components."""

    path: tuple[str, ...]
    content: bytes = b"nothing good"
    attr: str = ""
    symlink: tuple[str, ...] = ()


@dataclass(slots=True)
class _Seeder:
    session: lt.session
    port: int
    handles: dict[str, lt.torrent_handle] = field(default_factory=dict)


class Swarm:
    """Seeds files to whoever asks the tracker; `rate` is the sum of all seeders in bytes/s, 0 is no limit."""

    def __init__(
        self,
        scratch: Path,
        *,
        seeders: int = 1,
        rate: int = 0,
        host: str = "127.0.0.1",
        port: int = 0,
        tick_ms: int = 50,
    ) -> None:
        self._scratch, self._host, self._port = scratch, host, port
        self._count, self._rate, self._tick = seeders, rate, tick_ms
        self._seeders: list[_Seeder] = []
        self._torrents: dict[str, Shared] = {}
        self._peers: dict[bytes, set[tuple[str, int]]] = {}
        self._runner: web.AppRunner | None = None
        self.announces = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def tracker_url(self) -> str:
        """Where clients announce themselves."""
        return f"{self.base_url}/announce"

    @property
    def base_url(self) -> str:
        """The tracker's address; `/torrents/<info hash>.torrent` lie under it."""
        return f"http://{self._host}:{self._port}"

    @property
    def allowed(self) -> str:
        """The "host:port" pair that a guarded client must be allowed to reach."""
        return f"{self._host}:{self._port}"

    async def start(self) -> None:
        """Open the tracker and the seeders."""
        app = web.Application()
        app.add_routes([web.get("/announce", self._announce), web.get("/torrents/{name}", self._torrent)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = int(self._runner.addresses[0][1])
        self._seeders = [await asyncio.to_thread(self._open_seeder) for _ in range(self._count)]
        self.limit(self._rate)

    async def close(self) -> None:
        """Stop seeding and close the tracker."""
        await asyncio.to_thread(self._close_seeders)
        if self._runner is not None:
            await self._runner.cleanup()

    def limit(self, rate: int) -> None:
        """Share `rate` bytes/s out to the seeders; 0 is no limit."""
        self._rate = rate
        for seeder in self._seeders:
            seeder.session.apply_settings({"upload_rate_limit": max(rate // self._count, 1) if rate else 0})

    def uploaded(self, shared: Shared) -> int:
        """Payload bytes that the seeders have sent of this torrent."""
        handles = [seeder.handles[shared.info_hash] for seeder in self._seeders]
        return sum(int(handle.status().total_payload_upload) for handle in handles)

    def silence(self, shared: Shared) -> None:
        """The seeders stop sending this torrent, as if they had left; `speak` brings them back."""
        for seeder in self._seeders:
            seeder.handles[shared.info_hash].pause()

    def speak(self, shared: Shared) -> None:
        """Undo `silence`."""
        for seeder in self._seeders:
            seeder.handles[shared.info_hash].resume()

    async def share(
        self, path: Path, *, piece_size: int = 256 * KIB, version: int = 1, private: bool = False
    ) -> Shared:
        """Seed a file or folder; `version` 1, 2 or 0 for hybrid."""
        torrent = await asyncio.to_thread(self._describe, path, piece_size, version, private)
        return await self._seed(torrent, path, path.parent)

    async def share_hostile(self, name: str, files: Sequence[HostileFile], *, single: bool = False) -> Shared:
        """Seed a torrent whose file list says exactly what is asked, however wicked; its content is real."""
        torrent, content = hostile_torrent(name, files, self.tracker_url, single=single)
        folder = self._scratch / hashlib.sha1(torrent, usedforsecurity=False).hexdigest()
        await asyncio.to_thread(_lay_out, folder, content)
        renamed = {index: f"{index}.bin" for index in range(len(content))}
        return await self._seed(torrent, folder, folder, renamed)

    async def _seed(
        self, torrent: bytes, path: Path, parent: Path, renamed: dict[int, str] | None = None
    ) -> Shared:
        info = lt.load_torrent_buffer(torrent).ti
        assert info is not None
        hashes = info.info_hashes()
        key = str(hashes.v1) if hashes.has_v1() else str(hashes.v2)
        shared = Shared(
            name=info.name(),
            info_hash=key,
            torrent=torrent,
            magnet=self._magnet(info),
            torrent_url=f"{self.base_url}/torrents/{key}.torrent",
            size=info.total_size(),
            path=path,
        )
        self._torrents[key] = shared
        for seeder in self._seeders:
            seeder.handles[key] = await asyncio.to_thread(_add, seeder, torrent, parent, renamed or {})
            for digest in _announced_as(hashes):
                self._peers.setdefault(digest, set()).add((self._host, seeder.port))
        return shared

    def _magnet(self, info: lt.torrent_info) -> str:
        hashes = info.info_hashes()
        topics = []
        if hashes.has_v1():
            topics.append(f"xt=urn:btih:{hashes.v1}")
        if hashes.has_v2():
            topics.append(f"xt=urn:btmh:1220{hashes.v2}")
        return f"magnet:?{'&'.join(topics)}&dn={quote(info.name())}&tr={quote(self.tracker_url, safe='')}"

    def _describe(self, path: Path, piece_size: int, version: int, private: bool) -> bytes:  # noqa: FBT001 - inner
        flags = {1: lt.create_torrent.v1_only, 2: lt.create_torrent.v2_only, 0: 0}[version]
        maker = lt.create_torrent(lt.list_files(str(path)), piece_size, flags)
        maker.add_tracker(self.tracker_url)
        maker.set_priv(private)
        lt.set_piece_hashes(maker, str(path.parent))
        return bytes(lt.bencode(maker.generate()))

    def _open_seeder(self) -> _Seeder:
        session = lt.session({
            "listen_interfaces": f"{self._host}:0",
            "alert_mask": 0,
            "enable_dht": False,
            "enable_lsd": False,
            "enable_upnp": False,
            "enable_natpmp": False,
            "tick_interval": self._tick,
            "allow_multiple_connections_per_ip": True,
            "unchoke_slots_limit": -1,
            "stop_tracker_timeout": 1,
            "min_announce_interval": _INTERVAL,
        })  # fmt: skip
        everything_global = lt.ip_filter()
        everything_global.add_rule("0.0.0.0", "255.255.255.255", 1 << session.global_peer_class_id)  # noqa: S104
        session.set_peer_class_filter(everything_global)
        return _Seeder(session, _listening(session))

    def _close_seeders(self) -> None:
        for seeder in self._seeders:
            seeder.handles.clear()
            # Taking a session apart holds the interpreter; it must not wait for trackers meanwhile.
            seeder.session.apply_settings({"stop_tracker_timeout": 0})
        self._seeders.clear()

    async def _torrent(self, request: web.Request) -> web.Response:
        shared = self._torrents.get(request.match_info["name"].removesuffix(".torrent"))
        if shared is None:
            raise web.HTTPNotFound
        return web.Response(body=shared.torrent, content_type="application/x-bittorrent")

    async def _announce(self, request: web.Request) -> web.Response:
        self.announces += 1
        query = _raw_query(request.rel_url.raw_query_string)
        digest = query.get("info_hash", b"")
        if digest not in self._peers:
            return _bencoded({b"failure reason": b"unknown torrent"})
        peers = self._peers[digest]
        caller = (request.remote or self._host, int(query.get("port", b"0")))
        known = sorted(peers - {caller})
        if query.get("event") == b"stopped":
            peers.discard(caller)
        elif caller[1]:
            peers.add(caller)
        compact = b"".join(socket.inet_aton(host) + port.to_bytes(2, "big") for host, port in known)
        return _bencoded({b"interval": _INTERVAL, b"min interval": 1, b"peers": compact})


def hostile_torrent(
    name: str, files: Sequence[HostileFile], tracker: str, *, single: bool = False, piece_size: int = 16 * KIB
) -> tuple[bytes, list[bytes]]:
    """A .torrent with exactly these names, and the content of its files."""
    content = [file.content for file in files]
    whole = b"".join(content)
    info: dict[bytes, Any] = {
        b"name": name.encode("utf-8", "surrogateescape"),
        b"piece length": piece_size,
        b"pieces": b"".join(
            hashlib.sha1(whole[at : at + piece_size], usedforsecurity=False).digest()
            for at in range(0, len(whole), piece_size)
        ),
    }
    if single:
        info[b"length"] = len(whole)
    else:
        info[b"files"] = [_entry(file) for file in files]
    meta: dict[bytes, Any] = {b"announce": tracker.encode(), b"info": info}
    return bytes(lt.bencode(meta)), content


def _entry(file: HostileFile) -> dict[bytes, Any]:
    entry: dict[bytes, Any] = {b"length": len(file.content), b"path": [_raw(part) for part in file.path]}
    if file.attr:
        entry[b"attr"] = file.attr.encode()
    if file.symlink:
        entry[b"symlink path"] = [_raw(part) for part in file.symlink]
    return entry


def _bencoded(answer: dict[bytes, Any]) -> web.Response:
    return web.Response(body=bytes(lt.bencode(answer)), content_type="text/plain")


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _lay_out(folder: Path, content: Iterable[bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for index, body in enumerate(content):
        if body:  # an empty one is made by libtorrent, as a link when it is one
            (folder / f"{index}.bin").write_bytes(body)


def _add(seeder: _Seeder, torrent: bytes, parent: Path, renamed: dict[int, str]) -> lt.torrent_handle:
    params = lt.load_torrent_buffer(torrent)
    params.save_path = str(parent)
    if renamed:
        params.renamed_files = renamed
    params.flags = lt.torrent_flags.seed_mode | lt.torrent_flags.update_subscribe
    return seeder.session.add_torrent(params)


def _announced_as(hashes: lt.info_hash_t) -> list[bytes]:
    digests = []
    if hashes.has_v1():
        digests.append(hashes.v1.to_bytes())
    if hashes.has_v2():
        digests.append(hashes.v2.to_bytes()[:20])
    return digests


def _raw_query(text: str) -> dict[str, bytes]:
    pairs = (part.partition("=") for part in text.split("&"))
    return {key: unquote_to_bytes(value) for key, _, value in pairs}


def _listening(session: lt.session) -> int:
    """The port it listens on, once it does; RuntimeError after five seconds."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if port := int(session.listen_port()):
            return port
        time.sleep(0.01)
    raise RuntimeError("the seeder does not listen")


async def _by_hand(arguments: argparse.Namespace, paths: Sequence[Path]) -> None:
    scratch = Path(arguments.scratch)
    async with Swarm(scratch, rate=arguments.rate, port=arguments.port, seeders=arguments.seeders) as swarm:
        for path in paths:
            shared = await swarm.share(path, piece_size=arguments.piece_size)
            sys.stdout.write(f"{shared.name}\n  {shared.magnet}\n  {shared.torrent_url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Seed the files named on the command line until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m sokoul.testing.swarm", description=__doc__)
    parser.add_argument("files", nargs="+", help="files or folders to seed")
    parser.add_argument("--rate", type=int, default=0, help="bytes/s for all seeders together, 0 is no limit")
    parser.add_argument("--piece-size", type=int, default=256 * KIB)
    parser.add_argument("--port", type=int, default=0, help="of the tracker; 0 takes a free one")
    parser.add_argument("--seeders", type=int, default=1)
    parser.add_argument("--scratch", default=".", help="folder for what the swarm must write")
    try:
        arguments = parser.parse_args()
        asyncio.run(_by_hand(arguments, [Path(name).resolve() for name in arguments.files]))
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
