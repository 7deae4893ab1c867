"""How good a release's picture is beside another's: lines first, then what it was taken from."""

from __future__ import annotations

from sokoul.domain.release import Release

_STEPS = (2160, 1080, 720)
_ORDER = {
    "cam": -6, "telesync": -5, "telecine": -4, "workprint": -6, "regional": -3, "screener": -2, "vhs": -1,
    "tv": 1, "dvd": 2, "ppv": 2, "vod": 2, "hdrip": 2, "webrip": 3, "webdl": 4, "hddvd": 5, "bluray": 5,
}  # fmt: skip
_REMUX = 6


def standing(release: Release) -> tuple[int, int]:
    """The class of its lines (0: less than 720), and its source; corrections do not count here."""
    lines = next((step for step in _STEPS if (release.resolution or 0) >= step), 0)
    source = _REMUX if release.modifier == "remux" else _ORDER.get(release.source or "", 0)
    return (0, source) if source < 0 else (lines, source)
