"""Writes down whether a file is what its release's name promised, before the name is forgotten."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from sokoul.domain.claims import Outcome, compare
from sokoul.domain.mediafacts import MediaFacts
from sokoul.domain.release import parse
from sokoul.features.library.model import Placement

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a download was offered as, and by which sources."""

    name: str
    indexers: tuple[str, ...] = ()


class Claims(Protocol):
    """Where promises and outcomes are kept."""

    async def promise(self, download_id: uuid.UUID) -> Promise | None:
        """What a download was offered as; None where nobody knows it."""
        ...

    async def write(
        self,
        download_id: uuid.UUID,
        index: int,
        promise: Promise,
        group: str | None,
        outcomes: Sequence[Outcome],
    ) -> None:
        """Once for each file of a download and each claim; again changes nothing."""
        ...


class Ledger:
    """Compares and writes."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims

    async def enter(
        self,
        download_id: uuid.UUID,
        index: int,
        facts: MediaFacts | None,
        problem: str | None,
        placement: Placement,
    ) -> None:
        """The outcomes of one file of a download that was offered under a name."""
        promise = await self._claims.promise(download_id)
        if promise is None:
            return
        release = parse(promise.name)
        outcomes = compare(release, facts, problem=problem, runtime=_runtime(placement))
        await self._claims.write(download_id, index, promise, release.group, outcomes)
        broken = [one.claim for one in outcomes if not one.kept]
        if broken:
            log.warning("file is not what its name said", release=promise.name, claims=broken)


def _runtime(placement: Placement) -> int | None:
    """The minutes that one file should last; of a double episode nobody knows."""
    if not placement.is_episode:
        return placement.work.runtime_minutes
    if len(placement.episodes) != 1:
        return None
    known = [work.runtime_minutes for work in placement.episode_works]
    return known[0] if known and known[0] else placement.work.runtime_minutes
