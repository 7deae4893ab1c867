"""Filmed in a cinema with its sound taken from a line, or scanned from a reel."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context


def telesync(context: Context) -> Refusal | None:
    """Refuse when the profile does."""
    source = context.release.source
    if source in ("telesync", "telecine") and "telesync" in context.profile.reject:
        return refuse(f"telesync.{source}")
    return None
