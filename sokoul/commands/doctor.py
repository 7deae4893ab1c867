"""`sokoul doctor`: what is missing on this machine, and how to get it."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO

from sokoul import lock, log
from sokoul.commands import stored_settings
from sokoul.config.load import Loaded
from sokoul.config.model import Config
from sokoul.domain.errors import Refused, SokoulError, Unavailable
from sokoul.engines.browser import program
from sokoul.engines.embedded import binaries, folders
from sokoul.engines.llm import gguf_file
from sokoul.engines.llm.server import engine

HEALTHY, ILL = 0, 1
_LEAST_FREE = 2 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `cure` says how to make it good."""

    state: Literal["ok", "note", "missing"]
    what: str
    cure: str = ""


Check = Callable[[Config], Iterator[Finding]]


def run(loaded: Loaded, stdout: TextIO) -> int:
    """Look at everything; returns 1 where something needed is missing."""
    log.configure("warning", "text", secrets=log.secrets_of(loaded.config))
    found = [finding for check in CHECKS for finding in check(loaded.config)]
    found += _stored(loaded)
    for finding in found:
        stdout.write(f"{finding.state:<8} {finding.what}\n")
        if finding.cure:
            stdout.write(f"{'':8} → {finding.cure}\n")
    missing = sum(finding.state == "missing" for finding in found)
    stdout.write(f"{missing} missing\n" if missing else "Everything needed is here.\n")
    return ILL if missing else HEALTHY


def _python(_: Config) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("ok", f"Python {version}")


def _ffmpeg(config: Config) -> Iterator[Finding]:
    for name in ("ffmpeg", "ffprobe"):
        wanted = getattr(config.playback, name)
        if found := shutil.which(wanted):
            yield Finding("ok", f"{name}: {found}")
        else:
            cure = f"install Debian's package ffmpeg, or set playback.{name}"
            yield Finding("missing", f"{name}: {wanted!r} is not there; films cannot be converted", cure)


def _chromium(config: Config) -> Iterator[Finding]:
    if not config.providers.pages.enabled:
        return
    if found := program.find(config.providers.pages.chromium):
        yield Finding("ok", f"chromium: {found}")
    else:
        cure = "sudo apt-get install chromium, or set providers.pages.enabled: false"
        yield Finding("note", "chromium is not there; pages that need a browser are not searched", cure)


def _model(config: Config) -> Iterator[Finding]:
    settings = config.oracle
    if settings.endpoint is not None:
        yield Finding("ok", "language model: at the configured address")
    elif not settings.server.start:
        yield Finding("ok", "language model: none, rules judge alone")
    elif settings.server.gguf is None:
        yield Finding("missing", "language model: no file is named", "set oracle.server.gguf")
    elif engine() is None:
        yield Finding("missing", "language model: nothing runs it here", "run scripts/setup --ai")
    else:
        yield _model_file(settings.server.gguf)


def _model_file(path: Path) -> Finding:
    try:
        facts = gguf_file.read(path)
    except Refused as error:
        return Finding("missing", f"language model: {error}", "set oracle.server.gguf to a whole GGUF")
    return Finding("ok", f"language model: {facts.name or path.name} by {engine()}")


def _servers(config: Config) -> Iterator[Finding]:
    data = config.state_dir / "postgres" / "data"
    finders: dict[str, Callable[[], Path]] = {
        "postgres": lambda: binaries.postgres(data),
        "redis": binaries.valkey,
        "nats": binaries.nats,
    }
    for name, find in finders.items():
        if getattr(config.services, name) is not None:
            yield Finding("ok", f"{name}: at the configured address")
            continue
        try:
            yield Finding("ok", f"{name}: private, {find()}")
        except Unavailable as error:
            yield Finding("missing", f"{name}: nothing to start", str(error))


def _privileges(config: Config) -> Iterator[Finding]:
    if config.services.postgres is not None or os.geteuid() != 0:
        return
    if shutil.which("setpriv") and shutil.which("unshare"):
        yield Finding("ok", "running as root: PostgreSQL gets an unprivileged user of its own")
    else:
        cure = "install Debian's package util-linux, or run Sokoul as another user"
        yield Finding("missing", "setpriv and unshare; PostgreSQL refuses to run as root", cure)


def _folders(config: Config) -> Iterator[Finding]:
    wanted = {
        "state_dir": config.state_dir,
        "torrent.directory": config.torrent.directory,
        "library.movies": config.library.movies,
        "library.series": config.library.series,
    }
    for key, folder in wanted.items():
        standing = _standing(folder)
        if not os.access(standing, os.W_OK | os.X_OK):
            cure = f"give this user the right to write in {standing}, or set {key}"
            yield Finding("missing", f"{key}: {folder} cannot be written", cure)
        elif (free := shutil.disk_usage(standing).free) < _LEAST_FREE:
            yield Finding("note", f"{key}: {folder} has only {free >> 20} MiB free", "make room")
        else:
            yield Finding("ok", f"{key}: {folder} ({free >> 30} GiB free)")
    yield from _one_disk(config)


def _one_disk(config: Config) -> Iterator[Finding]:
    downloads = _standing(config.torrent.directory).stat().st_dev
    for key, folder in (("library.movies", config.library.movies), ("library.series", config.library.series)):
        if config.library.import_ == "hardlink" and _standing(folder).stat().st_dev != downloads:
            cure = "put both on one disk, so that a film is kept once"
            yield Finding(
                "note", f"{key} and torrent.directory are on different disks; films are copied", cure
            )


def _ports(config: Config) -> Iterator[Finding]:
    running = lock.url(config.state_dir)
    if running and _taken(config.http.host, config.http.port):
        yield Finding("ok", f"Sokoul runs already: {running}")
        return
    host, _, port = config.torrent.listen.rpartition(":")
    for key, where, number in (
        ("http.port", config.http.host, config.http.port),
        ("torrent.listen", host, int(port)),
    ):
        if _taken(where, number):
            yield Finding(
                "missing", f"{key}: {number} is taken by another program", f"end that program, or set {key}"
            )
        else:
            yield Finding("ok", f"{key}: {number} is free")


def _sockets(config: Config) -> Iterator[Finding]:
    if not folders.fits(config.state_dir / "run"):
        yield Finding("note", "state_dir is too long or too unusual for Unix sockets; they go elsewhere")


def _stored(loaded: Loaded) -> Iterator[Finding]:
    """Settings made on the web that do not fit any more, and a default profile that is gone."""
    try:
        looked = asyncio.run(stored_settings.look(loaded))
    except SokoulError as error:
        yield Finding("note", f"settings made on the web could not be looked at: {error}")
        return
    yield from default_profile(looked)
    for key, why in sorted(looked.aside.items()):
        cure = f"set {key} again on the settings page, or take it back there"
        yield Finding("note", f"{key}, set on the web, is left aside: {why}", cure)


def default_profile(looked: stored_settings.Looked) -> Iterator[Finding]:
    """The daemon uses another as long as the one that is set is not there."""
    if looked.missing_default is not None:
        what = f"quality.default_profile: there is no profile {looked.missing_default!r}"
        cure = "choose one on the profiles page, or set quality.default_profile"
        yield Finding("note", f"{what}; {looked.used_default!r} is used", cure)


def _taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError:
            return True
    return False


def _standing(folder: Path) -> Path:
    """The nearest folder that exists already."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


CHECKS: tuple[Check, ...] = (
    _python,
    _ffmpeg,
    _chromium,
    _model,
    _servers,
    _privileges,
    _folders,
    _sockets,
    _ports,
)
