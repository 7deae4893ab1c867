"""The named qualities: source, resolution and modifier put into one word, and their usual order."""

from __future__ import annotations

from dataclasses import dataclass

from sokoul.domain.release import Release


@dataclass(frozen=True, slots=True)
class Quality:
    """One named quality; `lines` is 0 where it says nothing about the picture's height."""

    name: str
    lines: int


# From the worst to the best, as films are usually ranked; a profile may order them otherwise.
QUALITIES: tuple[Quality, ...] = (
    Quality("Unknown", 0),
    Quality("WORKPRINT", 0),
    Quality("CAM", 0),
    Quality("TELESYNC", 0),
    Quality("TELECINE", 0),
    Quality("REGIONAL", 480),
    Quality("DVDSCR", 480),
    Quality("SDTV", 480),
    Quality("DVD", 480),
    Quality("DVD-R", 480),
    Quality("WEBRip-480p", 480),
    Quality("WEBDL-480p", 480),
    Quality("Bluray-480p", 480),
    Quality("Bluray-576p", 576),
    Quality("HDTV-720p", 720),
    Quality("WEBRip-720p", 720),
    Quality("WEBDL-720p", 720),
    Quality("Bluray-720p", 720),
    Quality("HDTV-1080p", 1080),
    Quality("WEBRip-1080p", 1080),
    Quality("WEBDL-1080p", 1080),
    Quality("Bluray-1080p", 1080),
    Quality("Remux-1080p", 1080),
    Quality("HDTV-2160p", 2160),
    Quality("WEBRip-2160p", 2160),
    Quality("WEBDL-2160p", 2160),
    Quality("Bluray-2160p", 2160),
    Quality("Remux-2160p", 2160),
    Quality("BR-DISK", 1080),
    Quality("Raw-HD", 1080),
)
BY_NAME = {quality.name: quality for quality in QUALITIES}

_WHOLE = {
    "workprint": "WORKPRINT",
    "cam": "CAM",
    "telesync": "TELESYNC",
    "telecine": "TELECINE",
    "regional": "REGIONAL",
    "screener": "DVDSCR",
    "vhs": "SDTV",
}
_MODIFIERS = {"brdisk": "BR-DISK", "rawhd": "Raw-HD", "dvdr": "DVD-R"}
_FAMILIES = {
    "bluray": "Bluray",
    "hddvd": "Bluray",
    "webdl": "WEBDL",
    "webrip": "WEBRip",
    "vod": "WEBRip",
    "ppv": "WEBRip",
    "hdrip": "WEBRip",
    "tv": "HDTV",
}


def quality_of(release: Release) -> Quality:
    """The named quality of what a release says; one that states lines and no source counts as television."""
    return BY_NAME[_name(release)]


def _name(release: Release) -> str:
    source, lines = release.source, release.resolution
    if (whole := _WHOLE.get(source or "")) is not None:
        return whole
    if (whole := _MODIFIERS.get(release.modifier or "")) is not None:
        return whole
    if release.modifier == "remux":
        return "Remux-2160p" if (lines or 0) >= 2160 else "Remux-1080p"
    if source == "dvd":
        return "DVD"
    if source is None and lines is None:
        return "Unknown"
    return _by_lines(_FAMILIES.get(source or "tv", "HDTV"), lines)


def _by_lines(family: str, lines: int | None) -> str:
    height = next((step for step in (2160, 1080, 720) if (lines or 480) >= step), 480)
    if height == 480 and family == "HDTV":
        return "SDTV"
    if family == "Bluray" and lines is None:
        return "Bluray-720p"
    if family == "Bluray" and lines == 576:
        return "Bluray-576p"
    return f"{family}-{height}p"
