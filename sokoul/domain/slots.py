"""Places for several files of one title, such as 1080p beside 4K, each with its own profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sokoul.domain.ladder import BY_NAME
from sokoul.domain.quality import QualityProfile
from sokoul.domain.release import Release
from sokoul.domain.rules.quality import quality_refusal
from sokoul.domain.rules.standing import Standing, standing, target


@dataclass(frozen=True, slots=True)
class SlotRules:
    """A place and what may lie there."""

    name: str
    profile: QualityProfile


def assigned(slots: Sequence[SlotRules], copies: Sequence[Release]) -> dict[str, int]:
    """Which copy lies in which slot: the highest slot chooses first, each the best that it takes."""
    left = dict(enumerate(copies))
    taken: dict[str, int] = {}
    for slot in sorted(slots, key=lambda each: -lines_of(each.profile)):
        fitting = [place for place, copy in left.items() if quality_refusal(slot.profile, copy) is None]
        if fitting:
            taken[slot.name] = max(fitting, key=lambda place: worth(slot.profile, left[place]))
            del left[taken[slot.name]]
    return taken


def slot_for(slots: Sequence[SlotRules], copies: Sequence[Release], release: Release) -> str | None:
    """The slot that a release would fill, or whose file it would replace by a better one; None: no use."""
    taken = assigned(slots, copies)
    lines = release.resolution or 0
    near = sorted(slots, key=lambda each: (abs(lines_of(each.profile) - lines), -lines_of(each.profile)))
    for number, slot in enumerate(near):
        if quality_refusal(slot.profile, release) is not None:
            continue
        # A slot for less is not filled with more because its neighbour is full.
        if (number == 0 or lines <= lines_of(slot.profile)) and _gains(slot, taken, copies, release):
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
    wished = target(profile)
    return wished is not None and standing(release, profile) >= wished


def worth(profile: QualityProfile, release: Release) -> tuple[Standing, int]:
    """How good a release is in a profile; a corrected one is better than what it corrects."""
    return standing(release, profile), release.version


def lines_of(profile: QualityProfile) -> int:
    """The lines that a profile is after."""
    if not profile.steps:
        return profile.cutoff
    step = next((each for each in profile.steps if each.name == profile.until), profile.steps[-1])
    return max((BY_NAME[name].lines for name in step.qualities), default=0)
