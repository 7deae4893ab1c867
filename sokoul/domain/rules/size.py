"""What a size means: megabytes (1,000,000 bytes) a minute, and the minutes that a release holds."""

from __future__ import annotations

from sokoul.domain.identity import is_series
from sokoul.domain.ladder import quality_of
from sokoul.domain.quality import SizeLimit
from sokoul.domain.rules.context import Context

_FILM, _EPISODE = 110, 45
_FEWEST_IN_SEASON, _MOST_IN_SEASON = 3, 30


def minutes(context: Context) -> tuple[int, int]:
    """The fewest and the most minutes that the release may hold; a pack is the sum of its episodes."""
    series = is_series(context.wanted.work)
    one = context.wanted.work.runtime_minutes or (_EPISODE if series else _FILM)
    if not series:
        return one, one
    release = context.release
    count = len(release.episodes) or len(release.absolute)
    if count and not release.full_season:
        return one * count, one * count
    seasons = max(1, len(release.seasons))
    if release.full_season or (release.seasons and not count):
        return one * seasons * _FEWEST_IN_SEASON, one * seasons * _MOST_IN_SEASON
    return one, one


def limit(context: Context) -> SizeLimit | None:
    """What the profile itself says about sizes of this quality."""
    if not context.profile.sizes:
        return None
    return context.profile.limit_of(quality_of(context.release).name)


def height(context: Context) -> int:
    """The lines of the picture, guessed low when the name is silent."""
    return context.release.resolution or 480
