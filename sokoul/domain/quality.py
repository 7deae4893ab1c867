"""What a household accepts and prefers."""

from __future__ import annotations

from dataclasses import dataclass

from sokoul.domain.formats import CustomFormat
from sokoul.domain.screen import BOX, Box, Screen


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder: one quality, or several that count as equal."""

    name: str
    qualities: tuple[str, ...]
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """Megabytes (1,000,000 bytes) a minute for one quality; None: as Sokoul would have it."""

    quality: str
    least: float | None = None
    preferred: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class ScoredFormat:
    """A custom format and its points in this profile."""

    format: CustomFormat
    points: int


@dataclass(frozen=True, slots=True)
class Upgrades:
    """Whether something better replaces what is there, and by how many format points it must be better."""

    allowed: bool = True
    least_increment: int = 1


@dataclass(frozen=True, slots=True)
class QualityProfile:
    """A ladder with a floor and a target; resolutions are heights in lines.

    `steps` go from the worst to the best and may be empty: then `minimum` and `cutoff` are all there is.
    `until` names the step from which nothing better is looked for. `languages` are ISO 639-1 codes,
    `original` or `both` (the original and another), best first. `ceiling` is the asking person's own limit,
    `box` what this machine codes anew.
    """

    name: str = "hd"
    minimum: int = 1080
    cutoff: int = 1080
    prefer_codecs: tuple[str, ...] = ()
    reject: tuple[str, ...] = ("cam", "telesync", "screener")
    languages: tuple[str, ...] = ()
    min_seeders: int = 1
    steps: tuple[Step, ...] = ()
    until: str = ""
    sizes: tuple[SizeLimit, ...] = ()
    formats: tuple[ScoredFormat, ...] = ()
    least_format_score: int | None = None
    cutoff_format_score: int | None = None
    upgrades: Upgrades = Upgrades()
    multi_season: bool = False
    packs_only: bool = False
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    screen: Screen | None = None
    refuse_unplayable: bool = False
    ceiling: int | None = None
    box: Box = BOX

    def rank(self, quality: str) -> int | None:
        """The place of a quality on the ladder, 0 the lowest; None where the ladder does not know it."""
        for place, step in enumerate(self.steps):
            if quality in step.qualities:
                return place
        return None

    def allows(self, quality: str) -> bool:
        """Whether the ladder has it and takes it; without a ladder everything passes."""
        place = self.rank(quality)
        return not self.steps or (place is not None and self.steps[place].allowed)

    def limit_of(self, quality: str) -> SizeLimit | None:
        """What the profile says about the size of this quality."""
        return next((limit for limit in self.sizes if limit.quality == quality), None)
