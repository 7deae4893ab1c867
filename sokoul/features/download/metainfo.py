"""What a .torrent file or magnet link says, read with bounds: every byte of it is hostile."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from sokoul.domain.errors import Refused
from sokoul.domain.payload import PayloadFile

LARGEST: Final = 10 * 1024 * 1024
LONGEST_MAGNET: Final = 1024 * 1024
_KEPT_MAGNET: Final = 64 * 1024
_DEEPEST: Final = 50
_MOST_TOKENS: Final = 120_000
_MOST_FILES: Final = 10_000
_LONGEST_NUMBER: Final = 20

Node = int | bytes | list["Node"] | dict[bytes, "Node"]


@dataclass(frozen=True, slots=True)
class TorrentFile:
    """One file as the torrent names it; `path` is raw, '/' between components; pad files hold no content."""

    index: int
    path: str
    size_bytes: int
    offset: int
    pad: bool = False
    symlink: bool = False

    @property
    def payload(self) -> PayloadFile:
        """This file as the judge of payloads wants it."""
        return PayloadFile(self.path, self.size_bytes, symlink=self.symlink)


@dataclass(frozen=True, slots=True)
class Metainfo:
    """The info dictionary, understood; hashes are lower-case hexadecimal."""

    name: str
    piece_length: int
    files: tuple[TorrentFile, ...]
    info_hash_v1: str | None
    info_hash_v2: str | None
    private: bool = False

    @property
    def info_hash(self) -> str:
        """The hash that stands for this torrent: v1 where there is one."""
        return self.info_hash_v1 or self.info_hash_v2 or ""

    @property
    def total_bytes(self) -> int:
        """All files together, padding not counted."""
        return sum(file.size_bytes for file in self.files if not file.pad)

    @property
    def content(self) -> tuple[TorrentFile, ...]:
        """The files that are not padding."""
        return tuple(file for file in self.files if not file.pad)


@dataclass(frozen=True, slots=True)
class Magnet:
    """What a magnet link says about itself."""

    info_hash_v1: str | None
    info_hash_v2: str | None
    name: str | None

    @property
    def info_hash(self) -> str:
        """The hash that stands for the torrent: v1 where there is one."""
        return self.info_hash_v1 or self.info_hash_v2 or ""


def read_magnet(link: str) -> Magnet:
    """Understand a magnet link; Refused (`bad_magnet`) when it names no torrent."""
    if len(link) > LONGEST_MAGNET or not link.startswith("magnet:?"):
        raise Refused("bad_magnet", "this is not a magnet link")
    try:
        pairs = parse_qsl(urlsplit(link).query, max_num_fields=100_000)
    except ValueError as err:
        raise Refused("bad_magnet", "this is not a magnet link") from err
    topics = [value for key, value in pairs if re.fullmatch(r"xt(\.\d+)?", key)]
    v1 = next((found for topic in topics if (found := _v1(topic))), None)
    v2 = next((found for topic in topics if (found := _v2(topic))), None)
    if v1 is None and v2 is None:
        raise Refused("bad_magnet", "the magnet link names no torrent")
    name = next((value for key, value in pairs if key == "dn" and value), None)
    return Magnet(v1, v2, name[:500] if name else None)


def trimmed_magnet(link: str) -> str:
    """What a torrent needs of the link, at most 64 KiB: topics, name, the first trackers and seeds."""
    scheme, _, query = link.partition("?")
    kept: list[str] = []
    left = _KEPT_MAGNET
    parts = query.split("&")
    for wanted in ("xt", "dn", "tr", "ws"):
        for part in parts:
            key = part.partition("=")[0].partition(".")[0]
            if key == wanted and len(part) <= min(left, 4096):
                left -= len(part) + 1
                kept.append(part)
    return f"{scheme}?{'&'.join(kept)}"


def _v1(topic: str) -> str | None:
    text = topic.removeprefix("urn:btih:")
    if text == topic:
        return None
    if re.fullmatch(r"[0-9a-fA-F]{40}", text):
        return text.lower()
    if re.fullmatch(r"[A-Za-z2-7]{32}", text):
        try:
            return base64.b32decode(text.upper()).hex()
        except binascii.Error:
            return None
    return None


def _v2(topic: str) -> str | None:
    match = re.fullmatch(r"urn:btmh:1220([0-9a-fA-F]{64})", topic)
    return match.group(1).lower() if match else None


def read_torrent(data: bytes) -> Metainfo:
    """Understand a .torrent file; Refused (`bad_torrent`) when it is broken, too deep or too big."""
    if len(data) > LARGEST:
        raise Refused("too_big", "the .torrent file is larger than 10 MB")
    top = _Reader(data).whole()
    if not isinstance(top, dict) or not isinstance(top.get(b"info"), dict):
        raise _bad("it has no info dictionary")
    start, end = _span_of_info(data)
    return read_info(data[start:end])


def read_info(info: bytes) -> Metainfo:
    """Understand a raw info dictionary, as peers send it; Refused (`bad_torrent`) when it is broken."""
    tree = _Reader(info).whole()
    if not isinstance(tree, dict):
        raise _bad("its info is no dictionary")
    piece_length = tree.get(b"piece length")
    if not isinstance(piece_length, int) or not 0 < piece_length <= 1 << 29:
        raise _bad("its piece length is impossible")
    v1 = b"pieces" in tree
    v2 = tree.get(b"meta version") == 2
    if not v1 and not v2:
        raise _bad("it has no hashes")
    name = _text(tree.get(b"name.utf-8", tree.get(b"name")))
    files = _files(tree, name, v1=v1, v2=v2)
    return Metainfo(
        name=name,
        piece_length=piece_length,
        files=files,
        info_hash_v1=hashlib.sha1(info, usedforsecurity=False).hexdigest() if v1 else None,
        info_hash_v2=hashlib.sha256(info).hexdigest() if v2 else None,
        private=tree.get(b"private") == 1,
    )


def _files(info: Mapping[bytes, Node], name: str, *, v1: bool, v2: bool) -> tuple[TorrentFile, ...]:
    files = tuple(_v1_files(info, name)) if v1 else tuple(_v2_files(info, name))
    if v1 and v2:
        # Two lists would let one be judged and the other be written.
        twins = {(file.path, file.size_bytes) for file in _v2_files(info, name)}
        if twins != {(file.path, file.size_bytes) for file in files if not file.pad}:
            raise _bad("its two file lists differ")
    if not files:
        raise _bad("it has no files")
    return files


def _v1_files(info: Mapping[bytes, Node], name: str) -> Iterator[TorrentFile]:
    listed = info.get(b"files")
    if listed is None:
        yield TorrentFile(0, name, _size(info.get(b"length")), 0, symlink=_has(info, b"l"))
        return
    if not isinstance(listed, list) or len(listed) > _MOST_FILES:
        raise _bad("its file list is impossible")
    offset = 0
    for index, entry in enumerate(listed):
        if not isinstance(entry, dict):
            raise _bad("its file list is broken")
        size = _size(entry.get(b"length", 0))
        path = "/".join([name, *_components(entry)])
        symlink = _has(entry, b"l") or b"symlink path" in entry
        yield TorrentFile(index, path, size, offset, pad=_has(entry, b"p"), symlink=symlink)
        offset += size


def _components(entry: Mapping[bytes, Node]) -> Sequence[str]:
    parts = entry.get(b"path.utf-8", entry.get(b"path"))
    if not isinstance(parts, list) or not parts:
        raise _bad("a file has no name")
    return [_text(part) for part in parts]


def _v2_files(info: Mapping[bytes, Node], name: str) -> Iterator[TorrentFile]:
    tree = info.get(b"file tree")
    if not isinstance(tree, dict):
        raise _bad("it has no file tree")
    leaves = list(_leaves(tree, ()))
    if len(leaves) > _MOST_FILES:
        raise _bad("its file list is impossible")
    single = len(leaves) == 1 and leaves[0][0] == (name,)
    piece = info[b"piece length"]
    assert isinstance(piece, int)
    offset = 0
    for index, (path, leaf) in enumerate(leaves):
        size = _size(leaf.get(b"length", 0))
        text = name if single else "/".join([name, *path])
        symlink = _has(leaf, b"l") or b"symlink path" in leaf
        yield TorrentFile(index, text, size, offset, symlink=symlink)
        offset += -(-size // piece) * piece


def _leaves(
    tree: Mapping[bytes, Node], above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Mapping[bytes, Node]]]:
    for key, node in tree.items():
        if not isinstance(node, dict):
            raise _bad("its file tree is broken")
        if key == b"":
            yield above, node
        else:
            yield from _leaves(node, (*above, _text(key)))


def _size(node: Node | None) -> int:
    if not isinstance(node, int) or not 0 <= node < 1 << 50:
        raise _bad("a file has an impossible size")
    return node


def _has(entry: Mapping[bytes, Node], letter: bytes) -> bool:
    attributes = entry.get(b"attr")
    return isinstance(attributes, bytes) and letter in attributes


def _text(node: Node | None) -> str:
    if not isinstance(node, bytes):
        raise _bad("a name is missing")
    return node.decode("utf-8", "surrogateescape")


def _bad(what: str) -> Refused:
    return Refused("bad_torrent", f"this is not a usable torrent: {what}")


def _span_of_info(data: bytes) -> tuple[int, int]:
    reader = _Reader(data)
    reader.position = 1
    while data[reader.position : reader.position + 1] != b"e":
        key = reader.value(1)
        start = reader.position
        reader.value(1)
        if key == b"info":
            return start, reader.position
    raise _bad("it has no info dictionary")


class _Reader:
    """Bencode with a limit on depth, on the number of values and on every number's length."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.position = 0
        self._left = _MOST_TOKENS

    def whole(self) -> Node:
        """The one value in the data; what trails behind is ignored, as all clients do."""
        return self.value(0)

    def value(self, depth: int) -> Node:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise _bad("it is nested too deep or has too many parts")
        kind = self._data[self.position : self.position + 1]
        if kind == b"i":
            return self._number(self.position + 1, b"e")
        if kind == b"l":
            return self._list(depth)
        if kind == b"d":
            return self._dictionary(depth)
        if kind.isdigit():
            return self._string()
        raise _bad("it is not bencoded")

    def _list(self, depth: int) -> Node:
        self.position += 1
        items: list[Node] = []
        while not self._end():
            items.append(self.value(depth + 1))
        return items

    def _dictionary(self, depth: int) -> Node:
        self.position += 1
        entries: dict[bytes, Node] = {}
        while not self._end():
            if not self._data[self.position : self.position + 1].isdigit():
                raise _bad("a key is no string")
            key = self._string()
            if key in entries:
                raise _bad("a key stands twice")
            entries[key] = self.value(depth + 1)
        return entries

    def _end(self) -> bool:
        if self._data[self.position : self.position + 1] == b"e":
            self.position += 1
            return True
        return False

    def _string(self) -> bytes:
        length = self._number(self.position, b":")
        start = self.position
        self.position += length
        if length < 0 or self.position > len(self._data):
            raise _bad("it is cut short")
        return self._data[start : self.position]

    def _number(self, start: int, closing: bytes) -> int:
        end = self._data.find(closing, start, start + _LONGEST_NUMBER + 1)
        digits = self._data[start:end] if end >= 0 else b""
        if not re.fullmatch(rb"-?\d+", digits):
            raise _bad("a number is broken")
        self.position = end + 1
        return int(digits)
