"""What a rule may look at."""

from __future__ import annotations

from dataclasses import dataclass, field

from sokoul.domain.media import Wanted
from sokoul.domain.offer import Offer
from sokoul.domain.quality import QualityProfile
from sokoul.domain.release import Release
from sokoul.domain.rules.facts import Copy, Facts


@dataclass(slots=True)
class Seen:
    """What several rules look at is worked out once: the name without the title, the formats that fit."""

    text: str | None = None
    formats: tuple[int, tuple[tuple[str, int], ...]] | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """One offer before its judges; `held` are the library's files of the same film or episodes."""

    wanted: Wanted
    offer: Offer
    release: Release
    profile: QualityProfile
    facts: Facts = field(default_factory=Facts)
    held: tuple[Copy, ...] = ()
    seen: Seen = field(default_factory=Seen, compare=False)
