"""In the library already, as good or good enough."""

from __future__ import annotations

from dataclasses import replace

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context, Seen
from sokoul.domain.rules.facts import Copy
from sokoul.domain.rules.formats import fitting
from sokoul.domain.rules.standing import standing, target


def owned(context: Context) -> Refusal | None:
    """Refuse what would replace a file by one that is no better, or a file that meets the target."""
    if context.offer.protocol is Protocol.LIBRARY or not context.held:
        return None
    profile = context.profile
    best = max(context.held, key=lambda copy: (standing(copy.release, profile), copy.release.version))
    new, old = standing(context.release, profile), standing(best.release, profile)
    if not (context.facts.policy.upgrades and profile.upgrades.allowed):
        return refuse("owned.upgrades_off", name=best.name)
    if new < old:
        return refuse("owned.better", name=best.name)
    if new == old and context.release.version > best.release.version:
        return None  # a correction, which has rules of its own
    enough, met = target(profile), _formats_met(context, best)
    picture_met = enough is not None and old >= enough
    if picture_met and met is not False:
        return refuse("owned.cutoff", name=best.name)
    if new > old and not picture_met:
        return None
    if met:
        return refuse("owned.formats_met", name=best.name, least=profile.cutoff_format_score or 0)
    return _no_gain(context, best)


def _formats_met(context: Context, best: Copy) -> bool | None:
    """Whether the file has the points from which no more are looked for; None where none are named."""
    wished = context.profile.cutoff_format_score
    return None if wished is None else fitting(_of_copy(context, best))[0] >= wished


def _no_gain(context: Context, best: Copy) -> Refusal | None:
    """Where the picture alone decides nothing, more points by the profile's formats make the better one."""
    gain = fitting(context)[0] - fitting(_of_copy(context, best))[0]
    if gain >= context.profile.upgrades.least_increment:
        return None
    return (
        refuse("owned.gain", name=best.name, gain=gain) if gain > 0 else refuse("owned.same", name=best.name)
    )


def _of_copy(context: Context, copy: Copy) -> Context:
    offer = replace(context.offer, title=copy.name, size_bytes=copy.size_bytes, flags=())
    return replace(context, offer=offer, release=copy.release, seen=Seen())
