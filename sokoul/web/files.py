"""A file as an HTTP answer: conditions and ranges by RFC 9110, bytes moved by the kernel.

uvloop has no `loop.sendfile`, and reading through Python costs four to six times the CPU; so the file goes
into the socket by `os.sendfile` whenever the socket takes more, on a duplicate of its descriptor because
uvloop refuses to watch one that belongs to a transport.
"""

from __future__ import annotations

import asyncio
import errno
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

import structlog
from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from sokoul.domain.errors import NotFound
from sokoul.web.sendfile import KernelSend

log = structlog.get_logger(__name__)

READ_SIZE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Stretch:
    """`count` bytes from `offset`: what of the file the answer carries."""

    offset: int
    count: int


UNSATISFIABLE = Stretch(-1, 0)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open regular file and what HTTP says of it."""

    fd: int
    size: int
    modified: datetime
    etag: str


async def send_file(
    request: web.Request,
    path: Path,
    *,
    content_type: str,
    etag: str | None = None,
    headers: Mapping[str, str] | None = None,
    filename: str | None = None,
) -> web.StreamResponse:
    """Answer GET or HEAD with the file at `path`; raises NotFound unless it is a regular file, never a link.

    `etag` is an opaque tag without quotes, by default made from size and time of change.
    """
    opened = await asyncio.to_thread(_open, path, etag)
    try:
        response = web.StreamResponse(headers=headers)
        _describe(response, opened, content_type, filename)
        if (refusal := _precondition(request, opened)) is not None:
            return await _without_body(request, response, refusal)
        asked = _asked_for(request, opened)
        if asked is UNSATISFIABLE:
            response.headers["Content-Range"] = f"bytes */{opened.size}"
            return await _without_body(request, response, 416)
        if asked is not None:
            end = asked.offset + asked.count - 1
            response.headers["Content-Range"] = f"bytes {asked.offset}-{end}/{opened.size}"
            response.set_status(206)
        return await _send(request, response, opened, asked or Stretch(0, opened.size))
    finally:
        os.close(opened.fd)


def parse_range(header: str, size: int) -> Stretch | None:
    """The one range that `header` asks of `size` bytes; None when it is to be ignored (RFC 9110, 14.2).

    Several ranges are ignored too: the whole file is a lawful answer and no player needs multipart.
    """
    unit, equals, spec = header.partition("=")
    first, dash, last = (part.strip() for part in spec.partition("-"))
    if unit.strip().lower() != "bytes" or not equals or not dash or len(spec) > 64:
        return None
    if not all(part == "" or (part.isascii() and part.isdigit()) for part in (first, last)):
        return None
    if first == "":
        return _suffix(last, size)
    start = int(first)
    end = int(last) if last else size - 1
    if last and end < start:
        return None
    if start >= size:
        return UNSATISFIABLE
    return Stretch(start, min(end, size - 1) - start + 1)


def _suffix(last: str, size: int) -> Stretch | None:
    if last == "":
        return None
    count = min(int(last), size)
    return Stretch(size - count, count) if count else UNSATISFIABLE


def _open(path: Path, etag: str | None) -> Opened:
    try:
        # O_NONBLOCK: a pipe put in a file's place must not hold the opener.
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise NotFound("the file is not there any more") from error
    facts = os.fstat(fd)
    if not stat.S_ISREG(facts.st_mode):
        os.close(fd)
        raise NotFound("this is not a file")
    tag = etag if etag is not None else f"{facts.st_mtime_ns:x}-{facts.st_size:x}"
    return Opened(fd, facts.st_size, datetime.fromtimestamp(int(facts.st_mtime), UTC), f'"{tag}"')


def _describe(response: web.StreamResponse, opened: Opened, content_type: str, filename: str | None) -> None:
    headers = response.headers
    headers["Content-Type"] = content_type
    headers["Accept-Ranges"] = "bytes"
    headers["ETag"] = opened.etag
    headers["Last-Modified"] = format_datetime(opened.modified, usegmt=True)
    headers["X-Content-Type-Options"] = "nosniff"
    # What others made must never run as a page of ours, whatever a browser takes it for.
    headers["Content-Security-Policy"] = "sandbox; frame-ancestors 'none'"
    if filename is not None:
        headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(filename, safe='')}"


def _precondition(request: web.Request, opened: Opened) -> int | None:
    """304 or 412 when a condition of the request says so, in the order of RFC 9110, 13.2.2."""
    headers = request.headers
    if (wanted := headers.get("If-Match")) is not None:
        if not _names(wanted, opened.etag, weak=False):
            return 412
    elif (since := _date(headers.get("If-Unmodified-Since"))) is not None and opened.modified > since:
        return 412
    if (known := headers.get("If-None-Match")) is not None:
        return 304 if _names(known, opened.etag, weak=True) else None
    since = _date(headers.get("If-Modified-Since"))
    return 304 if since is not None and opened.modified <= since else None


def _names(header: str, etag: str, *, weak: bool) -> bool:
    tags = [tag.strip() for tag in header.split(",")]
    if weak:
        tags = [tag.removeprefix("W/") for tag in tags]
    return "*" in tags or etag in tags


def _date(header: str | None) -> datetime | None:
    if header is None:
        return None
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _asked_for(request: web.Request, opened: Opened) -> Stretch | None:
    header = request.headers.get("Range")
    if header is None or request.method != "GET" or not _range_still_holds(request, opened):
        return None
    return parse_range(header, opened.size)


def _range_still_holds(request: web.Request, opened: Opened) -> bool:
    condition = request.headers.get("If-Range")
    if condition is None:
        return True
    if condition.strip().startswith(('"', "W/")):
        return condition.strip() == opened.etag
    return _date(condition) == opened.modified


async def _without_body(
    request: web.Request, response: web.StreamResponse, status: int
) -> web.StreamResponse:
    response.set_status(status)
    if status != 304:
        response.content_length = 0
    await response.prepare(request)
    await response.write_eof()
    return response


async def _send(
    request: web.Request, response: web.StreamResponse, opened: Opened, stretch: Stretch
) -> web.StreamResponse:
    response.content_length = stretch.count
    writer = await response.prepare(request)
    if request.method != "HEAD" and stretch.count and writer is not None:
        try:
            await _move(request, response, writer, opened.fd, stretch)
        except OSError as error:
            _cut_off(request, error)
            return response
    await response.write_eof()
    return response


async def _move(
    request: web.Request,
    response: web.StreamResponse,
    writer: AbstractStreamWriter,
    source: int,
    stretch: Stretch,
) -> None:
    transport = request.transport
    if transport is None:
        raise ConnectionResetError("the client left")
    if transport.get_extra_info("sslcontext") is None:
        await KernelSend(transport, writer, source, stretch.offset, stretch.count).run()
        return
    offset, end = stretch.offset, stretch.offset + stretch.count
    while offset < end:
        chunk = await asyncio.to_thread(os.pread, source, min(READ_SIZE, end - offset), offset)
        if not chunk:
            raise OSError(errno.EIO, "the file became shorter while it was sent")
        await response.write(chunk)
        offset += len(chunk)


def _cut_off(request: web.Request, error: OSError) -> None:
    """End a connection whose promised length can't be kept; a viewer who leaves is no error of ours."""
    if not isinstance(error, ConnectionError):
        log.warning("a file could not be sent to its end", error=str(error))
    if request.transport is not None:
        request.transport.abort()
