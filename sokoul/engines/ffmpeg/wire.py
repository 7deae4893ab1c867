"""Messages between the daemon and its media workers: lengths, a JSON head, then raw bytes.

JSON and not pickle: a worker that a hostile file has taken over must not be able to run code in the daemon.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

LENGTHS = struct.Struct(">IQ")
LONGEST_HEAD = 16 * 1024 * 1024
LONGEST_BODY = 512 * 1024 * 1024

Head = dict[str, Any]


class BadMessage(Exception):
    """The other side broke the protocol."""


def pack(head: Head, body_length: int) -> bytes:
    """Lengths and head of a message whose body of `body_length` bytes follows."""
    text = json.dumps(head, separators=(",", ":")).encode()
    return LENGTHS.pack(len(text), body_length) + text


def unpack_lengths(raw: bytes) -> tuple[int, int]:
    """Lengths of head and body; raises BadMessage beyond the limits."""
    head, body = LENGTHS.unpack(raw)
    if head > LONGEST_HEAD or body > LONGEST_BODY:
        raise BadMessage(f"a message of {head} + {body} bytes")
    return head, body


def unpack_head(raw: bytes) -> Head:
    """The head of a message; raises BadMessage when it is not a JSON object."""
    try:
        head = json.loads(raw)
    except ValueError as error:
        raise BadMessage("a head that is not JSON") from error
    if not isinstance(head, dict):
        raise BadMessage("a head that is not an object")
    return head


def read_head(stream: BinaryIO) -> Head | None:
    """The next request, which has no body; None when the daemon is gone. Blocks."""
    raw = stream.read(LENGTHS.size)
    if len(raw) < LENGTHS.size:
        return None
    length, _ = unpack_lengths(raw)
    return unpack_head(stream.read(length))


def write(stream: BinaryIO, head: Head, body: bytes) -> None:
    """Send one answer. Blocks."""
    stream.write(pack(head, len(body)))
    stream.write(body)
    stream.flush()
