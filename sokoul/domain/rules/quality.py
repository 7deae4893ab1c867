"""Below the floor of the profile, or not on its ladder."""

from __future__ import annotations

from sokoul.domain.ladder import quality_of
from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.quality import QualityProfile
from sokoul.domain.release import Release
from sokoul.domain.rules.context import Context


def quality(context: Context) -> Refusal | None:
    """Refuse fewer lines than the profile's minimum, and a quality that its ladder does not take."""
    if context.offer.protocol is Protocol.LIBRARY:
        return None
    return quality_refusal(context.profile, context.release)


def quality_refusal(profile: QualityProfile, release: Release) -> Refusal | None:
    """The same for a release that nobody offers."""
    return _below(profile, release) or _not_allowed(profile, release)


def _below(profile: QualityProfile, release: Release) -> Refusal | None:
    """A name that states no resolution may hide anything."""
    minimum, lines = profile.minimum, release.resolution
    if not minimum:
        return None
    if lines is None:
        return refuse("quality.silent", least=minimum)
    return refuse("quality.below", found=lines, least=minimum) if lines < minimum else None


def _not_allowed(profile: QualityProfile, release: Release) -> Refusal | None:
    if not profile.steps or profile.allows(found := quality_of(release).name):
        return None
    taken = tuple(step.name for step in reversed(profile.steps) if step.allowed)
    if found == "Unknown":
        return refuse("quality.unknown", taken=taken)
    return refuse("quality.not_allowed", found=found, taken=taken)
