"""Profiles as the household keeps them, and what belongs to each of its people."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from sokoul.domain.quality import QualityProfile


@dataclass(frozen=True, slots=True)
class Habits:
    """A person's own default profile, and the most lines they may have."""

    profile: str | None = None
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A profile, and whether the configuration file sets it: then it is locked."""

    profile: QualityProfile
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """What the tables hold at a moment; `revision` changes with every change."""

    revision: int
    profiles: tuple[QualityProfile, ...] = ()
    habits: Mapping[uuid.UUID, Habits] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one file of a title; beside others, each with its own profile."""

    name: str
    profile: str


@dataclass(frozen=True, slots=True)
class SlotFile:
    """A file of a title; `resolution` is measured, in lines."""

    id: uuid.UUID
    name: str
    resolution: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A slot with what lies in it; `enough`: nothing better is looked for."""

    slot: Slot
    file: SlotFile | None = None
    enough: bool = False
