"""The parts of the score that only some profiles have: a ladder, custom formats, a screen."""

from __future__ import annotations

from sokoul.domain.ladder import quality_of
from sokoul.domain.offer import Reason, reason
from sokoul.domain.quality import QualityProfile
from sokoul.domain.rules import Context
from sokoul.domain.rules.formats import fitting
from sokoul.domain.screen import Fit, Way, fit

_LOWEST_STEP, _BEST_STEP = 15, 45
# What no format at all is worth of the 30, where some of them give points.
_NO_FORMAT, _ALL_FORMATS = 8, 30
_SCREEN = {(Way.DIRECT, True): 60, (Way.DIRECT, False): 45, (Way.REPACK, True): 50, (Way.REPACK, False): 40}
_CONVERTED = 8


def quality(context: Context) -> Reason:
    """Up to 45, by the step of the ladder among those that the profile takes."""
    profile, name = context.profile, quality_of(context.release).name
    taken = [step for step in profile.steps if step.allowed]
    place = next((place for place, step in enumerate(taken) if name in step.qualities), None)
    if place is None:
        return reason(5, "quality.outside", quality=name)
    if place == len(taken) - 1:
        return reason(_BEST_STEP, "quality.best", quality=name)
    points = _LOWEST_STEP + round((_BEST_STEP - _LOWEST_STEP) * place / (len(taken) - 1))
    if taken[place].name == profile.until:
        return reason(points, "quality.target", quality=name)
    return reason(points, "quality.step", quality=name, place=place + 1, steps=len(taken))


def formats(context: Context) -> Reason:
    """Up to 30: the sum of the formats' points against the largest that a single one gives."""
    total, found = fitting(context)
    points = _worth(total, context.profile)
    if not found:
        return reason(points, "formats.none")
    told = tuple(f"{name} ({'+' if each > 0 else '−'}{abs(each)})" for name, each in found)
    return reason(points, "formats.found", total=total, formats=told)


def _worth(total: int, profile: QualityProfile) -> int:
    best = max((each.points for each in profile.formats), default=0)
    worst = min((each.points for each in profile.formats), default=0)
    base = _NO_FORMAT if best > 0 else _ALL_FORMATS
    if total >= 0:
        return base + (round((_ALL_FORMATS - base) * min(1.0, total / best)) if best > 0 else 0)
    return round(base * (1 - min(1.0, total / worst))) if worst < 0 else 0


def screen(context: Context) -> Reason:
    """Up to 60: whether it plays on the screen that it is for, so that nothing is converted without need."""
    profile = context.profile
    if profile.screen is None:
        return reason(0, "screen.direct", screen="")
    found = fit(profile.screen, context.release, profile.box)
    name = profile.screen.name
    if found.way is Way.DIRECT:
        return reason(_points(found), "screen.direct" if found.known else "screen.direct_guess", screen=name)
    kind = {Way.REPACK: "screen.repack", Way.TRANSCODE: "screen.transcode"}.get(
        found.way, "screen.impossible_here"
    )
    return reason(_points(found), kind, screen=name, obstacle=found.obstacle)


def _points(found: Fit) -> int:
    return _SCREEN.get((found.way, found.known), _CONVERTED if found.way is Way.TRANSCODE else 0)
