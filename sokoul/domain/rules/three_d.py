"""A picture in two halves."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context


def three_d(context: Context) -> Refusal | None:
    """Refuse 3D."""
    return refuse("three_d.three_d") if context.release.three_d else None
