"""Subtitles that cannot be switched off."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context


def hardcoded_subs(context: Context) -> Refusal | None:
    """Refuse subtitles burnt into the picture."""
    if context.release.hardcoded_subs:
        return refuse("hardcoded_subs.burnt")
    return None
