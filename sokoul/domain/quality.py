"""What a household accepts and prefers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QualityProfile:
    """A ladder with a floor and a target; resolutions are heights in lines."""

    name: str = "hd"
    minimum: int = 1080
    cutoff: int = 1080
    prefer_codecs: tuple[str, ...] = ()
    reject: tuple[str, ...] = ("cam", "telesync", "screener")
    languages: tuple[str, ...] = ()
    min_seeders: int = 1
