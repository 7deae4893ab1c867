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
    enough = target(profile)
    if enough is not None and old >= enough:
        return refuse("owned.cutoff", name=best.name)
    return _no_gain(context, best) if new == old else None


def _no_gain(context: Context, best: Copy) -> Refusal | None:
    """Of two of the same quality, more points by the profile's formats make the better one."""
    gain = fitting(context)[0] - fitting(_of_copy(context, best))[0]
    if gain >= context.profile.upgrades.least_increment:
        return None
    return (
        refuse("owned.gain", name=best.name, gain=gain) if gain > 0 else refuse("owned.same", name=best.name)
    )


def _of_copy(context: Context, copy: Copy) -> Context:
    offer = replace(context.offer, title=copy.name, size_bytes=copy.size_bytes, flags=())
    return replace(context, offer=offer, release=copy.release, seen=Seen())
