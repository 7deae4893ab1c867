"""Without a mark that the household asks of its indexers."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context


def required_flags(context: Context) -> Refusal | None:
    """Refuse a torrent that has none of the required flags, such as freeleech."""
    required = context.facts.policy.required_flags
    if (
        not required
        or context.offer.protocol is not Protocol.TORRENT
        or not required.isdisjoint(context.offer.flags)
    ):
        return None
    return refuse("required_flags.missing", flags=tuple(sorted(required)))
