"""The readers that are compared, each giving its facts in our words."""

from __future__ import annotations

import re
from typing import Any

from reading.fields import CAM, Facts
from sokoul.domain.release import as_json, parse

_PTT_SOURCES = {
    "bluray": "bluray", "bdrip": "bluray", "brrip": "bluray", "web-dl": "webdl", "webrip": "webrip",
    "web": "webdl", "hdtv": "tv", "pdtv": "tv", "dvd": "dvd", "dvdrip": "dvd", "cam": "cam",
    "telesync": "telesync", "scr": "screener", "telecine": "telecine", "r5": "regional", "hdrip": "hdrip",
    "tvrip": "tv", "satrip": "tv", "hdtvrip": "tv",
}  # fmt: skip
_GUESSIT_SOURCES = {
    "blu-ray": "bluray", "ultra hd blu-ray": "bluray", "web": "webdl", "hdtv": "tv", "tv": "tv", "dvd": "dvd",
    "ultra hdtv": "tv", "digital tv": "tv", "satellite": "tv", "camera": "cam", "hd camera": "cam",
    "telesync": "telesync", "hd telesync": "telesync", "telecine": "telecine", "hd telecine": "telecine",
    "workprint": "workprint", "hd-dvd": "hddvd", "pay-per-view": "ppv", "video on demand": "vod",
    "vhs": "vhs",
}  # fmt: skip


def ours(name: str) -> Facts:
    """Our facts."""
    return as_json(parse(name))


def ptt(name: str) -> Facts:
    """PTT's facts."""
    from PTT import parse_title

    raw = parse_title(name[:255])
    quality = str(raw.get("quality", "")).lower()
    found = re.search(r"\d+", str(raw.get("resolution", "")))
    return {
        "title": raw["title"],
        "year": raw.get("year"),
        "seasons": raw["seasons"],
        "episodes": raw["episodes"],
        "absolute": raw["episodes"],
        "air_date": raw.get("date"),
        "resolution": int(found.group()) if found else None,
        "source": _PTT_SOURCES.get(quality.removesuffix(" remux"), quality or None),
        "modifier": "remux" if "remux" in quality else None,
        "group": raw.get("group"),
        "version": 2 if raw.get("proper") or raw.get("repack") else 1,
        "languages": raw["languages"],
        "edition": raw.get("edition"),
        "full_season": bool(raw.get("complete")),
        "hardcoded_subs": raw.get("hardcoded"),
        "cam": bool(raw.get("trash")),
    }


def guessit(name: str) -> Facts:
    """guessit's facts."""
    from guessit import guessit as guess

    raw: dict[str, Any] = guess(name[:255])
    other = [str(word).lower() for word in _list(raw.get("other"))]
    source = _guessed_source(raw, other)
    found = re.search(r"\d+", str(raw.get("screen_size", "")))
    return {
        "title": raw.get("title"),
        "year": raw.get("year"),
        "seasons": _list(raw.get("season")),
        "episodes": _list(raw.get("episode")),
        "absolute": _list(raw.get("absolute_episode")) or _list(raw.get("episode")),
        "air_date": str(raw["date"]) if "date" in raw else None,
        "resolution": int(found.group()) if found else None,
        "source": source,
        "modifier": "remux" if "remux" in other else None,
        "group": raw.get("release_group"),
        "version": int(raw.get("version") or raw.get("proper_count", 0) + 1),
        "languages": [getattr(language, "alpha2", "") for language in _list(raw.get("language"))],
        "edition": raw.get("edition"),
        "full_season": "season" in raw and "episode" not in raw,
        "hardcoded_subs": "hardcoded" in str(other),
        "cam": source in CAM,
    }


def _guessed_source(raw: dict[str, Any], other: list[str]) -> str | None:
    word = str(_list(raw.get("source"))[0]).lower() if raw.get("source") else None
    if "screener" in other:
        return "screener"
    if word == "web" and "rip" in other:
        return "webrip"
    return _GUESSIT_SOURCES.get(word, word) if word else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
