"""A small picture blown up."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context


def upscaled(context: Context) -> Refusal | None:
    """Refuse upscaled pictures: the lines are there, the detail is not."""
    return refuse("upscaled.upscaled") if context.release.upscaled else None
