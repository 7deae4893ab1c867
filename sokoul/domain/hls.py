"""HLS playlists of strangers: read with bounds, and written anew with every address replaced."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urljoin, urlsplit

from sokoul.domain.errors import Refused

LARGEST: Final = 2 * 1024 * 1024
MOST_LINES: Final = 20_000
DEEPEST: Final = 3
FIRST: Final = "#EXTM3U"

# An address in its place in the new playlist; None drops what carries it.
Address = Callable[[str], "str | None"]

_URI: Final = re.compile(r'(?<![A-Z-])URI="([^"]*)"')
_SIZE: Final = re.compile(r"(?<![A-Z-])RESOLUTION=(\d{1,5})x(\d{1,5})")
# Tags whose attribute URI is an address that players fetch.
_WITH_URI: Final = frozenset(
    {
        "#EXT-X-KEY", "#EXT-X-SESSION-KEY", "#EXT-X-MAP", "#EXT-X-MEDIA", "#EXT-X-I-FRAME-STREAM-INF",
        "#EXT-X-PART", "#EXT-X-PRELOAD-HINT", "#EXT-X-RENDITION-REPORT", "#EXT-X-IMAGE-STREAM-INF",
    }
)  # fmt: skip
# Tags that carry no address; one that does all the same is left out, and so is any tag that is not here.
_WITHOUT_URI: Final = frozenset(
    {
        FIRST, "#EXT-X-VERSION", "#EXTINF", "#EXT-X-BYTERANGE", "#EXT-X-DISCONTINUITY", "#EXT-X-GAP",
        "#EXT-X-BITRATE", "#EXT-X-PROGRAM-DATE-TIME", "#EXT-X-TARGETDURATION", "#EXT-X-MEDIA-SEQUENCE",
        "#EXT-X-DISCONTINUITY-SEQUENCE", "#EXT-X-ENDLIST", "#EXT-X-PLAYLIST-TYPE", "#EXT-X-I-FRAMES-ONLY",
        "#EXT-X-PART-INF", "#EXT-X-SERVER-CONTROL", "#EXT-X-SKIP", "#EXT-X-STREAM-INF",
        "#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-START", "#EXT-X-ALLOW-CACHE",
    }
)  # fmt: skip
# Tags that belong to the address in the next line.
_OF_NEXT: Final = frozenset({"#EXTINF", "#EXT-X-BYTERANGE", "#EXT-X-STREAM-INF", "#EXT-X-GAP"})


def is_playlist(head: bytes) -> bool:
    """Whether bytes begin as every HLS playlist does."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[: len(FIRST)] == FIRST.encode()


def lines_of(body: bytes) -> list[str]:
    """The lines of a playlist; raises Refused for what is none, or too much of one."""
    if len(body) > LARGEST:
        raise Refused("playlist_too_big", f"the playlist is larger than {LARGEST // 1024 // 1024} MiB")
    lines = body.decode("utf-8-sig", "replace").lstrip().splitlines()
    if len(lines) > MOST_LINES:
        raise Refused("playlist_too_big", f"the playlist has more than {MOST_LINES} lines")
    if not lines or tag_of(lines[0]) != FIRST:
        raise Refused("no_playlist", "this is not a playlist")
    return lines


def rewritten(body: bytes, base: str, address: Address) -> str:
    """The playlist with every address replaced by what `address` makes of its absolute form.

    Only http and https addresses are kept; raises Refused for what is no playlist.
    """
    kept: list[str] = []
    waiting = 0  # lines at the end of `kept` that belong to the next address
    for line in map(str.strip, lines_of(body)):
        if not line:
            continue
        if not line.startswith("#"):
            replaced = _replaced(line, base, address)
            if replaced is None:
                del kept[len(kept) - waiting :]
            else:
                kept.append(replaced)
            waiting = 0
        elif (new := _tag(line, base, address)) is not None:
            kept.append(new)
            waiting = waiting + 1 if tag_of(line) in _OF_NEXT else 0
    return "\n".join([*kept, ""])


def largest(body: bytes) -> tuple[int, int] | None:
    """Width and height of the best picture that a master playlist states; raises Refused for what is none."""
    told = [line for line in lines_of(body) if tag_of(line) == "#EXT-X-STREAM-INF"]
    sizes = [(int(size[1]), int(size[2])) for line in told if (size := _SIZE.search(line))]
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


def tag_of(line: str) -> str:
    """The name of a tag, before its colon."""
    return line.partition(":")[0].strip()


def absolute(uri: str, base: str) -> str | None:
    """The address that a playlist at `base` means, or None for one that nobody should follow."""
    if "{$" in uri or re.search(r"[\x00-\x20\x7f\\]", uri):
        return None
    try:
        joined = urljoin(base, uri)
        parts = urlsplit(joined)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            return None
        parts.port  # noqa: B018 - raises ValueError where it is none
    except ValueError:
        return None
    return joined


def _replaced(uri: str, base: str, address: Address) -> str | None:
    found = absolute(uri, base)
    return None if found is None or found == base else address(found)


def _tag(line: str, base: str, address: Address) -> str | None:
    name = tag_of(line)
    if name in _WITHOUT_URI:
        return None if "://" in line or "URI=" in line else line
    if name not in _WITH_URI:
        return None
    found = _URI.search(line)
    if found is None:
        return None if "://" in line else line
    new = _replaced(found[1], base, address)
    if new is None:
        return None
    changed = f'{line[: found.start()]}URI="{new}"{line[found.end() :]}'
    rest = line[: found.start()] + line[found.end() :]
    return None if "://" in rest or "URI=" in rest else changed
