"""No language that the household understands."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context


def language(context: Context) -> Refusal | None:
    """Refuse when languages are stated and none is accepted; a silent name speaks the original language."""
    accepted = context.profile.languages
    if not accepted or context.release.multi:
        return None
    spoken = context.release.languages or tuple(filter(None, [context.wanted.work.original_language]))
    if not spoken or not set(spoken).isdisjoint(accepted):
        return None
    return refuse("language.other", found=spoken, wanted=accepted)
