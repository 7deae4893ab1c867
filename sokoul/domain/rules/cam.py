"""Filmed in a cinema."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context


def cam(context: Context) -> Refusal | None:
    """Refuse when the profile does."""
    if context.release.source == "cam" and "cam" in context.profile.reject:
        return refuse("cam.filmed")
    return None
