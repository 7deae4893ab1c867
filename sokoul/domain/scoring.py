"""The points of an accepted offer, 0 to 100: each part has a ceiling, the ceilings add up to 100."""

from __future__ import annotations

import math
from collections.abc import Callable

from sokoul.domain.offer import Protocol, Reason
from sokoul.domain.rules import Context
from sokoul.domain.rules.size import minutes

_SOURCES = {
    "bluray": 14, "webdl": 13, "hddvd": 12, "webrip": 11, "hdrip": 8, "tv": 8, "vod": 8, "dvd": 5, "ppv": 4,
    "vhs": 1,
}  # fmt: skip
_SOURCE_NAMES = {
    "bluray": "Blu-ray",
    "webdl": "web download",
    "webrip": "web rip",
    "tv": "television",
    "dvd": "DVD",
}
# Megabytes a minute that usually look right: from, to.
_USUAL = {2160: (40.0, 500.0), 1080: (13.0, 140.0), 720: (7.0, 70.0), 480: (3.0, 40.0)}
_MODERN_USUAL = 0.5
_CODEC_NAMES = {"hevc": "HEVC", "avc": "H.264", "av1": "AV1"}


def score(context: Context) -> tuple[int, tuple[Reason, ...]]:
    """Points and their reasons; they add up exactly, because the score is their sum."""
    reasons = tuple(reason for part in PARTS if (reason := part(context)).points)
    return sum(reason.points for reason in reasons), reasons


def resolution(context: Context) -> Reason:
    """Up to 30: full at the profile's target, a little less above it."""
    lines, target = context.release.resolution, context.profile.cutoff
    if lines is None:
        return Reason(6, "no resolution stated", "resolution")
    if lines == target:
        return Reason(30, f"{lines}p, as preferred", "resolution")
    if lines > target:
        return Reason(27, f"{lines}p, more than the preferred {target}p", "resolution")
    return Reason(
        max(4, round(26 * lines / target)), f"{lines}p, less than the preferred {target}p", "resolution"
    )


def source(context: Context) -> Reason:
    """Up to 15: what the picture was taken from."""
    release = context.release
    if release.modifier == "remux":
        return Reason(15, "untouched disc picture", "source")
    if release.source is None:
        return Reason(4, "no source stated", "source")
    return Reason(
        _SOURCES.get(release.source, 1), _SOURCE_NAMES.get(release.source, release.source), "source"
    )


def size(context: Context) -> Reason:
    """Up to 15: whether the size is usual for the runtime."""
    stated = context.offer.size_bytes
    if not stated:
        return Reason(5, "size unknown", "size")
    low, high = _USUAL[next((lines for lines in _USUAL if (context.release.resolution or 480) >= lines), 480)]
    if context.release.video_codec in ("hevc", "av1"):
        low *= _MODERN_USUAL
    fewest, most = minutes(context)
    megabytes = stated / 1e6
    if megabytes < low * fewest:
        return Reason(7, f"{megabytes:.0f} MB, small for {fewest} minutes", "size")
    if megabytes > high * most:
        return Reason(9, f"{megabytes / 1000:.1f} GB, large for {most} minutes", "size")
    return Reason(15, f"{megabytes / 1000:.1f} GB, usual for its length", "size")


def seeders(context: Context) -> Reason:
    """Up to 15, by the number of digits: 1,000 seeders are enough for anything."""
    if context.offer.protocol is not Protocol.TORRENT:
        return Reason(15, "available without a swarm", "seeders")
    count = context.offer.seeders
    if count is None:
        return Reason(4, "seeders unknown", "seeders")
    return Reason(min(15, round(5 * math.log10(max(0, count) + 1))), f"{count} seeders", "seeders")


def language(context: Context) -> Reason:
    """Up to 10: the first language of the household, else the original one."""
    spoken, wished = context.release.languages, context.profile.languages
    if context.release.multi:
        return Reason(10, "several languages", "language")
    if not spoken:
        return Reason(8, "original language, as far as the name tells", "language")
    for place, wish in enumerate(wished):
        if wish in spoken:
            return Reason(max(7, 10 - place), f"speaks {wish}", "language")
    original = context.wanted.work.original_language
    if original is None or original in spoken:
        return Reason(8, f"speaks {', '.join(spoken)}", "language")
    return Reason(4, f"speaks {', '.join(spoken)}, the original is {original}", "language")


def group(context: Context) -> Reason:
    """Up to 5: somebody signed it."""
    if context.release.group is None:
        return Reason(1, "no group named", "group")
    return Reason(4, f"released by {context.release.group}", "group")


def codec(context: Context) -> Reason:
    """Up to 4: the preferred codecs first."""
    used, wished = context.release.video_codec, context.profile.prefer_codecs
    if used is None:
        return Reason(1, "no codec stated", "codec")
    name = _CODEC_NAMES.get(used, used)
    if used in wished or (not wished and used in _CODEC_NAMES):
        return Reason(4, f"{name}, as preferred" if wished else name, "codec")
    return Reason(2 if used in _CODEC_NAMES else 1, name, "codec")


def sound(context: Context) -> Reason:
    """Up to 3: lossless or surround sound, or a wide range of light."""
    release = context.release
    lossless = (release.audio or "") in ("truehd", "dts-hd", "flac", "pcm", "atmos")
    surround = (release.audio or "") in ("eac3", "dts", "ac3")
    points = (2 if lossless else 1 if surround else 0) + (1 if release.hdr else 0)
    words = [*([release.audio] if points - bool(release.hdr) and release.audio else []), *release.hdr]
    return Reason(points, " ".join(words) or "plain sound", "sound")


def proper(context: Context) -> Reason:
    """3 for a corrected release."""
    return Reason(3 if context.release.proper else 0, "corrected release", "proper")


PARTS: tuple[Callable[[Context], Reason], ...] = (
    resolution,
    source,
    size,
    seeders,
    language,
    group,
    codec,
    sound,
    proper,
)
