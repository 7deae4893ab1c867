"""Nobody waits for it any more."""

from __future__ import annotations

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context


def not_monitored(context: Context) -> Refusal | None:
    """Refuse what the household stopped watching for."""
    return None if context.facts.monitored else refuse("not_monitored.off")
