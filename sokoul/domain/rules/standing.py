"""How good a release's picture is beside another's: by the profile's ladder, else lines, then its source."""

from __future__ import annotations

from sokoul.domain.ladder import quality_of
from sokoul.domain.quality import QualityProfile
from sokoul.domain.release import Release

_STEPS = (2160, 1080, 720)
_ORDER = {
    "cam": -6, "telesync": -5, "telecine": -4, "workprint": -6, "regional": -3, "screener": -2, "vhs": -1,
    "tv": 1, "dvd": 2, "ppv": 2, "vod": 2, "hdrip": 2, "webrip": 3, "webdl": 4, "hddvd": 5, "bluray": 5,
}  # fmt: skip
_REMUX = 6

Standing = tuple[int, int]


def standing(release: Release, profile: QualityProfile) -> Standing:
    """The step of the ladder; without one the class of its lines, and its source; no corrections."""
    if profile.steps:
        place = profile.rank(quality_of(release).name)
        return (-1 if place is None else place, 0)
    lines = next((step for step in _STEPS if (release.resolution or 0) >= step), 0)
    source = _REMUX if release.modifier == "remux" else _ORDER.get(release.source or "", 0)
    return (0, source) if source < 0 else (lines, source)


def target(profile: QualityProfile) -> Standing | None:
    """The standing from which nothing better is looked for; None where the ladder names none."""
    if not profile.steps:
        return (profile.cutoff, -_REMUX)
    place = next((n for n, step in enumerate(profile.steps) if step.name == profile.until), None)
    return None if place is None else (place, 0)
