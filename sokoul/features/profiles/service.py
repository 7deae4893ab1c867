"""The household's quality profiles: read from memory, changed in the store, the same in every process."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog

from sokoul.domain.errors import Faulty, Invalid, NotFound, Unavailable, WrongState
from sokoul.domain.profile_faults import faults
from sokoul.domain.quality import QualityProfile
from sokoul.domain.screen import BOX, Box
from sokoul.features.profiles.model import Habits, Kept, Place, Slot, Stored
from sokoul.features.profiles.places import filled, would_fill
from sokoul.features.profiles.ports import ProfileStore, Signals

log = structlog.get_logger(__name__)

SIGNAL = "profiles"
EVERY = 10.0  # seconds between looks for changes whose signal was lost
MOST_PROFILES = 200
MOST_SLOTS = 8


class ProfileService:
    """Every process keeps a copy; a change comes by a signal, and by a look before each search."""

    def __init__(
        self,
        configured: Mapping[str, QualityProfile],
        default: str,
        store: ProfileStore,
        signals: Signals,
        *,
        box: Box = BOX,
    ) -> None:
        self._box = box
        self._configured, self._default = dict(configured), default
        self._store, self._signals = store, signals
        self._stored = Stored(-1)
        self._kept: dict[str, Kept] = {name: Kept(one, locked=True) for name, one in configured.items()}
        self._prints: dict[str, tuple[QualityProfile, str]] = {}
        self._loading = asyncio.Lock()
        self._told: str | None = None

    @property
    def default(self) -> str:
        """The name of the profile that counts when none is named: the one set, else the first known."""
        return self._default if self._default in self._kept else self.all()[0].profile.name

    @property
    def missing_default(self) -> str | None:
        """The name that is set as the default and that no profile has."""
        return None if self._default in self._kept else self._default

    def all(self) -> list[Kept]:
        """By name."""
        return [self._kept[name] for name in sorted(self._kept, key=str.casefold)]

    def get(self, name: str) -> Kept:
        """Raises `NotFound`."""
        found = self._kept.get(name)
        if found is None:
            raise NotFound(f"There is no profile {name!r}")
        return found

    def habits(self, user_id: uuid.UUID) -> Habits:
        """A person's own default and ceiling."""
        return self._stored.habits.get(user_id, Habits())

    def ceiling_of(self, user_id: uuid.UUID) -> int | None:
        """The most lines that a person may have; None: as many as there are."""
        return self.habits(user_id).ceiling

    def choose(self, name: str | None, by: uuid.UUID | None) -> QualityProfile:
        """The profile named, else the person's own, else the household's; never above the person's ceiling.

        Raises `Invalid` for a name nobody knows.
        """
        habits = self.habits(by) if by is not None else Habits()
        own = habits.profile if habits.profile in self._kept else None
        found = self._kept.get(name or own or self.default)
        if found is None:
            known = ", ".join(sorted(self._kept))
            raise Invalid("profile", f"there is no profile {name!r}; there are: {known}")
        return self.here(found.profile, habits.ceiling)

    def here(self, profile: QualityProfile, ceiling: int | None = None) -> QualityProfile:
        """The profile with what this machine codes anew, and with a person's ceiling."""
        if ceiling is None and profile.box == self._box:
            return profile
        return replace(profile, ceiling=ceiling, box=self._box)

    def fingerprint(self, profile: QualityProfile) -> str:
        """Another for every other content; what was judged by one profile is no answer for another."""
        plain = replace(profile, ceiling=None) if profile.ceiling is not None else profile
        known = self._prints.get(profile.name)
        if known is None or known[0] != plain:
            known = (plain, hashlib.sha256(repr(plain).encode(errors="replace")).hexdigest())
            self._prints[profile.name] = known
        return f"{known[1]}:{profile.ceiling}"

    def use(self, configured: Mapping[str, QualityProfile], default: str) -> None:
        """Other configured profiles and another default from now on."""
        self._configured, self._default = dict(configured), default
        self._kept = self._merged()
        self._tell_missing()

    def _tell_missing(self) -> None:
        """Once for every name, and not before the stored ones are known."""
        missing = self.missing_default if self._stored.revision >= 0 else None
        if missing is not None and missing != self._told:
            log.warning(
                "the default profile is not there; another is used",
                missing=missing,
                used=self.default,
                cure="choose one on the profiles page, or set quality.default_profile",
            )
        self._told = missing

    def _merged(self) -> dict[str, Kept]:
        """What the configuration says wins over a stored one of the same name."""
        kept = {one.name: Kept(one) for one in self._stored.profiles}
        return kept | {name: Kept(one, locked=True) for name, one in self._configured.items()}

    async def fresh(self) -> None:
        """Look whether somebody else changed something; raises `Unavailable`."""
        if await self._store.revision() != self._stored.revision:
            await self.load()

    async def load(self) -> None:
        """Read everything anew."""
        async with self._loading:
            self._stored = await self._store.load()
            self._kept = self._merged()
        self._tell_missing()

    async def follow(self) -> None:
        """For ever: take over what others changed, also when their signal was lost."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.fresh()
            except Unavailable as err:
                log.warning("profiles could not be looked at", error=str(err))

    async def add(self, profile: QualityProfile) -> Kept:
        """A new one; raises `Faulty`, and `WrongState` where the name is taken."""
        await check(profile)
        if len(self._kept) >= MOST_PROFILES:
            raise WrongState(f"There are {MOST_PROFILES} profiles already; remove one first")
        if profile.name in self._kept or not await self._store.add(profile):
            raise WrongState(f"There is a profile {profile.name!r} already")
        await self._changed()
        return self.get(profile.name)

    async def change(self, name: str, profile: QualityProfile) -> Kept:
        """Replace it; raises `NotFound`, `Faulty`, and `WrongState` for a locked one or a taken name."""
        self._unlocked(name)
        await check(profile)
        if profile.name != name and (profile.name in self._kept or name == self._default):
            raise WrongState(f"It cannot be renamed to {profile.name!r}")
        if not await self._store.change(name, profile):
            raise NotFound(f"There is no profile {name!r}")
        await self._changed()
        return self.get(profile.name)

    async def put(self, profile: QualityProfile) -> Kept:
        """Add it, or replace the one of its name; raises as `add` and `change` do."""
        known = profile.name in self._kept
        return await (self.change(profile.name, profile) if known else self.add(profile))

    async def drop(self, name: str) -> None:
        """Forget it; raises `NotFound`, and `WrongState` for one that is locked."""
        self._unlocked(name)
        if name == self._default:
            raise WrongState(f"{name!r} is used when no profile is named; choose another for that first")
        if not await self._store.drop(name):
            raise NotFound(f"There is no profile {name!r}")
        await self._changed()

    async def set_habits(self, user_id: uuid.UUID, habits: Habits) -> None:
        """A person's own default and ceiling; raises `Invalid` and `NotFound`."""
        if habits.profile is not None and habits.profile not in self._kept:
            raise Invalid("profile", f"there is no profile {habits.profile!r}")
        await self._store.set_habits(user_id, habits)
        await self._changed()

    async def slots(self, media_id: uuid.UUID) -> list[Slot]:
        """The places of a title; none means one, of the default profile. Raises `NotFound`."""
        return await self._store.slots(media_id)

    async def places(self, media_id: uuid.UUID, release: str | None) -> tuple[list[Place], str | None]:
        """The slots with what lies in them, and the one that `release` would fill; raises `NotFound`."""
        slots = [(slot, self.choose(self._known(slot.profile), None)) for slot in await self.slots(media_id)]
        files = await self._store.slot_files(media_id)
        return filled(slots, files), would_fill(slots, files, release) if release else None

    def _known(self, name: str) -> str | None:
        return name if name in self._kept else None

    async def set_slots(self, media_id: uuid.UUID, slots: Sequence[Slot]) -> list[Slot]:
        """Raises `NotFound`, and `Faulty` for unknown profiles and names given twice."""
        wrong = [
            (f"slots.{place}.profile", f"there is no profile {slot.profile!r}")
            for place, slot in enumerate(slots)
            if slot.profile not in self._kept
        ]
        names = [slot.name.casefold() for slot in slots]
        wrong += [
            (f"slots.{place}.name", "is given twice")
            for place, name in enumerate(names)
            if name in names[:place]
        ]
        if len(slots) > MOST_SLOTS:
            wrong.append(("slots", f"at most {MOST_SLOTS}"))
        if wrong:
            raise Faulty(wrong)
        await self._store.set_slots(media_id, slots)
        return await self._store.slots(media_id)

    def _unlocked(self, name: str) -> None:
        if self.get(name).locked:
            raise WrongState(
                f"The profile {name!r} is set in the configuration file; "
                "change it there, or copy it under another name"
            )

    async def _changed(self) -> None:
        await self.load()
        await self._signals.signal(SIGNAL, {"revision": self._stored.revision})


async def check(profile: QualityProfile) -> None:
    """Raises `Faulty`; expressions are tried out in a thread, because that takes its time."""
    if found := await asyncio.to_thread(faults, profile):
        raise Faulty(found[:50])
