"""Copies made before the real release: screeners, work prints, regional discs."""

from __future__ import annotations

from sokoul.domain.offer import Refusal
from sokoul.domain.rules.context import Context

_NAMES = {"screener": "a screener", "workprint": "a work print", "regional": "an early regional disc"}


def screener(context: Context) -> Refusal | None:
    """Refuse when the profile does."""
    name = _NAMES.get(context.release.source or "")
    if name and "screener" in context.profile.reject:
        return Refusal("screener", f"It is {name}, made before the real release")
    return None
