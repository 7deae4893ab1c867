"""Seasons, episodes and absolute numbers; the surest notation is tried first."""

from __future__ import annotations

from sokoul.domain.release import absolute, marked, packs
from sokoul.domain.release.numbers import MOST, Numbers, Reader

__all__ = ["MOST", "Numbers", "find"]

READERS: tuple[Reader, ...] = (
    *marked.BEFORE_PACKS,
    packs.season_range,
    packs.season,
    *marked.AFTER_PACKS,
    packs.complete,
)


def find(low: str, *, anime: bool) -> Numbers | None:
    """The numbers of a name in lower case; `anime` when a group's brackets open it."""
    for reader in READERS:
        if found := reader(low):
            return found
    return absolute.find(low, anime=anime)
