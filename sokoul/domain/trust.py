"""How far a group or an indexer is believed: what its names promised against what was found in the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# The files that count are the last ones; a group that mends its ways is believed again.
REMEMBERED = 20
MOST, LEAST = 2, -5


@dataclass(frozen=True, slots=True)
class Record:
    """Of the last files: how many there were, in how many a claim was broken, and which claim most often."""

    files: int = 0
    lied: int = 0
    worst: str | None = None


@dataclass(frozen=True, slots=True)
class Trust:
    """Records by release group and by indexer, names in lower case."""

    groups: Mapping[str, Record] = field(default_factory=dict)
    indexers: Mapping[str, Record] = field(default_factory=dict)


def points(record: Record) -> int:
    """From -5 to 2, smoothed: one lie of one file costs 2, five of five cost 4; truth takes longer to pay."""
    told_true = record.files - record.lied
    gain = MOST * told_true / (told_true + 4)
    loss = LEAST * record.lied / (record.files + 2)
    return max(LEAST, min(MOST, round(gain + loss)))
