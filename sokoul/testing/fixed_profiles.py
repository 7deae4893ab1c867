"""Quality profiles without a table behind them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sokoul.domain.errors import Invalid
from sokoul.domain.quality import QualityProfile


@dataclass(frozen=True, slots=True)
class FixedProfiles:
    """Profiles that never change, and the one that counts when none is named."""

    by_name: Mapping[str, QualityProfile]
    default: str

    def choose(self, name: str | None, by: uuid.UUID | None) -> QualityProfile:
        """The same for everybody; raises Invalid for a name nobody knows."""
        del by
        found = self.by_name.get(name or self.default)
        if found is None:
            known = ", ".join(sorted(self.by_name))
            raise Invalid("profile", f"there is no profile {name!r}; there are: {known}")
        return found

    def fingerprint(self, profile: QualityProfile) -> str:
        """Another for every other content."""
        return repr(profile)

    async def fresh(self) -> None:
        """They never change."""
