"""A second opinion on the best results: the language model's, within its time, and never needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import structlog

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.media import Wanted
from sokoul.domain.merge import place as standing
from sokoul.domain.offer import Protocol
from sokoul.domain.opinion import Opinion, weigh
from sokoul.features.search.model import Result
from sokoul.features.search.ports import Oracle

log = structlog.get_logger(__name__)

MOST_VALIDATED: Final = 10


# By name, for names are all that a model sees: a result keeps its opinion when more is learnt of it.
Opinions = Mapping[str, Opinion]


async def ask(
    oracle: Oracle, wanted: Wanted, results: Sequence[Result], *, timeout: float
) -> tuple[Opinions, str | None]:
    """Opinions on the best accepted results, asked in one question, and what went wrong. Never fails."""
    titles = dict.fromkeys(each.judged.offer.title for each in results if _is_open(each))
    names = list(titles)[:MOST_VALIDATED]
    try:
        found = await oracle.judge(wanted, names, timeout=timeout)
    except ProviderUnavailable as err:
        log.warning("rules judge alone", why=str(err))
        return {}, f"{err}. {err.cure}" if err.cure else str(err)
    except Exception:
        log.exception("the model's part broke")
        return {}, "The language model gave an answer that broke"
    return {names[place]: opinion for place, opinion in found.items()}, None


def weighed(results: Iterable[Result], opinions: Opinions) -> list[Result]:
    """The results with the model's share in them, best first."""
    return sorted((_weighed(each, opinions) for each in results), key=lambda each: standing(each.judged))


def _weighed(result: Result, opinions: Opinions) -> Result:
    opinion = opinions.get(result.judged.offer.title)
    if opinion is None or not _is_open(result):
        return result
    return replace(result, judged=weigh(result.judged, opinion), ai_validated=True)


def _is_open(result: Result) -> bool:
    """What is turned down stays so, and what the household owns needs no opinion."""
    return not result.judged.rejected and result.judged.offer.protocol is not Protocol.LIBRARY
