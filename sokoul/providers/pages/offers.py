"""From an item of a page to an offer."""

from __future__ import annotations

import hashlib
import json
from typing import Final
from urllib.parse import urlsplit

from sokoul.domain.offer import Offer, Protocol
from sokoul.domain.pages import Captured, host_matches
from sokoul.outbound import OutboundGuard
from sokoul.providers.indexers import magnet
from sokoul.providers.pages import playlist, template, values
from sokoul.providers.pages.definition import Definition
from sokoul.providers.pages.reading import Item
from sokoul.providers.text import clean

_LONGEST_TITLE: Final = 255
_LONGEST_ADDRESS: Final = 8000
_PLAYLISTS: Final = (".m3u8",)
_OUTSIDE: Final = OutboundGuard()
# Item keys that no definition can name: a field has no space.
_HEADERS, _TYPE, _SIZE = "captured headers", "captured type", "captured size"


def captured_item(found: Captured) -> Item:
    """A captured request as an item with the fields `captured`, `height` and `languages`."""
    text = found.body or ""
    return {
        "captured": found.url,
        "height": playlist.height(text),
        "languages": playlist.languages(text),
        _HEADERS: json.dumps(found.headers),
        _TYPE: found.content_type,
        _SIZE: str(found.size or "") if found.body is None else "",
    }


def offer(definition: Definition, item: Item) -> Offer | None:
    """The offer, or None where the item leads nowhere."""
    shape = definition.offer
    captured = "captured" in item
    try:
        link = template.address(shape.link or "{captured}", item)
    except template.Missing:
        return None
    headers: tuple[tuple[str, str], ...] = ()
    if captured and link == item["captured"]:
        headers = tuple((name, value) for name, value in json.loads(item.get(_HEADERS) or "[]"))
    known = magnet.read(link)
    if known is None and not _is_address(link, definition.hosts):
        return None
    protocol = Protocol.TORRENT if known else _protocol(shape.protocol, link, item)
    size = values.size(template.words(shape.size, item) if shape.size else item.get(_SIZE, ""))
    if protocol is Protocol.TORRENT and shape.protocol != "torrent":
        size = None  # the definition speaks of files, and this one is only a torrent of them
    told_hash = template.words(shape.info_hash, item) if shape.info_hash else ""
    date = template.words(shape.date, item) if shape.date else ""
    return Offer(
        guid=hashlib.sha256(f"{definition.name} {link}".encode(errors="replace")).hexdigest()[:32],
        title=clean(template.words(shape.title, item), _LONGEST_TITLE) or definition.label,
        provider=definition.name,
        protocol=protocol,
        size_bytes=size,
        info_hash=(known.info_hash if known else magnet.info_hash(told_hash)),
        magnet_link=known.link if known else None,
        url=None if known else link,
        published_at=values.date(date) if date else None,
        headers=headers,
    )


def told(made: Offer) -> str:
    """The offer for whoever looks into a definition, headers included."""
    lines = [f"{made.title} [{made.protocol}] {made.magnet_link or made.url}"]
    if made.size_bytes:
        lines.append(f"{made.size_bytes / 1e6:.0f} MB")
    lines += [f"{name}: {value}" for name, value in made.headers]
    return "\n    ".join(lines)


def _protocol(configured: str, link: str, item: Item) -> Protocol:
    path = urlsplit(link).path.lower()
    if path.endswith(".torrent"):
        return Protocol.TORRENT
    return (
        Protocol.HLS
        if path.endswith(_PLAYLISTS) or "mpegurl" in item.get(_TYPE, "")
        else Protocol(configured)
    )


def _is_address(link: str, hosts: tuple[str, ...]) -> bool:
    """An address outside, or at a host of the definition's own: a page does not lead us into the house."""
    if len(link) > _LONGEST_ADDRESS or any(
        character.isspace() or not character.isprintable() for character in link
    ):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return False
    return host_matches(host, hosts) or _OUTSIDE.may_name(host, 0)
