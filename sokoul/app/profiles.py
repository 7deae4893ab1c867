"""The quality profiles: those of the file, those made on the page, and how a change gets about."""

from __future__ import annotations

from typing import Any

from sokoul.app.foundation import Foundation
from sokoul.config.model import Config, Profile
from sokoul.domain.errors import Unavailable
from sokoul.domain.quality import QualityProfile
from sokoul.features.profiles.service import SIGNAL, ProfileService
from sokoul.store.profiles import ProfileStore


async def build(base: Foundation) -> ProfileService:
    """The one of this process; it follows what others change."""
    service = ProfileService(*configured_now(base.config), ProfileStore(base.database), base.bus)
    await service.load()

    async def look(_: dict[str, Any]) -> None:
        try:
            await service.fresh()
        except Unavailable:
            return  # the next look is seconds away

    await base.bus.on_signal(SIGNAL, look)
    base.tasks.supervise("profiles", service.follow)
    return service


def configured_now(config: Config) -> tuple[dict[str, QualityProfile], str]:
    """Those of the configuration, and the one that counts when none is named."""
    return configured(config), config.quality.default_profile


def configured(config: Config) -> dict[str, QualityProfile]:
    """Those of the configuration file."""
    return {name: _profile(name, profile) for name, profile in config.quality.profiles.items()}


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
