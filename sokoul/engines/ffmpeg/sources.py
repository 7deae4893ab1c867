"""Where a worker's bytes come from: a file, or ranges of a download that still runs.

FFmpeg only ever sees these Python objects; it opens no path and no address by itself.
"""

from __future__ import annotations

import http.client
import io
import os
import socket
import stat
from typing import Any, Protocol

from sokoul.domain.mediafacts import LocalFile, MediaSource
from sokoul.engines.ffmpeg.refusal import JobRefused

# A jump ahead of at most this much reads on instead of asking again.
NEAR = 256 * 1024
# Waiting for pieces is normal; the job's own time limit ends what never comes.
PATIENCE = 120.0


class ByteSource(Protocol):
    """A seekable stream of bytes, as PyAV reads it."""

    is_local: bool

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def tell(self) -> int: ...
    def close(self) -> None: ...


def as_json(source: MediaSource) -> dict[str, Any]:
    """The source as a request to a worker carries it."""
    if isinstance(source, LocalFile):
        return {"path": str(source.path)}
    return {
        "target": source.target,
        "size": source.size,
        "socket": str(source.socket) if source.socket else None,
        "host": source.host,
        "port": source.port,
        "headers": [list(pair) for pair in source.headers],
    }


def open_source(asked: dict[str, Any]) -> ByteSource:
    """Open what `as_json` described; raises JobRefused when it is no regular file."""
    if "path" in asked:
        return FileBytes(asked["path"])
    return HttpBytes(asked)


class FileBytes(io.FileIO):
    """A regular file, never a link, a pipe or a device."""

    is_local = True

    def __init__(self, path: str) -> None:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise JobRefused("not_found", f"the file can't be opened: {error.strerror}") from error
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise JobRefused("not_media", "this is not a regular file")
        super().__init__(fd, "rb")


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self._path)


class HttpBytes:
    """A remote file by open-ended range requests: one for each jump, read on in between."""

    is_local = False

    def __init__(self, asked: dict[str, Any]) -> None:
        self._asked = asked
        self._size = int(asked["size"])
        self._position = 0
        self._answer: http.client.HTTPResponse | None = None
        self._connection: http.client.HTTPConnection | None = None
        self._answer_position = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = 0, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int = -1, /) -> bytes:
        left = self._size - self._position
        wanted = left if size < 0 else min(size, left)
        if wanted <= 0:
            return b""
        try:
            data = self._at_position().read(wanted)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise JobRefused("source_failed", f"the download does not answer: {error}") from error
        if not data:
            self.close()
            raise JobRefused("source_failed", "the download ended its answer early")
        self._position += len(data)
        self._answer_position = self._position
        return data

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._answer = None

    def _at_position(self) -> http.client.HTTPResponse:
        ahead = self._position - self._answer_position
        if self._answer is not None and 0 <= ahead <= NEAR:
            if ahead:
                self._answer.read(ahead)
            return self._answer
        return self._ask()

    def _ask(self) -> http.client.HTTPResponse:
        self.close()
        if self._asked["socket"]:
            self._connection = _UnixConnection(self._asked["socket"])
        else:
            self._connection = http.client.HTTPConnection(
                self._asked["host"], self._asked["port"], timeout=PATIENCE
            )
        headers = dict(self._asked["headers"]) | {"Range": f"bytes={self._position}-"}
        self._connection.request("GET", self._asked["target"], headers=headers)
        self._answer = self._connection.getresponse()
        if self._answer.status != 206:
            raise JobRefused("source_failed", f"the download answered {self._answer.status}")
        self._answer_position = self._position
        return self._answer
