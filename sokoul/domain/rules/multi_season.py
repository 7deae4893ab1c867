"""Several seasons where one, or an episode, was asked for."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context


def multi_season(context: Context) -> Refusal | None:
    """Refuse unless the profile takes them: most of its bytes would be of no use."""
    seasons = context.release.seasons
    if len(seasons) < 2 or context.profile.multi_season or context.wanted.season is None:
        return None
    return refuse("multi_season.pack", count=len(seasons), season=context.wanted.season)
