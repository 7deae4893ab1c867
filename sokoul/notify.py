"""Telling the starter how we are: a line for people and scripts, messages for systemd."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

from sokoul import lock


def ready(url: str, state_dir: Path | None = None) -> None:
    """Say once that the daemon serves at `url`; with `state_dir` a second start can say so too."""
    if state_dir is not None:
        lock.write_url(state_dir, url)
    print(f"Sokoul ready: {url}", flush=True)  # noqa: T201  the contract of standard output
    _tell(f"READY=1\nSTATUS=Serving at {url}")


def stopping() -> None:
    """Say that the end has begun."""
    _tell("STOPPING=1\nSTATUS=Stopping")


async def watchdog() -> None:
    """Ping systemd at half its limit while the event loop turns; return at once where none watches."""
    limit = os.environ.get("WATCHDOG_USEC", "")
    watched = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    if not (limit.isdecimal() and int(limit) > 0 and watched):
        return
    while True:
        _tell("WATCHDOG=1")
        await asyncio.sleep(int(limit) / 2_000_000)


def address(host: str, port: int, public_url: str | None = None) -> str:
    """The URL to tell people for a listening address."""
    if public_url:
        return public_url
    if host in ("", "0.0.0.0", "::"):  # noqa: S104  compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _tell(message: str) -> None:
    """One datagram to systemd; a starter that does not listen is none."""
    name = os.environ.get("NOTIFY_SOCKET", "")
    if not name:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        try:
            channel.connect(f"\0{name[1:]}" if name.startswith("@") else name)
            channel.sendall(message.encode())
        except OSError:
            return
