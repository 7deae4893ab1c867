"""Too many bytes for the runtime."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.size import height, minutes

# Megabytes a minute: a little above what discs of that resolution can carry.
_CEILING = ((2160, 1200.0), (1080, 450.0), (720, 200.0), (0, 130.0))


def too_big(context: Context) -> Refusal | None:
    """Refuse above the ceiling of its resolution times the runtime; without a resolution nothing is known."""
    size = context.offer.size_bytes
    if not size or context.offer.protocol is Protocol.LIBRARY:  # a measured film is no fake
        return None
    _, most = minutes(context)
    lines = height(context) if context.release.resolution else 2160
    ceiling = next(rate for floor, rate in _CEILING if lines >= floor)
    limit = round(ceiling * most * 1_000_000)
    return None if size <= limit else refuse("too_big.runtime", size=size, minutes=most, most=limit)
