"""Filmed in a cinema."""

from __future__ import annotations

from sokoul.domain.offer import Refusal
from sokoul.domain.rules.context import Context


def cam(context: Context) -> Refusal | None:
    """Refuse when the profile does."""
    if context.release.source == "cam" and "cam" in context.profile.reject:
        return Refusal("cam", "It was filmed in a cinema")
    return None
