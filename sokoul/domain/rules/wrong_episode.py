"""Another season or episode than the one asked for."""

from __future__ import annotations

from sokoul.domain.identity import episode_refusal
from sokoul.domain.offer import Refusal
from sokoul.domain.rules.context import Context


def wrong_episode(context: Context) -> Refusal | None:
    """Refuse when what is asked for is not inside."""
    return episode_refusal(context.wanted, context.release)
