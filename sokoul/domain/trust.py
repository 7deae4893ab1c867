"""How far a group or an indexer is believed: what its names promised against what was found in the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sokoul.domain.offer import Reason, reason
from sokoul.domain.words import phrase

MOST, LEAST = 2, -5


@dataclass(frozen=True, slots=True)
class Record:
    """Of the last releases: how many there were, how many broke a claim, and which claim most often."""

    releases: int = 0
    lied: int = 0
    worst: str | None = None


@dataclass(frozen=True, slots=True)
class Trust:
    """Records by release group and by indexer, names in lower case."""

    groups: Mapping[str, Record] = field(default_factory=dict)
    indexers: Mapping[str, Record] = field(default_factory=dict)

    def reasons(self, score: int, group: str | None, indexers: Iterable[str]) -> tuple[Reason, ...]:
        """What the records add to a score; it stays from 1 to 100."""
        found: list[Reason] = []
        known = self.groups.get((group or "").lower())
        if known and (told := _told("group_trust.kept", "group_trust.lied", known, score)):
            found.append(told)
            score += told.points
        # Of several sources of one release, the most trusted one is where it will be fetched.
        records = [self.indexers[name.lower()] for name in indexers if name.lower() in self.indexers]
        best = max(records, key=points, default=Record())
        if told := _told("indexer_trust.kept", "indexer_trust.lied", best, score):
            found.append(told)
        return tuple(found)


def points(record: Record) -> int:
    """From -5 to 2, smoothed: one lie of one release costs 2, five of five cost 4; truth pays slowly."""
    gain = MOST * (record.releases - record.lied) / (record.releases - record.lied + 4)
    loss = LEAST * record.lied / (record.releases + 2)
    return max(LEAST, min(MOST, round(gain + loss)))


def _told(kept: str, lied: str, record: Record, score: int) -> Reason | None:
    given = max(1 - score, min(100 - score, points(record)))
    if not given:
        return None
    if not record.lied:
        return reason(given, kept, releases=record.releases)
    about = phrase(f"claim.{record.worst or 'plays'}")
    return reason(given, lied, lied=record.lied, releases=record.releases, about=about)
