"""What a rule may look at."""

from __future__ import annotations

from dataclasses import dataclass

from sokoul.domain.media import Wanted
from sokoul.domain.offer import Offer
from sokoul.domain.quality import QualityProfile
from sokoul.domain.release import Release


@dataclass(frozen=True, slots=True)
class Context:
    """One offer before its judges; `blocklist` holds info hashes and release names in lower case."""

    wanted: Wanted
    offer: Offer
    release: Release
    profile: QualityProfile
    blocklist: frozenset[str] = frozenset()
