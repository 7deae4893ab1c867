"""A profile as JSON: what the API takes and gives, the table keeps and the importer makes."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sokoul.domain.formats import Condition, CustomFormat, Kind
from sokoul.domain.quality import QualityProfile, ScoredFormat, SizeLimit, Step, Upgrades
from sokoul.domain.screen import Screen

Resolution = Literal["480p", "576p", "720p", "1080p", "1440p", "2160p", "4320p"]
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff/\\]")


def _name(text: str) -> str:
    cleaned = " ".join(text.split())
    if not cleaned or cleaned in (".", "..") or _UNSEEN.search(cleaned):
        raise ValueError("should be some plain characters without slashes")
    return cleaned


Name = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_name)]
Label = Annotated[str, Field(min_length=1, max_length=100)]
Word = Annotated[str, Field(min_length=1, max_length=300)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_.-]{1,24}$")]
Points = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Rate = Annotated[float, Field(ge=0, le=10_000)]


class Part(BaseModel):
    """Base: unchangeable, and unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


class StepBody(Part):
    """A rung of the ladder."""

    name: Label
    qualities: Annotated[tuple[Label, ...], Field(min_length=1, max_length=40)]
    allowed: bool = True


class SizeBody(Part):
    """Megabytes a minute."""

    quality: Label
    least: Rate | None = None
    preferred: Rate | None = None
    most: Rate | None = None


class ConditionBody(Part):
    """One question about a release."""

    kind: Kind
    value: Annotated[str, Field(max_length=1000)] = ""
    name: Annotated[str, Field(max_length=100)] = ""
    negate: bool = False
    required: bool = False
    least: Rate | None = None
    most: Rate | None = None
    except_language: bool = False


class FormatBody(Part):
    """A custom format and its points."""

    name: Label
    points: Points = 0
    conditions: Annotated[tuple[ConditionBody, ...], Field(max_length=300)]

    def as_scored(self) -> ScoredFormat:
        """For the domain."""
        conditions = tuple(Condition(**dict(each)) for each in self.conditions)
        return ScoredFormat(CustomFormat(self.name, conditions), self.points)

    @classmethod
    def of(cls, scored: ScoredFormat) -> Self:
        """From the domain."""
        return cls.model_validate(
            {"name": scored.format.name, "points": scored.points, "conditions": scored.format.conditions},
            from_attributes=True,
        )


class UpgradesBody(Part):
    """Whether something better replaces what is there."""

    allowed: bool = True
    least_increment: Annotated[int, Field(ge=0, le=1_000_000)] = 1


class ScreenBody(Part):
    """What a screen plays."""

    name: Label
    video: Annotated[tuple[Code, ...], Field(max_length=30)]
    audio: Annotated[tuple[Code, ...], Field(max_length=30)]
    containers: Annotated[tuple[Code, ...], Field(max_length=30)]
    lines: Annotated[int, Field(ge=100, le=8640)] = 1080
    hdr: bool = False
    ten_bit: Annotated[tuple[Code, ...], Field(max_length=30)] = ()


class Rules(Part):
    """Everything of a profile but its name."""

    minimum: Resolution | None = None
    cutoff: Resolution | None = None
    prefer_codecs: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    reject: Annotated[tuple[Code, ...], Field(max_length=20)] = ("cam", "telesync", "screener")
    languages: Annotated[
        tuple[Annotated[str, Field(pattern=r"^(original|both|[a-z]{2})$")], ...], Field(max_length=30)
    ] = ()
    min_seeders: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    steps: Annotated[tuple[StepBody, ...], Field(max_length=40)] = ()
    until: Annotated[str, Field(max_length=100)] = ""
    sizes: Annotated[tuple[SizeBody, ...], Field(max_length=60)] = ()
    formats: Annotated[tuple[FormatBody, ...], Field(max_length=300)] = ()
    least_format_score: Points | None = None
    cutoff_format_score: Points | None = None
    upgrades: UpgradesBody = UpgradesBody()
    multi_season: bool = False
    packs_only: bool = False
    must: Annotated[tuple[Word, ...], Field(max_length=100)] = ()
    must_not: Annotated[tuple[Word, ...], Field(max_length=200)] = ()
    screen: ScreenBody | None = None
    refuse_unplayable: bool = False

    def as_profile(self, name: str) -> QualityProfile:
        """For the domain."""
        screen = Screen(**dict(self.screen)) if self.screen else None
        return QualityProfile(
            name=name,
            minimum=lines(self.minimum),
            cutoff=max(lines(self.cutoff), lines(self.minimum))
            if self.cutoff is None
            else lines(self.cutoff),
            prefer_codecs=self.prefer_codecs,
            reject=self.reject,
            languages=self.languages,
            min_seeders=self.min_seeders,
            steps=tuple(Step(**dict(step)) for step in self.steps),
            until=self.until,
            sizes=tuple(SizeLimit(**dict(size)) for size in self.sizes),
            formats=tuple(each.as_scored() for each in self.formats),
            least_format_score=self.least_format_score,
            cutoff_format_score=self.cutoff_format_score,
            upgrades=Upgrades(**dict(self.upgrades)),
            multi_season=self.multi_season,
            packs_only=self.packs_only,
            must=self.must,
            must_not=self.must_not,
            screen=screen,
            refuse_unplayable=self.refuse_unplayable,
        )

    @classmethod
    def of(cls, profile: QualityProfile) -> Self:
        """From the domain."""
        told = {
            name: getattr(profile, name)
            for name in Rules.model_fields
            if name not in ("minimum", "cutoff", "formats")
        }
        told["minimum"] = resolution(profile.minimum)
        told["cutoff"] = resolution(profile.cutoff)
        told["formats"] = [FormatBody.of(scored) for scored in profile.formats]
        return cls.model_validate(told, from_attributes=True)


class ProfileBody(Rules):
    """A whole profile."""

    name: Name

    @property
    def profile(self) -> QualityProfile:
        """For the domain."""
        return self.as_profile(self.name)


def lines(resolution: str | None) -> int:
    """1080 of "1080p"; 0 of None."""
    return int(resolution.removesuffix("p")) if resolution else 0


def resolution(height: int | None) -> str | None:
    """ "1080p" of 1080; None of 0, and of a height that has no name."""
    return f"{height}p" if height in (480, 576, 720, 1080, 1440, 2160, 4320) else None
