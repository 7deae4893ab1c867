"""What lies in a title's slots, and into which of them a release would go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from sokoul.domain.quality import QualityProfile
from sokoul.domain.release import Release, parse
from sokoul.domain.slots import SlotRules, assigned, enough, slot_for
from sokoul.features.profiles.model import Place, Slot, SlotFile


def filled(slots: Sequence[tuple[Slot, QualityProfile]], files: Sequence[SlotFile]) -> list[Place]:
    """Each slot with its file, in the order of the slots."""
    copies = [_copy(file) for file in files]
    taken = assigned(_rules(slots), copies)
    return [
        Place(slot, files[place], enough(profile, copies[place]))
        if (place := taken.get(slot.name)) is not None
        else Place(slot)
        for slot, profile in slots
    ]


def would_fill(
    slots: Sequence[tuple[Slot, QualityProfile]], files: Sequence[SlotFile], name: str
) -> str | None:
    """The slot that a release of this name would fill or better; None: it would be of no use."""
    return slot_for(_rules(slots), [_copy(file) for file in files], parse(name))


def _rules(slots: Sequence[tuple[Slot, QualityProfile]]) -> list[SlotRules]:
    return [SlotRules(slot.name, profile) for slot, profile in slots]


def _copy(file: SlotFile) -> Release:
    """What the name says, with the lines that were measured."""
    release = parse(PurePosixPath(file.name).name)
    return replace(release, resolution=file.resolution or release.resolution)
