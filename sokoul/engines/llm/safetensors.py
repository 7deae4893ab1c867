"""Read a safetensors file: a length, a JSON table, then the raw numbers of every tensor."""

from __future__ import annotations

import json
import math
import mmap
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from sokoul.domain.errors import Refused

LONGEST_TABLE: Final = 16 * 1024 * 1024
_KINDS: Final[dict[str, np.dtype[Any]]] = {
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
}

Tensor = np.ndarray[Any, np.dtype[Any]]


def read(path: Path) -> Mapping[str, Tensor]:
    """Every tensor by name, as views of the mapped file; raises `Refused` where the file is broken."""
    with path.open("rb") as file:
        raw = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size > 8 else b""
    table, start = _table(path, raw)
    return {name: _tensor(path, raw, start, name, entry) for name, entry in table.items()}


def _table(path: Path, raw: mmap.mmap | bytes) -> tuple[dict[str, Any], int]:
    length = struct.unpack_from("<Q", raw)[0] if len(raw) > 8 else 0
    if not 2 <= length <= min(LONGEST_TABLE, len(raw) - 8):
        raise _broken(path, "its table of contents does not fit")
    try:
        table = json.loads(raw[8 : 8 + length])
    except (ValueError, RecursionError) as error:
        raise _broken(path, "its table of contents cannot be read") from error
    if not isinstance(table, dict):
        raise _broken(path, "its table of contents is none")
    table.pop("__metadata__", None)
    return table, 8 + length


def _tensor(path: Path, raw: mmap.mmap | bytes, start: int, name: str, entry: Any) -> Tensor:
    try:
        kind: np.dtype[Any] = _KINDS[entry["dtype"]]
        shape, (begin, end) = tuple(map(int, entry["shape"])), map(int, entry["data_offsets"])
        count = math.prod(shape)
        if min((0, *shape)) == 0 <= begin <= end <= len(raw) - start and end - begin == count * kind.itemsize:
            numbers: Tensor = np.frombuffer(raw, kind, count, start + begin).reshape(shape)
            return numbers
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _broken(path, f"its tensor {name[:80]!r} cannot be read") from error
    raise _broken(path, f"its tensor {name[:80]!r} does not fit")


def _broken(path: Path, why: str) -> Refused:
    return Refused("not_safetensors", f"{path.name} is not a whole safetensors file: {why}")
