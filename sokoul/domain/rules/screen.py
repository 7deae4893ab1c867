"""Not to be seen on the screen it is for."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.screen import Way, fit


def screen(context: Context) -> Refusal | None:
    """Refuse what neither the screen plays nor the box can turn into something it plays."""
    profile = context.profile
    if profile.screen is None or not profile.refuse_unplayable or context.offer.protocol is Protocol.LIBRARY:
        return None
    found = fit(profile.screen, context.release, profile.box)
    if found.way is not Way.IMPOSSIBLE:
        return None
    return refuse("screen.impossible", screen=profile.screen.name, obstacle=found.obstacle)
