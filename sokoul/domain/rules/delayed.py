"""Good, but a better one may come soon."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, for_now
from sokoul.domain.rules.context import Context


def delayed(context: Context) -> Refusal | None:
    """Refuse for the household's delay, unless it is a corrected one at the target."""
    now, published, delay = context.facts.now, context.offer.published_at, context.facts.policy.delay
    if now is None or published is None or not delay or now - published >= delay:
        return None
    if (context.release.resolution or 0) >= context.profile.cutoff and context.release.version > 1:
        return None
    return for_now("delayed.waiting", hours=max(1, round((delay - (now - published)).total_seconds() / 3600)))
