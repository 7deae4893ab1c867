"""No room on the disk."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, for_now
from sokoul.domain.rules.context import Context


def free_space(context: Context) -> Refusal | None:
    """Refuse what would leave less free than the household keeps."""
    size, free = context.offer.size_bytes, context.facts.free_bytes
    if size is None or free is None or context.offer.protocol is Protocol.LIBRARY:
        return None
    room = max(0, free - context.facts.policy.keep_free_bytes)
    return None if size <= room else for_now("free_space.short", size=size, room=room)
