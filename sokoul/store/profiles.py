"""Quality profiles, people's habits and titles' slots."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg
import structlog
from pydantic import ValidationError

from sokoul.domain.errors import NotFound
from sokoul.domain.quality import QualityProfile
from sokoul.features.profiles.document import Rules
from sokoul.features.profiles.model import Habits, Slot, SlotFile, Stored
from sokoul.store.database import Connection, Database, Row, queries

SQL = queries("profiles")

log = structlog.get_logger(__name__)


class ProfileStore:
    """The tables quality_profiles, profile_habits and media_slots; every change moves the revision on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def revision(self) -> int:
        """Another after every change."""
        return int(await self._database.value(SQL["revision"]))

    async def load(self) -> Stored:
        """Everything but the slots. The revision is read first: what comes in between is read again."""
        revision = await self.revision()
        profiles = [_profile(row) for row in await self._database.rows(SQL["all"])]
        habits = {
            row["user_id"]: Habits(row["profile"], row["ceiling"])
            for row in await self._database.rows(SQL["habits"])
        }
        return Stored(revision, tuple(one for one in profiles if one is not None), habits)

    async def add(self, profile: QualityProfile) -> bool:
        """False where the name is taken."""
        async with self._database.transaction() as transaction:
            done = await transaction.run(SQL["add"], profile.name, _rules(profile))
            return await _moved(transaction, done)

    async def change(self, name: str, profile: QualityProfile) -> bool:
        """False where there is none of that name."""
        async with self._database.transaction() as transaction:
            if profile.name != name:
                await transaction.run(SQL["follow_habits"], name, profile.name)
                await transaction.run(SQL["follow_slots"], name, profile.name)
            done = await transaction.run(SQL["change"], name, profile.name, _rules(profile))
            return await _moved(transaction, done)

    async def drop(self, name: str) -> bool:
        """False where there is none of that name."""
        async with self._database.transaction() as transaction:
            return await _moved(transaction, await transaction.run(SQL["drop"], name))

    async def set_habits(self, user_id: uuid.UUID, habits: Habits) -> None:
        """Raises `NotFound` for an unknown user."""
        try:
            async with self._database.transaction() as transaction:
                await transaction.run(SQL["set_habits"], user_id, habits.profile, habits.ceiling)
                await transaction.run(SQL["touch"])
        except asyncpg.ForeignKeyViolationError as err:
            raise NotFound("There is no such user") from err

    async def slots(self, media_id: uuid.UUID) -> list[Slot]:
        """In order; raises `NotFound` for an unknown title."""
        found = await self._database.rows(SQL["slots"], media_id)
        if not found and not await self._database.value(SQL["media"], media_id):
            raise NotFound("There is no such title")
        return [Slot(**row) for row in found]

    async def slot_files(self, media_id: uuid.UUID) -> list[SlotFile]:
        """The files that may lie in a title's slots, the oldest first."""
        return [SlotFile(**row) for row in await self._database.rows(SQL["files"], media_id)]

    async def set_slots(self, media_id: uuid.UUID, slots: Sequence[Slot]) -> None:
        """These instead of those before; raises `NotFound` for an unknown title."""
        names, profiles = [slot.name for slot in slots], [slot.profile for slot in slots]
        try:
            async with self._database.transaction() as transaction:
                await transaction.run(SQL["clear_slots"], media_id)
                await transaction.run(SQL["add_slots"], media_id, names, profiles)
        except asyncpg.ForeignKeyViolationError as err:
            raise NotFound("There is no such title") from err


async def _moved(transaction: Connection, done: str) -> bool:
    if done.endswith(" 0"):
        return False
    await transaction.run(SQL["touch"])
    return True


def _rules(profile: QualityProfile) -> dict[str, object]:
    return Rules.of(profile).model_dump(mode="json", exclude_defaults=True)


def _profile(row: Row) -> QualityProfile | None:
    """A row that this version cannot read is left out, and said so: the others still count."""
    try:
        return Rules.model_validate(row["rules"]).as_profile(row["name"])
    except ValidationError as err:
        log.error("a stored profile cannot be read", profile=row["name"], error=str(err))
        return None
