"""Another work of the same name and nearly the same year, which the name fits just as well."""

from __future__ import annotations

from sokoul.domain.identity import ids_agree, matches
from sokoul.domain.media import Wanted, Work
from sokoul.domain.offer import Refusal, for_now
from sokoul.domain.rules.context import Context


def ambiguous(context: Context) -> Refusal | None:
    """Refuse until somebody says which is meant, unless an id of the source or the very year decides."""
    rivals = context.facts.rivals
    if not rivals or ids_agree(context.wanted.work, context.offer):
        return None
    for rival in rivals:
        if _fits(context, rival):
            return for_now("ambiguous.works", title=rival.title, year=str(rival.year or "?"))
    return None


def _fits(context: Context, rival: Work) -> bool:
    """As well as what is wanted: a year that is nearer to one of them tells them apart."""
    stated, own, other = context.release.year, context.wanted.work.year, rival.year
    if stated and own and other and abs(stated - other) > abs(stated - own):
        return False
    wanted = Wanted(rival, context.wanted.season, context.wanted.episode)
    return not matches(wanted, context.release, context.offer)
