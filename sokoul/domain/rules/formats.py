"""The custom formats that a release fits, and the points they give it."""

from __future__ import annotations

from sokoul.domain.formats import Described, format_score
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.words import beyond_title


def fitting(context: Context) -> tuple[int, tuple[tuple[str, int], ...]]:
    """The sum of the points, and the formats with theirs; worked out once for an offer."""
    if not context.profile.formats:
        return 0, ()
    if context.seen.formats is None:
        described = Described(
            context.release,
            beyond_title(context),
            context.wanted.work.original_language,
            context.offer.size_bytes,
            frozenset(context.offer.flags),
        )
        scored = ((each.format, each.points) for each in context.profile.formats)
        context.seen.formats = format_score(scored, described)
    return context.seen.formats
