"""What profiles need from outside."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sokoul.domain.quality import QualityProfile
from sokoul.features.profiles.model import Habits, Slot, SlotFile, Stored


class ProfileStore(Protocol):
    """Profiles, people's habits and titles' slots; every change moves the revision on."""

    async def revision(self) -> int: ...

    async def load(self) -> Stored: ...

    async def add(self, profile: QualityProfile) -> bool:
        """False where the name is taken."""
        ...

    async def change(self, name: str, profile: QualityProfile) -> bool:
        """False where there is none of that name."""
        ...

    async def drop(self, name: str) -> bool:
        """False where there is none of that name."""
        ...

    async def set_habits(self, user_id: uuid.UUID, habits: Habits) -> None:
        """Raises `NotFound` for an unknown user."""
        ...

    async def slots(self, media_id: uuid.UUID) -> list[Slot]:
        """Raises `NotFound` for an unknown title."""
        ...

    async def slot_files(self, media_id: uuid.UUID) -> list[SlotFile]: ...

    async def set_slots(self, media_id: uuid.UUID, slots: Sequence[Slot]) -> None:
        """Raises `NotFound` for an unknown title."""
        ...


class Signals(Protocol):
    """Tells the other processes to look."""

    async def signal(self, name: str, data: Mapping[str, Any]) -> None: ...
