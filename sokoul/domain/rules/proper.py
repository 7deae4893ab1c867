"""A corrected release of a file that is there."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.facts import Copy, Propers
from sokoul.domain.rules.standing import standing


def corrected(context: Context) -> Copy | None:
    """The file that this release would correct: the same quality in an earlier version."""
    version, own = context.release.version, standing(context.release, context.profile)
    if version < 2:
        return None
    same = (copy for copy in context.held if standing(copy.release, context.profile) == own)
    return next((copy for copy in same if copy.release.version < version), None)


def proper(context: Context) -> Refusal | None:
    """Refuse where corrections are not taken, or when the file has been there too long to be bad."""
    before = corrected(context)
    if before is None:
        return None
    policy, now = context.facts.policy, context.facts.now
    if policy.propers is Propers.NEVER:
        return refuse("proper_file.off", name=before.name)
    if now is not None and now - before.added_at > policy.propers_within:
        return refuse("proper_file.old", name=before.name, days=policy.propers_within.days)
    return None
