"""What the household knows beside the offer: its files, its downloads, its calendar, its rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.release import Release
from sokoul.domain.trust import Trust

Numbers = tuple[int, int]


class Propers(StrEnum):
    """Whether a corrected release replaces the one it corrects."""

    PREFER = "prefer"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules of the house that no quality profile states; bytes, and off where 0 or empty."""

    upgrades: bool = True
    propers: Propers = Propers.PREFER
    propers_within: timedelta = timedelta(days=7)
    maximum_bytes: int = 0
    keep_free_bytes: int = 100_000_000
    minimum_age: timedelta = timedelta()
    delay: timedelta = timedelta()
    grabbed_within: timedelta = timedelta(hours=12)
    required_flags: frozenset[str] = frozenset()
    blocked_flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Copy:
    """A file in the library: what its release name said, with the resolution that was measured."""

    name: str
    release: Release
    added_at: datetime
    numbers: tuple[Numbers, ...] = ()
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """A download, running or over."""

    name: str
    release: Release
    at: datetime
    info_hash: str | None = None
    running: bool = False
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """When episodes air, and from when on a film counts as available: days without a time zone."""

    episodes: Mapping[Numbers, date] = field(default_factory=dict)
    available: date | None = None
    grace: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Facts:
    """One picture of the household for all offers of one search; `now` None: time plays no part.

    `blocklist`, `removed`: info hashes and release names in lower case. `by_hand`: a person looks for it, so
    that what only spares work informs and does not turn down. `rivals`: other works that may be meant.
    """

    now: datetime | None = None
    by_hand: bool = True
    monitored: bool = True
    blocklist: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    copies: tuple[Copy, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    free_bytes: int | None = None
    calendar: Calendar = field(default_factory=Calendar)
    policy: Policy = field(default_factory=Policy)
    trust: Trust = field(default_factory=Trust)
    rivals: tuple[Work, ...] = ()

    def copies_of(self, wanted: Wanted, release: Release) -> tuple[Copy, ...]:
        """The files that a release would stand beside: the film, or the episodes that it holds."""
        if not self.copies:
            return ()
        return tuple(copy for copy in self.copies if same_part(wanted, release, copy.numbers))

    def fetches_of(self, wanted: Wanted, release: Release) -> tuple[Fetch, ...]:
        """The downloads of the same film, or of one of its episodes."""
        return tuple(each for each in self.fetches if same_part(wanted, release, numbers_of(each.release)))


def numbers_of(release: Release) -> tuple[Numbers, ...]:
    """Season and episode of everything in it; (season, 0) stands for a whole season."""
    seasons = release.seasons or (1,)
    episodes = release.episodes or release.absolute
    if not episodes:
        return tuple((season, 0) for season in release.seasons)
    if len(seasons) > 1:
        return tuple((season, 0) for season in seasons)
    return tuple((seasons[0], episode) for episode in episodes)


def same_part(wanted: Wanted, release: Release, numbers: Iterable[Numbers]) -> bool:
    """Whether a release holds the film, or one of these episodes."""
    if wanted.work.media_type is MediaType.MOVIE:
        return True
    own = numbers_of(release)
    return any(
        season == other and (not episode or not number or episode == number)
        for season, episode in own
        for other, number in numbers
    )
