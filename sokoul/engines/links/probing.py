"""What an address gives before a byte of it is kept: its name, size, version, and whether it takes ranges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from sokoul.domain import hls
from sokoul.domain.errors import Refused
from sokoul.domain.payload import is_video
from sokoul.remote import Answer, Place, Remote, refused_by_status

_HEAD: Final = 1024
_SUFFIXES: Final = {
    "video/mp4": ".mp4", "video/x-matroska": ".mkv", "video/webm": ".webm", "video/mp2t": ".ts",
    "video/quicktime": ".mov", "video/x-msvideo": ".avi", "video/mpeg": ".mpg", "video/ogg": ".ogv",
    "video/x-m4v": ".m4v", "video/x-flv": ".flv",
}  # fmt: skip
_UNSAFE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f/\\\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)
_LONGEST: Final = 200
_TORRENTS: Final = frozenset({"application/x-bittorrent", "application/x-torrent"})


@dataclass(frozen=True, slots=True)
class Probed:
    """A file at an address; `tag` tells this version of it from others."""

    name: str
    size: int
    ranges: bool
    tag: str | None


async def probe(remote: Remote, place: Place, name: str = "") -> Probed:
    """Look at the first bytes; raises Refused for what can't be kept, NotFound, ProviderUnavailable."""
    async with remote.open(place, extra={"Range": f"bytes=0-{_HEAD - 1}"}) as answer:
        if (refusal := refused_by_status(answer.status)) is not None:
            raise refusal
        head = await answer.reply.content.read(_HEAD) if answer.status in {200, 206} else b""
        _judge(answer, head)
        told = answer.stretch()
        if told is None or told.total == 0:
            raise Refused("no_length", "the server does not say how long the file is: a cut would go unseen")
        if name and not is_video(name):
            name = ""
        return Probed(safe(name) or _name(answer), told.total, answer.status == 206, told.tag)


def _judge(answer: Answer, head: bytes) -> None:
    if answer.kind in _TORRENTS or re.match(rb"d\d{1,2}:(announce|created|creation|info|comment)", head):
        raise Refused("torrent_file", "the address gives a torrent file")
    if hls.is_playlist(head):
        raise Refused("playlist", "the address gives a playlist, not a file")
    if answer.kind in {"text/html", "application/xhtml+xml"} or head.lstrip()[:1] == b"<":
        raise Refused("page", "the address gives a web page, not a file")


def _name(answer: Answer) -> str:
    told = _told_name(answer.reply.headers.get("Content-Disposition", ""))
    named = safe(told or PurePosixPath(unquote(urlsplit(answer.place.url).path)).name) or "download"
    if is_video(named):
        return named
    suffix = _SUFFIXES.get(answer.kind, "")
    return f"{named}{suffix}" if suffix else named


def _told_name(header: str) -> str:
    extended = re.search(r"filename\*\s*=\s*UTF-8''([^;\s]+)", header, re.IGNORECASE)
    if extended:
        return unquote(extended[1])
    plain = re.search(r'filename\s*=\s*(?:"([^"]*)"|([^;\s]+))', header, re.IGNORECASE)
    return (plain[1] or plain[2] or "") if plain else ""


def safe(name: str) -> str:
    """One component of a path: without signs that lead elsewhere, and not too long for a disk."""
    text = " ".join(_UNSAFE.sub(" ", name).split()).strip(". ")
    if len(text.encode()) <= _LONGEST:
        return text
    stem, suffix = PurePosixPath(text).stem, PurePosixPath(text).suffix[:16]
    return stem.encode()[: _LONGEST - len(suffix.encode())].decode("utf-8", "ignore").rstrip() + suffix


def safe_path(path: str) -> str:
    """The same for every component; what is left of `..` is nothing."""
    return "/".join(part for part in map(safe, path.split("/")) if part) or "download"


def apart(paths: Sequence[str]) -> list[str]:
    """The same paths, none twice, and none where another one has a folder."""
    taken: set[str] = set()  # files and folders
    files: set[str] = set()
    kept: list[str] = []
    for place, path in enumerate(paths):
        folders = {str(parent).casefold() for parent in PurePosixPath(path).parents} - {"."}
        if path.casefold() in taken or folders & files:
            path, folders = f"{place}-{path.replace('/', '-')}", set()
        files.add(path.casefold())
        taken |= {path.casefold(), *folders}
        kept.append(path)
    return kept
