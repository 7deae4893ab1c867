"""Profiles and formats of others taken in: read, put where they are wanted, and every gap named."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sokoul.domain.errors import Invalid
from sokoul.domain.quality import QualityProfile
from sokoul.features.profiles.service import ProfileService
from sokoul.features.profiles.trash import App, Given, Imported, read


@dataclass(frozen=True, slots=True)
class Taken:
    """The profiles that came of it, whether they were kept, and what was not understood."""

    profiles: tuple[QualityProfile, ...]
    formats: int
    notes: tuple[str, ...]
    saved: bool


async def take_in(
    service: ProfileService, given: Sequence[Given], *, app: App | None, into: str | None, save: bool
) -> Taken:
    """Profiles in the documents are added or replaced; formats and sizes alone go `into` a profile.

    Raises `Invalid`, `Faulty`, `NotFound` (of `into`) and `WrongState` (a locked one).
    """
    found = await asyncio.to_thread(read, given, app)
    profiles = [_into(service.get(into).profile, found)] if into is not None else found.profiles
    if not profiles and (found.formats or found.sizes):
        raise Invalid("into", "these are formats without a profile; say into which profile they go")
    if save:
        for profile in profiles:
            await service.put(profile)
    return Taken(tuple(profiles), len(found.formats), tuple(found.notes), save and bool(profiles))


def _into(profile: QualityProfile, found: Imported) -> QualityProfile:
    """The profile with these formats and sizes instead of those of the same name."""
    formats = {scored.format.name: scored for scored in profile.formats}
    formats |= {scored.format.name: scored for scored in found.scored()}
    sizes = {limit.quality: limit for limit in profile.sizes}
    sizes |= {limit.quality: limit for limit in found.sizes_for(profile.name)}
    return replace(profile, formats=tuple(formats.values()), sizes=tuple(sizes.values()))
