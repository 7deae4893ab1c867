"""Magnet links as feeds carry them: checked, bounded, cut down to what a download needs."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from sokoul.providers.text import clean

_HEX: Final = re.compile(r"[0-9a-f]{40}")
_BASE32: Final = re.compile(r"[A-Z2-7]{32}")
_V2: Final = re.compile(r"urn:btmh:1220[0-9a-f]{64}")
_LONGEST_NAME: Final = 255
_LONGEST_TRACKER: Final = 512
_MOST_FIELDS: Final = 20_000
MOST_TRACKERS: Final = 50
LONGEST: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Magnet:
    """A link that can be handed on, and the version-1 info hash in hexadecimal when it has one."""

    link: str
    info_hash: str | None
    name: str | None


def info_hash(text: str | None) -> str | None:
    """40 lower-case hexadecimal digits from either spelling (hexadecimal or base 32), or None."""
    cleaned = (text or "").strip()
    if _HEX.fullmatch(cleaned.lower()):
        return cleaned.lower()
    if _BASE32.fullmatch(cleaned.upper()):
        try:
            return base64.b32decode(cleaned.upper()).hex()
        except binascii.Error:
            return None
    return None


def read(text: str | None) -> Magnet | None:
    """The magnet in `text`, or None where it is none or names no torrent."""
    if not text or len(text) > LONGEST or not text.lower().startswith("magnet:?"):
        return None
    if text.count("&") > _MOST_FIELDS:
        return None
    text = text.encode(errors="replace").decode()
    pairs = parse_qsl(text[len("magnet:?") :], errors="replace")
    topics = [value for key, value in pairs if key.lower() == "xt" or key.lower().startswith("xt.")]
    v1 = next((h for topic in topics if (h := _v1(topic))), None)
    v2 = next((t.lower() for topic in topics if _V2.fullmatch((t := topic).lower())), None)
    if v1 is None and v2 is None:
        return None
    name = next((value for key, value in pairs if key.lower() == "dn"), None)
    trackers = [value for key, value in pairs if key.lower() == "tr"]
    return Magnet(build(v1, v2=v2, name=name, trackers=trackers), v1, name)


def build(
    v1: str | None, *, v2: str | None = None, name: str | None = None, trackers: list[str] | None = None
) -> str:
    """A link from its parts; at most 50 trackers, each a plain udp or http(s) address."""
    parts = [f"xt=urn:btih:{v1}"] if v1 else []
    parts += [f"xt={v2}"] if v2 else []
    if name:
        parts.append("dn=" + quote(clean(name, _LONGEST_NAME), safe=""))
    known = dict.fromkeys(tracker for tracker in trackers or () if _is_tracker(tracker))
    parts += ["tr=" + quote(tracker, safe="") for tracker in list(known)[:MOST_TRACKERS]]
    return "magnet:?" + "&".join(parts)


def _v1(topic: str) -> str | None:
    head, _, digits = topic.rpartition(":")
    return info_hash(digits) if head.lower() == "urn:btih" else None


def _is_tracker(text: str) -> bool:
    if len(text) > _LONGEST_TRACKER or any(ord(c) < 33 for c in unquote(text)):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"udp", "http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
