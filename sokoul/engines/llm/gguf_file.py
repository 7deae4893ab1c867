"""Read what a GGUF file says of itself, without loading it and without believing its counts."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from sokoul.domain.errors import Refused

MAGIC: Final = b"GGUF"
VERSIONS: Final = (2, 3)
LONGEST_HEAD: Final = 64 * 1024 * 1024
MOST_ENTRIES: Final = 10_000
LONGEST_TEXT: Final = 1024 * 1024
_NUMBERS: Final = {
    0: "B",
    1: "b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
_TEXT, _LIST = 8, 9
# Those that people meet; others are told by number.
_TENSOR_KINDS: Final = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 10: "Q2_K", 11: "Q3_K",
    12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 20: "IQ4_NL", 23: "IQ4_XS", 30: "BF16",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GgufFacts:
    """What the head tells; `quantisation` is the kind most tensors with rows are in."""

    architecture: str
    name: str
    dimensions: int
    context: int
    layers: int
    pooled: bool
    quantisation: str
    tensors: int
    tokenizer: str
    pieces: int
    size_bytes: int
    values: Mapping[str, Any] = field(repr=False, default_factory=dict)


def read(path: Path) -> GgufFacts:
    """Raises `Refused` where it is no whole GGUF that llama.cpp could load."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            return _Head(path, file, size).facts()
    except FileNotFoundError as error:
        raise Refused("missing", f"there is no file {path}") from error
    except OSError as error:
        raise Refused("unreadable", f"{path} cannot be read: {error.strerror}") from error


class _Head:
    """A reader that counts what it has read."""

    def __init__(self, path: Path, file: BinaryIO, size: int) -> None:
        self._path, self._file, self._size = path, file, size
        self._limit = min(size, LONGEST_HEAD)

    def facts(self) -> GgufFacts:
        if self._take(4) != MAGIC:
            raise self._broken("not_gguf", "it does not begin like a GGUF")
        version = self._number("<I")
        if version not in VERSIONS:
            raise self._broken("gguf_version", f"its version is {version}, and only 2 and 3 can be read")
        tensors, entries = self._number("<Q"), self._number("<Q")
        if not 0 < tensors <= MOST_ENTRIES or entries > MOST_ENTRIES:
            raise self._broken("not_gguf", f"it claims {tensors} tensors and {entries} values")
        values = {self._text(): self._value(self._number("<I")) for _ in range(entries)}
        kinds, end = self._tensors(tensors)
        start = self._file.tell()
        unit = values.get("general.alignment", 32)
        unit = unit if isinstance(unit, int) and 0 < unit <= 65536 else 32
        if -(-start // unit) * unit + end > self._size:
            raise self._broken("cut_off", "its end is missing: copy or fetch it again")
        return self._told(values, tensors, kinds)

    def _told(self, values: Mapping[str, Any], tensors: int, kinds: Counter[int]) -> GgufFacts:
        architecture = str(values.get("general.architecture", "unknown"))[:64]
        kind = kinds.most_common(1)[0][0] if kinds else 0

        def number(key: str) -> int:
            found = values.get(f"{architecture}.{key}")
            return found if isinstance(found, int) else 0

        return GgufFacts(
            architecture,
            str(values.get("general.name", ""))[:200],
            number("embedding_length"),
            number("context_length"),
            number("block_count"),
            number("pooling_type") > 0,
            _TENSOR_KINDS.get(kind, f"kind {kind}"),
            tensors,
            str(values.get("tokenizer.ggml.model", ""))[:64],
            number_of(values.get("tokenizer.ggml.tokens")),
            self._size,
            values,
        )

    def _tensors(self, count: int) -> tuple[Counter[int], int]:
        """How many tensors of two or more dimensions are of which kind, and where the last one begins."""
        kinds: Counter[int] = Counter()
        last = 0
        for _ in range(count):
            self._text()
            dimensions = self._number("<I")
            if dimensions > 8:
                raise self._broken("not_gguf", f"it has a tensor of {dimensions} dimensions")
            for _ in range(dimensions):
                self._number("<Q")
            kind, offset = self._number("<I"), self._number("<Q")
            last = max(last, offset + 1)
            if dimensions > 1:
                kinds[kind] += 1
        return kinds, last

    def _value(self, kind: int) -> Any:
        if kind == _TEXT:
            return self._text()
        if kind == _LIST:
            return self._list()
        return self._number(self._form(kind))

    def _list(self) -> Length:
        """Only how long it is: vocabularies are of no interest here."""
        kind, count = self._number("<I"), self._number("<Q")
        if count > self._limit:
            raise self._broken("cut_off", f"its head is not whole ({count} values): copy or fetch it again")
        if kind == _LIST:
            raise self._broken("not_gguf", "it has a list of lists")
        if kind == _TEXT:
            for _ in range(count):
                self._text()
        else:
            self._take(count * struct.calcsize(self._form(kind)))
        return Length(count)

    def _form(self, kind: int) -> str:
        if kind not in _NUMBERS:
            raise self._broken("not_gguf", f"it has a value of the unknown kind {kind}")
        return _NUMBERS[kind]

    def _number(self, form: str) -> Any:
        return struct.unpack(form, self._take(struct.calcsize(form)))[0]

    def _text(self) -> str:
        length = self._number("<Q")
        if length > LONGEST_TEXT:
            raise self._broken("not_gguf", f"it has a text of {length} bytes")
        return self._take(length).decode("utf-8", "replace")

    def _take(self, count: int) -> bytes:
        if self._file.tell() + count > self._limit:
            raise self._broken("cut_off", "its head is not whole: copy or fetch it again")
        return self._file.read(count)

    def _broken(self, code: str, why: str) -> Refused:
        return Refused(code, f"{self._path.name} cannot be used as a model: {why}")


class Length(int):
    """How many values a list had."""


def number_of(value: object) -> int:
    """The length of a list that was skipped; 0 where there was none."""
    return int(value) if isinstance(value, Length) else 0
