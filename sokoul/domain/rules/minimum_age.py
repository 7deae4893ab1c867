"""Too new to be known as good."""

from __future__ import annotations

from datetime import timedelta

from sokoul.domain.offer import Refusal, for_now
from sokoul.domain.rules.context import Context


def minimum_age(context: Context) -> Refusal | None:
    """Refuse until the household's waiting time is over."""
    now, published, least = context.facts.now, context.offer.published_at, context.facts.policy.minimum_age
    if now is None or published is None or not least or now - published >= least:
        return None
    return for_now("minimum_age.young", minutes=_minutes(now - published), least=_minutes(least))


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))
