"""Too many bytes for the runtime."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.size import height, limit, minutes

# Megabytes a minute: a little above what discs of that resolution can carry.
_CEILING = ((2160, 1200.0), (1080, 450.0), (720, 200.0), (0, 130.0))


def too_big(context: Context) -> Refusal | None:
    """Refuse above the profile's or our own ceiling; without a resolution nothing is known."""
    size = context.offer.size_bytes
    if not size or context.offer.protocol is Protocol.LIBRARY:  # a measured film is no fake
        return None
    _, most = minutes(context)
    own = limit(context)
    ceiling = own.most if own is not None and own.most is not None else _ceiling(context)
    bytes_most = round(ceiling * most * 1_000_000)
    return None if size <= bytes_most else refuse("too_big.runtime", size=size, minutes=most, most=bytes_most)


def _ceiling(context: Context) -> float:
    lines = height(context) if context.release.resolution else 2160
    return next(rate for floor, rate in _CEILING if lines >= floor)
