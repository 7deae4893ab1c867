"""Fetch one big file of which the hash is known: goes on where it stopped, whole or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import aiohttp
from yarl import URL

from sokoul.domain.errors import Refused, Unavailable

LARGEST: Final = 64 * 1024**3
SPARE: Final = 1024**3  # bytes that stay free on the disk
SILENCE: Final = 60.0  # seconds
PIECE: Final = 1024 * 1024
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")

Progress = Callable[[int, int | None], None]  # bytes there, bytes in all


async def fetch(
    address: str, sha256: str, target: Path, progress: Progress, *, largest: int = LARGEST
) -> None:
    """Raises `Refused` where it is not what was asked for, `Unavailable` where it can be tried again."""
    wanted = sha256.strip().lower()
    if _HASH.fullmatch(wanted) is None:
        raise Refused("bad_hash", "the hash has to be a SHA-256: 64 characters 0-9 and a-f")
    url = _checked(address)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Named by the hash, so that what is left of another file is never taken up.
    partial = target.with_name(f".{target.name}.{wanted[:12]}.part")
    try:
        await _receive(url, partial, progress, largest)
    except TimeoutError as error:
        raise Unavailable(f"{url.host} said nothing for {SILENCE:g} s; {_AGAIN}") from error
    except aiohttp.ClientError as error:
        raise Unavailable(f"{url.host} cannot be reached ({type(error).__name__}); {_AGAIN}") from error
    except OSError as error:
        raise Unavailable(f"{partial} cannot be written: {error.strerror}") from error
    found = await asyncio.to_thread(digest, partial)
    if found != wanted:
        partial.unlink()
        raise Refused(
            "wrong_hash", f"what {url.host} sent has the hash {found}, not the one given: it was thrown away"
        )
    partial.replace(target)


_AGAIN: Final = "the same command goes on where this one stopped"


def digest(path: Path) -> str:
    """The SHA-256 of a file. Blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(address: str) -> URL:
    try:
        url = URL(address)
    except ValueError as error:
        raise Refused("bad_url", "this is no address") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise Refused("bad_url", "the address has to begin with https:// or http://")
    return url


async def _receive(url: URL, partial: Path, progress: Progress, largest: int) -> None:
    have = _length(partial)
    asked = {"Range": f"bytes={have}-"} if have else {}
    patience = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=SILENCE)
    async with (
        aiohttp.ClientSession(timeout=patience, auto_decompress=False) as session,
        session.get(url, headers=asked, max_redirects=5) as reply,
    ):
        if reply.status == 416:  # all of it is there, or more than there is
            return
        if reply.status not in (200, 206):
            raise Unavailable(f"{url.host} answered {reply.status} {reply.reason}: look at the address")
        start, total = _extent(reply, have)
        _fits(total, start, partial, largest)
        with partial.open("r+b" if start else "wb") as file:
            file.seek(start)
            async for piece in reply.content.iter_chunked(PIECE):
                start += len(piece)
                if start > largest:
                    raise Refused("too_big", f"more than {largest >> 30} GiB come from {url.host}")
                await asyncio.to_thread(file.write, piece)
                progress(start, total)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _extent(reply: aiohttp.ClientResponse, have: int) -> tuple[int, int | None]:
    """Where what comes begins, and how long the whole is."""
    if reply.status == 200:
        return 0, reply.content_length
    told = _RANGE.fullmatch(reply.headers.get("Content-Range", ""))
    if told is None or int(told[1]) != have:
        raise Unavailable(
            "the server sends another part than was asked for: remove the .part file and try again"
        )
    return have, int(told[2]) if told[2] != "*" else None


def _fits(total: int | None, have: int, partial: Path, largest: int) -> None:
    if total is not None and total > largest:
        raise Refused(
            "too_big", f"the file has {total >> 20} MiB, more than {largest >> 20} MiB are not taken"
        )
    free = shutil.disk_usage(partial.parent).free - SPARE
    if total is not None and total - have > free:
        raise Refused("disk_full", f"{partial.parent} has no room for {(total - have) >> 20} MiB more")
