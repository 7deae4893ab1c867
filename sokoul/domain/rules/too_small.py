"""Too few bytes for the runtime."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.size import height, minutes

# Megabytes a minute, loose enough for x265; AV1 needs about a third less.
_FLOOR = ((2160, 12.0), (1080, 6.0), (720, 3.0), (0, 1.0))


def too_small(context: Context) -> Refusal | None:
    """Refuse below the floor of its resolution times the runtime."""
    size = context.offer.size_bytes
    if not size or context.offer.protocol is Protocol.LIBRARY:  # a measured film is no fake
        return None
    fewest, _ = minutes(context)
    floor = next(rate for lines, rate in _FLOOR if height(context) >= lines)
    if context.release.video_codec == "av1":
        floor *= 0.67
    if size >= floor * fewest * 1_000_000:
        return None
    stated = f"{context.release.resolution}p" if context.release.resolution else "video"
    return Refusal(
        "too_small",
        f"{size / 1e6:.0f} MB for {fewest} minutes of {stated}; {floor * fewest:.0f} MB is the least",
    )
