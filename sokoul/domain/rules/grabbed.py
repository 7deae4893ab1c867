"""Fetched a moment ago."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.standing import standing


def grabbed(context: Context) -> Refusal | None:
    """Refuse the same or less within twelve hours of fetching it."""
    facts = context.facts
    if facts.now is None or context.offer.protocol is Protocol.LIBRARY:
        return None
    new = (standing(context.release, context.profile), context.release.version)
    for fetch in facts.fetches_of(context.wanted, context.release):
        fresh = facts.now - fetch.at < facts.policy.grabbed_within
        if (
            fresh
            and not fetch.running
            and new <= (standing(fetch.release, context.profile), fetch.release.version)
        ):
            return refuse("grabbed.recently", name=fetch.name)
    return None
