"""The quality profiles: those of the file, those made on the page, and how a change gets about."""

from __future__ import annotations

import os
from typing import Any

from sokoul.app.foundation import Foundation
from sokoul.config.model import Config, Profile
from sokoul.domain.errors import Unavailable
from sokoul.domain.quality import QualityProfile
from sokoul.domain.screen import BOX, Box
from sokoul.features.profiles.service import SIGNAL, ProfileService
from sokoul.store.profiles import ProfileStore

# Software alone, as long as nobody has measured this machine: a 4K picture keeps about this many busy.
_CORES_FOR_4K = 12


async def build(base: Foundation) -> ProfileService:
    """The one of this process; it follows what others change."""
    service = ProfileService(
        *configured_now(base.config), ProfileStore(base.database), base.bus, box=box(base.config)
    )
    await service.load()

    async def look(_: dict[str, Any]) -> None:
        try:
            await service.fresh()
        except Unavailable:
            return  # the next look is seconds away

    await base.bus.on_signal(SIGNAL, look)
    base.tasks.supervise("profiles", service.follow)
    return service


def box(config: Config) -> Box:
    """What this machine codes anew in time: nothing where that is switched off, 4K only with many cores."""
    if config.playback.max_transcodes == 0:
        return Box(video=(), lines=0)
    return Box(lines=2160 if (os.cpu_count() or 1) >= _CORES_FOR_4K else BOX.lines)


def configured_now(config: Config) -> tuple[dict[str, QualityProfile], str]:
    """Those of the configuration, and the one that counts when none is named."""
    return configured(config), config.quality.default_profile


def configured(config: Config) -> dict[str, QualityProfile]:
    """Those of the configuration file; one at least, so that there is always something to judge by."""
    given = config.quality.profiles or {"hd": Profile()}
    return {name: _profile(name, profile) for name, profile in given.items()}


def _profile(name: str, profile: Profile) -> QualityProfile:
    return QualityProfile(
        name=name,
        minimum=int(profile.minimum.removesuffix("p")),
        cutoff=int(profile.cutoff.removesuffix("p")),
        prefer_codecs=tuple(profile.prefer_codecs),
        reject=tuple(profile.reject),
        languages=tuple(profile.languages),
        min_seeders=profile.min_seeders,
    )
