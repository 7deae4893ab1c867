"""Copies made before the real release: screeners, work prints, regional discs."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context

_EARLY = frozenset({"screener", "workprint", "regional"})


def screener(context: Context) -> Refusal | None:
    """Refuse when the profile does."""
    source = context.release.source
    if source in _EARLY and "screener" in context.profile.reject:
        return refuse(f"screener.{source}")
    return None
