"""A description instead of a title: understood by the model or by rules, then looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import structlog

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.identity import choose
from sokoul.domain.meaning import Wish, read
from sokoul.domain.media import MediaType, Work
from sokoul.features.search.ports import Fit, Metadata, Oracle

log = structlog.get_logger(__name__)

# A text of fewer words is a title that nobody knows.
_FEWEST_WORDS: Final = 4
_MOST: Final = 10


async def understand(
    text: str, media_type: MediaType | None, oracle: Oracle | None, *, timeout: float
) -> tuple[Wish | None, str | None]:
    """What a text says of a work, None where it is no description; and what kept the model from telling."""
    if len(text.split()) < _FEWEST_WORDS:
        return None, None
    by_rules, problem = read(text), None
    found = by_rules if by_rules.is_no_title else None
    if oracle is not None:
        try:
            found = await oracle.understand(text, timeout=min(oracle.limit, timeout))
        except ProviderUnavailable as err:
            problem = f"{err}. {err.cure}" if err.cure else str(err)
            log.warning("rules read the description alone", why=problem)
    if found is None or not found.says_something:
        return None, problem
    return replace(found, media_type=media_type or found.media_type), problem


async def look_up(told: Wish, metadata: Metadata) -> tuple[Work | None, list[Work]]:
    """The work that is meant, and those to choose from: two that fit alike are asked back."""
    if told.title:
        found = await metadata.find(told.title, told.media_type or MediaType.UNKNOWN, told.year_from)
        work, rivals = choose(told.title, told.year_from, told.media_type, found)
        if work is not None or rivals:
            return work, rivals[:_MOST]
    fits = await metadata.discover(told)
    return _clear(fits), [fit.work for fit in fits[:_MOST]]


def _clear(fits: Sequence[Fit]) -> Work | None:
    """The one that fits best, where no other fits as well."""
    if not fits or (len(fits) > 1 and fits[1].points >= fits[0].points):
        return None
    return fits[0].work
