"""DIDL-Lite: the catalogue in the words of a television."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from sokoul.features.library.catalogue import Branch, Leaf, Node

_OPEN = (
    '<DIDL-Lite xmlns="urn:schemas-upnp-org:metadata-1-0/DIDL-Lite/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:upnp="urn:schemas-upnp-org:metadata-1-0/upnp/" '
    'xmlns:dlna="urn:schemas-dlna-org:metadata-1-0/">'
)
_CLOSE = "</DIDL-Lite>"

# Seek by bytes, original content, and the flags of a file that is streamed: DLNA 1.5, stalling, background,
# streaming. No profile name (PN): a wrong one is worse than none.
FILE_FEATURES = "DLNA.ORG_OP=01;DLNA.ORG_CI=0;DLNA.ORG_FLAGS=01700000000000000000000000000000"

MIME_TYPES = {
    "matroska": "video/x-matroska",
    "mkv": "video/x-matroska",
    "webm": "video/webm",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "avi": "video/avi",
    "mpegts": "video/mpeg",
    "ts": "video/mpeg",
    "m2ts": "video/vnd.dlna.mpeg-tts",
    "mpeg": "video/mpeg",
    "mpg": "video/mpeg",
    "flv": "video/x-flv",
    "asf": "video/x-ms-wmv",
    "wmv": "video/x-ms-wmv",
    "ogg": "video/ogg",
}


def mime_type(item: Leaf) -> str:
    """The type by the file's own ending where we know it, else by what was probed."""
    ending = item.path.suffix.lstrip(".").lower()
    return MIME_TYPES.get(ending) or MIME_TYPES.get(item.container or "", "video/mpeg")


def protocol_info(item: Leaf) -> str:
    """Third and fourth field together say how it may be fetched."""
    return f"http-get:*:{mime_type(item)}:{FILE_FEATURES}"


def source_protocols() -> str:
    """Every type we serve, for GetProtocolInfo."""
    return ",".join(f"http-get:*:{mime}:{FILE_FEATURES}" for mime in sorted(set(MIME_TYPES.values())))


def document(entries: Iterable[Node], base: str) -> str:
    """A whole DIDL-Lite document; `base` is the address that this very television reached us at."""
    return _OPEN + "".join(_entry(entry, base) for entry in entries) + _CLOSE


def _entry(entry: Node, base: str) -> str:
    return _container(entry) if isinstance(entry, Branch) else _item(entry, base)


def _container(entry: Branch) -> str:
    count = "" if entry.child_count is None else f' childCount="{entry.child_count}"'
    return (
        f'<container id={_attribute(entry.id)} parentID={_attribute(entry.parent_id)} restricted="1" '
        f'searchable="1"{count}><dc:title>{_text(entry.title)}</dc:title>'
        f"<upnp:class>object.container.storageFolder</upnp:class></container>"
    )


def _item(entry: Leaf, base: str) -> str:
    kind = "object.item.videoItem" if entry.episode else "object.item.videoItem.movie"
    parts = [
        f'<item id={_attribute(entry.id)} parentID={_attribute(entry.parent_id)} restricted="1">',
        f"<dc:title>{_text(entry.title)}</dc:title>",
    ]
    if entry.date:
        parts.append(f"<dc:date>{_text(entry.date)}</dc:date>")
    parts += [f"<upnp:genre>{_text(genre)}</upnp:genre>" for genre in entry.genres]
    if entry.description:
        parts.append(f"<dc:description>{_text(entry.description)}</dc:description>")
    if entry.poster:
        parts.append(f"<upnp:albumArtURI>{base}/dlna/posters/{entry.file_id}</upnp:albumArtURI>")
    parts += [f"<upnp:class>{kind}</upnp:class>", _resource(entry, base), "</item>"]
    return "".join(parts)


def _resource(entry: Leaf, base: str) -> str:
    facts = [f'size="{entry.size_bytes}"']
    if entry.duration:
        facts.append(f'duration="{clock(entry.duration)}"')
    if entry.bit_rate:
        facts.append(f'bitrate="{entry.bit_rate // 8}"')  # bytes per second, by the standard
    if entry.width and entry.height:
        facts.append(f'resolution="{entry.width}x{entry.height}"')
    if entry.audio_channels:
        facts.append(f'nrAudioChannels="{entry.audio_channels}"')
    ending = entry.path.suffix or ".bin"
    return (
        f"<res protocolInfo={_attribute(protocol_info(entry))} {' '.join(facts)}>"
        f"{base}/dlna/files/{entry.file_id}{escape(ending)}</res>"
    )


def clock(seconds: float) -> str:
    """Seconds as H:MM:SS.mmm."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}.{thousandths:03}"


def _text(value: str) -> str:
    return escape(_legal(value))


def _attribute(value: str) -> str:
    return quoteattr(_legal(value))


def _legal(value: str) -> str:
    """Without the characters that XML cannot carry at all."""
    return "".join(
        c
        for c in value
        if c in "\t\n\r" or (" " <= c < "\ud800") or ("\ue000" <= c < "\ufffe") or c > "\uffff"
    )
