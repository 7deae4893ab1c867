"""An episode where the household takes whole seasons."""

from __future__ import annotations

from sokoul.domain.identity import is_series
from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context


def pack_only(context: Context) -> Refusal | None:
    """Refuse single episodes of a series where only packs are taken."""
    if not context.profile.packs_only or not is_series(context.wanted.work):
        return None
    return None if context.release.full_season else refuse("pack_only.episode")
