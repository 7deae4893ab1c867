"""A small picture blown up."""

from __future__ import annotations

from sokoul.domain.offer import Refusal
from sokoul.domain.rules.context import Context


def upscaled(context: Context) -> Refusal | None:
    """Refuse upscaled pictures: the lines are there, the detail is not."""
    return Refusal("upscaled", "It is a small picture blown up") if context.release.upscaled else None
