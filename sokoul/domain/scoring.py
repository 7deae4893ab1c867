"""The points of an accepted offer, 0 to 100: each part has a ceiling, the ceilings add up to 100."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from sokoul.domain.offer import Protocol, Reason, reason
from sokoul.domain.profile_parts import formats, quality, screen
from sokoul.domain.rules import Context
from sokoul.domain.rules.language import speaks, spoken_in
from sokoul.domain.rules.size import limit, minutes

_SOURCES = {
    "bluray": 14, "webdl": 13, "hddvd": 12, "webrip": 11, "hdrip": 8, "tv": 8, "vod": 8, "dvd": 5, "ppv": 4,
    "vhs": 1,
}  # fmt: skip
_NAMED_SOURCES = frozenset({"bluray", "webdl", "webrip", "tv", "dvd"})
# Megabytes a minute that usually look right: from, to.
_USUAL = {2160: (40.0, 500.0), 1080: (13.0, 140.0), 720: (7.0, 70.0), 480: (3.0, 40.0)}
_MODERN_USUAL = 0.5
_CODEC_NAMES = {"hevc": "HEVC", "avc": "H.264", "av1": "AV1"}


@dataclass(frozen=True, slots=True)
class Part:
    """Something that gives points, and the most that it gives before all parts share the 100."""

    measure: Callable[[Context], Reason]
    most: int


def score(context: Context) -> tuple[int, tuple[Reason, ...]]:
    """Points and their reasons; they add up exactly, because the score is their sum."""
    profile = context.profile
    parts, shares = shared(bool(profile.steps), bool(profile.formats), profile.screen is not None)
    measured = (
        _shrunk(part.measure(context), part.most, share) for part, share in zip(parts, shares, strict=True)
    )
    reasons = tuple(each for each in measured if each.points)
    return sum(each.points for each in reasons), reasons


@cache
def shared(ladder: bool, formats: bool, screen: bool) -> tuple[tuple[Part, ...], tuple[int, ...]]:  # noqa: FBT001
    """The parts that count in a profile, and how the 100 points are shared among them in whole numbers."""
    parts = (
        *((LADDER,) if ladder else PICTURE),
        *((SCREEN,) if screen else ()),
        *((FORMATS,) if formats else ()),
        *OTHERS,
    )
    total = sum(part.most for part in parts)
    exact = [part.most * 100 / total for part in parts]
    whole = [int(each) for each in exact]
    by_rest = sorted(range(len(parts)), key=lambda place: whole[place] - exact[place])
    for place in by_rest[: 100 - sum(whole)]:
        whole[place] += 1
    return parts, tuple(whole)


def _shrunk(found: Reason, most: int, share: int) -> Reason:
    return found if share == most else replace(found, points=(2 * found.points * share + most) // (2 * most))


def resolution(context: Context) -> Reason:
    """Up to 30: full at the profile's target, a little less above it."""
    lines, target = context.release.resolution, context.profile.cutoff
    if lines is None:
        return reason(6, "resolution.silent")
    if lines == target:
        return reason(30, "resolution.preferred", lines=lines)
    if lines > target:
        return reason(27, "resolution.above", lines=lines, target=target)
    return reason(max(4, round(26 * lines / target)), "resolution.below", lines=lines, target=target)


def source(context: Context) -> Reason:
    """Up to 15: what the picture was taken from."""
    release = context.release
    if release.modifier == "remux":
        return reason(15, "source.remux")
    if release.source is None:
        return reason(4, "source.silent")
    points = _SOURCES.get(release.source, 1)
    if release.source in _NAMED_SOURCES:
        return reason(points, f"source.{release.source}")
    return reason(points, "source.other", source=release.source)


def size(context: Context) -> Reason:
    """Up to 15: whether the size is usual for the runtime."""
    stated = context.offer.size_bytes
    if not stated:
        return reason(5, "size.silent")
    own = limit(context)
    if own is not None and own.preferred:
        return _near(stated, own.preferred, context)
    low, high = _USUAL[next((lines for lines in _USUAL if (context.release.resolution or 480) >= lines), 480)]
    if context.release.video_codec in ("hevc", "av1"):
        low *= _MODERN_USUAL
    fewest, most = minutes(context)
    megabytes = stated / 1e6
    if megabytes < low * fewest:
        return reason(7, "size.small", size=stated, minutes=fewest)
    if megabytes > high * most:
        return reason(9, "size.large", size=stated, minutes=most)
    return reason(15, "size.usual", size=stated)


def _near(stated: int, preferred: float, context: Context) -> Reason:
    """Full within a fifth of what the profile prefers, falling to 5 at half or twice of it."""
    fewest, most = minutes(context)
    wish = preferred * 1_000_000
    away = max(wish * fewest / stated, stated / (wish * most), 1.0)
    points = max(5, min(15, round(15 - 10 * (away - 1.2) / 0.8)))
    return reason(
        points, "size.preferred" if points > 10 else "size.off", size=stated, preferred=round(wish * most)
    )


def seeders(context: Context) -> Reason:
    """Up to 15, by the number of digits: 1,000 seeders are enough for anything."""
    if context.offer.protocol is not Protocol.TORRENT:
        return reason(15, "seeders.free")
    if context.offer.debrid:
        services = tuple(one.service.called for one in context.offer.debrid)
        return reason(15, "seeders.debrid", services=services)
    count = context.offer.seeders
    if count is None:
        return reason(4, "seeders.silent")
    return reason(min(15, round(5 * math.log10(max(0, count) + 1))), "seeders.count", count=count)


def language(context: Context) -> Reason:
    """Up to 10: the first language of the household, else the original one."""
    release, wished = context.release, context.profile.languages
    original = context.wanted.work.original_language
    if release.multi:
        return reason(10, "language.several")
    spoken = spoken_in(release, original)
    place = next((n for n, wish in enumerate(wished) if speaks(wish, spoken, original)), None)
    points = 8 if place is None else max(7, 10 - place)
    if not release.languages:
        return reason(points, "language.silent")
    if place is not None and wished[place] in spoken:
        return reason(points, "language.speaks", spoken=(wished[place],))
    if place is not None or original is None or original in spoken:
        return reason(points, "language.speaks", spoken=spoken)
    return reason(4, "language.foreign", spoken=spoken, original=original)


def group(context: Context) -> Reason:
    """Up to 5: somebody signed it."""
    if context.release.group is None:
        return reason(1, "group.silent")
    return reason(4, "group.named", group=context.release.group)


def codec(context: Context) -> Reason:
    """Up to 4: the preferred codecs first."""
    used, wished = context.release.video_codec, context.profile.prefer_codecs
    if used is None:
        return reason(1, "codec.silent")
    name = _CODEC_NAMES.get(used, used)
    if used in wished or (not wished and used in _CODEC_NAMES):
        return reason(4, "codec.preferred" if wished else "codec.used", codec=name)
    return reason(2 if used in _CODEC_NAMES else 1, "codec.used", codec=name)


def sound(context: Context) -> Reason:
    """Up to 3: lossless or surround sound, or a wide range of light."""
    release = context.release
    lossless = (release.audio or "") in ("truehd", "dts-hd", "flac", "pcm", "atmos")
    surround = (release.audio or "") in ("eac3", "dts", "ac3")
    points = (2 if lossless else 1 if surround else 0) + (1 if release.hdr else 0)
    words = [*([release.audio] if points - bool(release.hdr) and release.audio else []), *release.hdr]
    return (
        reason(points, "sound.formats", formats=" ".join(words)) if words else reason(points, "sound.plain")
    )


def proper(context: Context) -> Reason:
    """3 for a corrected release."""
    return reason(3 if context.release.proper else 0, "proper.corrected")


PICTURE = (Part(resolution, 30), Part(source, 15))
LADDER, SCREEN, FORMATS = Part(quality, 45), Part(screen, 60), Part(formats, 30)
OTHERS = (
    Part(size, 15),
    Part(seeders, 15),
    Part(language, 10),
    Part(group, 5),
    Part(codec, 4),
    Part(sound, 3),
    Part(proper, 3),
)
