"""Places for several files of one title, such as 1080p beside 4K, each with its own profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sokoul.domain.ladder import BY_NAME, quality_of
from sokoul.domain.quality import QualityProfile
from sokoul.domain.release import Release
from sokoul.domain.rules.quality import quality_refusal
from sokoul.domain.rules.standing import standing


@dataclass(frozen=True, slots=True)
class SlotRules:
    """A place and what may lie there."""

    name: str
    profile: QualityProfile


def assigned(slots: Sequence[SlotRules], copies: Sequence[Release]) -> dict[str, int]:
    """Which copy lies in which slot: the highest slot chooses first, each the best that it takes."""
    left = dict(enumerate(copies))
    taken: dict[str, int] = {}
    for slot in sorted(slots, key=lambda each: -target(each.profile)):
        fitting = [place for place, copy in left.items() if quality_refusal(slot.profile, copy) is None]
        if fitting:
            taken[slot.name] = max(fitting, key=lambda place: worth(slot.profile, left[place]))
            del left[taken[slot.name]]
    return taken


def slot_for(slots: Sequence[SlotRules], copies: Sequence[Release], release: Release) -> str | None:
    """The slot that a release would fill, or whose file it would replace by a better one; None: no use."""
    taken = assigned(slots, copies)
    lines = release.resolution or 0
    near = sorted(slots, key=lambda each: (abs(target(each.profile) - lines), -target(each.profile)))
    for number, slot in enumerate(near):
        if quality_refusal(slot.profile, release) is not None:
            continue
        # A slot for less is not filled with more because its neighbour is full.
        if (number == 0 or lines <= target(slot.profile)) and _gains(slot, taken, copies, release):
            return slot.name
    return None


def _gains(slot: SlotRules, taken: Mapping[str, int], copies: Sequence[Release], release: Release) -> bool:
    if slot.name not in taken:
        return True
    held = copies[taken[slot.name]]
    if not slot.profile.upgrades.allowed or enough(slot.profile, held):
        return False
    return worth(slot.profile, release) > worth(slot.profile, held)


def enough(profile: QualityProfile, release: Release) -> bool:
    """Whether nothing better is looked for."""
    if not profile.steps:
        return (release.resolution or 0) >= profile.cutoff
    return worth(profile, release)[0] >= _until(profile)


def worth(profile: QualityProfile, release: Release) -> tuple[int, int]:
    """How good a release is in a profile: by its ladder, else by lines and source."""
    if not profile.steps:
        return standing(release)
    place = profile.rank(quality_of(release).name)
    return (-1 if place is None else place), release.version


def target(profile: QualityProfile) -> int:
    """The lines that a profile is after."""
    if not profile.steps:
        return profile.cutoff
    return max((BY_NAME[name].lines for name in profile.steps[_until(profile)].qualities), default=0)


def _until(profile: QualityProfile) -> int:
    names = [step.name for step in profile.steps]
    return names.index(profile.until) if profile.until in names else len(names) - 1
