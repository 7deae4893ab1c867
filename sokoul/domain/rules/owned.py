"""In the library already, as good or good enough."""

from __future__ import annotations

from sokoul.domain.offer import Protocol, Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.facts import Copy
from sokoul.domain.rules.standing import standing


def owned(context: Context) -> Refusal | None:
    """Refuse what would replace a file by one that is no better, or a file that meets the target."""
    if context.offer.protocol is Protocol.LIBRARY or not context.held:
        return None
    best = max(context.held, key=lambda copy: (standing(copy.release), copy.release.version))
    new, old = standing(context.release), standing(best.release)
    corrected = new == old and context.release.version > best.release.version
    if not context.facts.policy.upgrades:
        return refuse("owned.upgrades_off", name=best.name)
    if new < old:
        return refuse("owned.better", name=best.name)
    if corrected:
        return None
    return _enough(context, best) or (refuse("owned.same", name=best.name) if new == old else None)


def _enough(context: Context, best: Copy) -> Refusal | None:
    lines = best.release.resolution
    if lines is None or lines < context.profile.cutoff:
        return None
    return refuse("owned.cutoff", name=best.name, lines=lines)
