"""Too few bytes for the runtime."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.size import height, limit, minutes

# Megabytes a minute, loose enough for x265; AV1 needs about a third less.
_FLOOR = ((2160, 12.0), (1080, 6.0), (720, 3.0), (0, 1.0))


def too_small(context: Context) -> Refusal | None:
    """Refuse below the profile's or our own floor for its quality, times the runtime."""
    size = context.offer.size_bytes
    if not size or context.offer.protocol is Protocol.LIBRARY:  # a measured film is no fake
        return None
    fewest, _ = minutes(context)
    own = limit(context)
    floor = own.least if own is not None and own.least is not None else _floor(context)
    least = round(floor * fewest * 1_000_000)
    if size >= least:
        return None
    if lines := context.release.resolution:
        return refuse("too_small.lines", size=size, minutes=fewest, lines=lines, least=least)
    return refuse("too_small.video", size=size, minutes=fewest, least=least)


def _floor(context: Context) -> float:
    rate = next(rate for lines, rate in _FLOOR if height(context) >= lines)
    return rate * 0.67 if context.release.video_codec == "av1" else rate
