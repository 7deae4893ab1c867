"""A picture in two halves."""

from __future__ import annotations

from sokoul.domain.offer import Refusal
from sokoul.domain.rules.context import Context


def three_d(context: Context) -> Refusal | None:
    """Refuse 3D."""
    return Refusal("three_d", "It is a 3D picture") if context.release.three_d else None
