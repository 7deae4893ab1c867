"""A second opinion on the best results: the language model's, within its time, and never needed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import structlog

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.media import Wanted
from sokoul.domain.merge import place
from sokoul.domain.offer import Protocol
from sokoul.domain.opinion import Opinion, weigh
from sokoul.features.search.model import Result
from sokoul.features.search.ports import Oracle

log = structlog.get_logger(__name__)

MOST_VALIDATED: Final = 10


@dataclass(frozen=True, slots=True)
class Validated:
    """An opinion and the name that it is about: a result that got another name since is not judged by it."""

    name: str
    opinion: Opinion


Opinions = Mapping[uuid.UUID, Validated]


async def ask(
    oracle: Oracle, wanted: Wanted, results: Sequence[Result], *, timeout: float
) -> tuple[Opinions, str | None]:
    """Opinions on the best accepted results, asked in one question, and what went wrong. Never fails."""
    best = [each for each in results if _is_open(each)][:MOST_VALIDATED]
    names = [each.judged.offer.title for each in best]
    try:
        found = await oracle.judge(wanted, names, timeout=timeout)
    except ProviderUnavailable as err:
        log.warning("rules judge alone", why=str(err))
        return {}, f"{err}. {err.cure}" if err.cure else str(err)
    except Exception:
        log.exception("the model's part broke")
        return {}, "The language model gave an answer that broke"
    return {best[n].id: Validated(names[n], opinion) for n, opinion in found.items()}, None


def weighed(results: Iterable[Result], opinions: Opinions) -> list[Result]:
    """The results with the model's share in them, best first."""
    return sorted((_weighed(each, opinions) for each in results), key=lambda each: place(each.judged))


def _weighed(result: Result, opinions: Opinions) -> Result:
    known = opinions.get(result.id)
    if known is None or known.name != result.judged.offer.title:
        return result
    return replace(result, judged=weigh(result.judged, known.opinion), ai_validated=True)


def _is_open(result: Result) -> bool:
    """What is turned down stays so, and what the household owns needs no opinion."""
    return not result.judged.rejected and result.judged.offer.protocol is not Protocol.LIBRARY
