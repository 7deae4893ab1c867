"""With a mark that the household does not take."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context


def blocked_flags(context: Context) -> Refusal | None:
    """Refuse a release that its indexer marks so."""
    found = context.facts.policy.blocked_flags.intersection(context.offer.flags)
    return refuse("blocked_flags.found", flags=tuple(sorted(found))) if found else None
