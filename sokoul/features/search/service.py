"""Searching: a known answer at once, else a job; the job finds, judges and keeps the answer."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from sokoul import metrics
from sokoul.domain.debrid import Service
from sokoul.domain.errors import Invalid, NotFound, Unavailable, WrongState
from sokoul.domain.identity import namesakes
from sokoul.domain.judge import CHUNK, judge_again
from sokoul.domain.media import Work
from sokoul.domain.merge import ranked
from sokoul.domain.quality import QualityProfile
from sokoul.domain.titles import normalise
from sokoul.features.search import document
from sokoul.features.search.answers import AnswerCache
from sokoul.features.search.identify import Read
from sokoul.features.search.model import Asked, NewSearch, ProviderState, Result, Search, SearchWish, Status
from sokoul.features.search.ports import Cache, Household, Live, ProfileBook, Ready, SearchStore
from sokoul.features.search.ready import NothingReady, marked
from sokoul.features.search.running import Run, Times
from sokoul.features.search.sources import Sources
from sokoul.features.search.validating import ask, weighed

log = structlog.get_logger(__name__)

# A search older than this many times its time limit has lost its worker for good.
_LOST_AFTER = 10.0


class SearchService:
    """Ask for, run and read searches."""

    def __init__(
        self,
        sources: Sources,
        profiles: ProfileBook,
        *,
        store: SearchStore,
        household: Household,
        cache: Cache,
        live: Live,
        wake: Callable[[], None],
        times: Times | None = None,
        ready: Ready | None = None,
    ) -> None:
        self._ready = ready or NothingReady()
        self._sources, self._profiles, self._store = sources, profiles, store
        self._household, self._live, self._wake = household, live, wake
        self._times = times or Times()
        self._answers = AnswerCache(cache, store, self._times.kept)

    def use(self, times: Times) -> None:
        """Other times from now on; searches that run keep theirs."""
        self._times = times
        self._answers.kept = times.kept

    async def request(self, wish: SearchWish, by: uuid.UUID) -> Asked:
        """A kept answer as ready bytes, else a job (one for all who ask the same meanwhile)."""
        profile = self._profiles.choose(wish.profile, by)
        metrics.SEARCH_REQUESTS.labels(wish.media_type or "any").inc()
        return await self._kept_or_new(wish, profile, by)

    async def under(self, search_id: uuid.UUID, profile: str, by: uuid.UUID) -> Asked:
        """The same results judged by another profile: a search of its own, for others may read the first.

        Raises NotFound, Invalid (no such profile) and WrongState (it has not ended yet).
        """
        search = await self._store.one(search_id)
        if search is None or not search.readable_by(by) or search.expires_at < datetime.now(UTC):
            raise NotFound("There is no such search")
        if search.status is not Status.COMPLETED:
            raise WrongState("This search has not ended yet; its results can be judged anew then")
        wish = replace(search.wish, profile=profile)
        return await self._kept_or_new(wish, self._profiles.choose(profile, by), by, origin=search)

    async def _kept_or_new(
        self, wish: SearchWish, profile: QualityProfile, by: uuid.UUID, *, origin: Search | None = None
    ) -> Asked:
        key = self._key(wish, profile, await self._ready.services(by))
        kept = await self._answers.find(key, by)
        if kept is not None:
            return Asked(kept[0], Status.COMPLETED, kept[1])
        search_id, now = uuid.uuid4(), datetime.now(UTC)
        readable = now + timedelta(seconds=self._times.readable)
        new = NewSearch(
            id=search_id,
            user_id=by,
            cache_key=key,
            wish=wish,
            profile=profile.name,
            trail_id=search_id.hex,
            expires_at=min(readable, origin.expires_at) if origin else readable,
            origin=origin.id if origin else None,
        )
        lost = now - timedelta(seconds=self._times.timeout * _LOST_AFTER)
        found, joined = await self._store.add(new, join_since=lost)
        if not joined:
            self._wake()
        return Asked(found, Status.PENDING)

    async def run(self, search_id: uuid.UUID) -> None:
        """Do the search; a second delivery of the job does nothing, or the same again."""
        search = await self._store.one(search_id)
        if search is None or search.finished or not await self._store.begin(search_id):
            return
        profile = await self._profile_of(search)
        if search.origin is not None and await self._from_origin(search, search.origin, profile):
            return
        run = Run(
            search,
            self._sources,
            profile,
            store=self._store,
            household=self._household,
            live=self._live,
            times=self._times,
            ready=self._ready,
        )
        done, states, ranking = await run.go()
        await self._publish(done, states, ranking.results, profile)
        if self._sources.model_elsewhere and done.status is Status.COMPLETED:
            await self._store.score_again(search_id, search.trail_id)
            self._wake()

    async def answer(self, search_id: uuid.UUID, by: uuid.UUID) -> bytes:
        """The document of a search this user may read; raises NotFound."""
        kept = await self._answers.of(search_id, by)
        return kept if kept is not None else document.encoded(await self._document(search_id, by))

    async def by_provider(self, search_id: uuid.UUID, by: uuid.UUID) -> document.Document:
        """The results grouped by source; raises NotFound."""
        told = json.loads(await self.answer(search_id, by))
        return document.grouped(search_id, told)

    async def score_again(self, search_id: uuid.UUID, by: uuid.UUID) -> None:
        """Leave a job that judges the results anew; raises NotFound."""
        if not await self._store.may_read(search_id, by):
            raise NotFound("There is no such search")
        await self._store.score_again(search_id, search_id.hex)
        self._wake()

    async def rescore(self, search_id: uuid.UUID) -> None:
        """Judge the results of a finished search anew by today's rules, profile, blocklist and model."""
        search = await self._store.one(search_id)
        if search is None or search.status is not Status.COMPLETED or search.expires_at < datetime.now(UTC):
            return
        profile = await self._profile_of(search)
        results = await self._rejudged(search, await self._store.results(search.id), profile)
        await self._store.put_results(search.id, results, expires_at=search.expires_at)
        await self._publish(search, await self._store.providers(search.id), results, profile)

    async def readable(self, search_id: uuid.UUID, by: uuid.UUID) -> bool:
        """Whether this user may read the search."""
        return await self._store.may_read(search_id, by)

    def _key(self, wish: SearchWish, profile: QualityProfile, services: frozenset[Service]) -> str:
        words = normalise(wish.query) or wish.query.casefold()
        asked = [words, wish.media_type, wish.year, wish.tmdb_id, wish.season, wish.episode]
        sources = [*self._sources.names(), *sorted(services)]
        told = json.dumps([asked, self._profiles.fingerprint(profile), sources], ensure_ascii=False)
        return hashlib.sha256(told.encode(errors="replace")).hexdigest()

    async def _profile_of(self, search: Search) -> QualityProfile:
        """The profile asked for as it is now, or the default one where it is gone since."""
        await self._profiles.fresh()
        try:
            return self._profiles.choose(search.profile, search.user_id)
        except Invalid:
            return self._profiles.choose(None, search.user_id)

    async def _from_origin(self, search: Search, origin_id: uuid.UUID, profile: QualityProfile) -> bool:
        """Judge another search's results for this one; False where they are forgotten by now."""
        started = asyncio.get_running_loop().time()
        origin, known = await self._store.one(origin_id), await self._store.results(origin_id)
        if origin is None or not known:
            return False
        found = replace(
            search,
            identified=origin.identified,
            candidates=origin.candidates,
            understood=origin.understood,
            stages=origin.stages,
        )
        states = await self._store.providers(origin_id)
        own = [Result.of(search.id, result.judged) for result in known]
        results = await self._rejudged(found, own, profile)
        await self._store.identify(
            search.id, found.identified, found.understood, found.candidates, found.stages
        )
        await self._store.put_providers(search.id, states)
        await self._store.put_results(search.id, results, expires_at=search.expires_at)
        took = round((asyncio.get_running_loop().time() - started) * 1000)
        await self._store.finish(
            search.id,
            Status.COMPLETED,
            duration_ms=took,
            stages=found.stages,
            kept=[result.id for result in results],
            expires_at=search.expires_at,
        )
        done = replace(found, status=Status.COMPLETED, duration_ms=took, finished=True)
        await self._publish(done, states, results, profile)
        return True

    async def _publish(
        self, search: Search, states: list[ProviderState], results: list[Result], profile: QualityProfile
    ) -> None:
        """Keep the answer and say that it is there.

        A profile that changed since the question is another question: its answer is none to the first.
        """
        services = await self._ready.services(search.user_id)
        asked = self._key(search.wish, profile, services) == search.cache_key
        await self._answers.keep(search, states, results, as_answer=asked)
        told: dict[str, Any] = {
            "search_id": str(search.id),
            "status": search.status,
            "duration_ms": search.duration_ms,
            "count": len(results),
        }
        await self._live.tell(f"search:{search.id}", "search.finished", told)

    async def _rejudged(self, search: Search, known: list[Result], profile: QualityProfile) -> list[Result]:
        read = Read.of(search.wish)
        wanted = read.wanted(search.identified or read.alone())
        facts = await self._household.facts(wanted)
        facts = replace(facts, rivals=_rivals(search, wanted.work))
        known = await self._marked(known, search.user_id)
        rejudged = {}
        for number, result in enumerate(known, 1):
            judged = judge_again(result.judged, wanted, profile, facts)
            rejudged[id(judged)] = result.rejudged(judged)
            if number % CHUNK == 0:
                # About 10 ms of work: let others run.
                await asyncio.sleep(0)
        results = [rejudged[id(judged)] for judged in ranked(r.judged for r in rejudged.values())]
        oracle = self._sources.oracle
        if oracle is None:
            return results
        opinions, _ = await ask(oracle, wanted, results, timeout=oracle.limit)
        return weighed(results, opinions)

    async def _marked(self, known: list[Result], user_id: uuid.UUID | None) -> list[Result]:
        """The results, with what is known by now of where they are ready."""
        services = await self._ready.services(user_id)
        offers = await marked([result.judged.offer for result in known], self._ready, services)
        return [
            result.rejudged(replace(result.judged, offer=offer))
            for result, offer in zip(known, offers, strict=True)
        ]

    async def _document(self, search_id: uuid.UUID, by: uuid.UUID) -> document.Document:
        search = await self._store.one(search_id)
        if search is None or not search.readable_by(by) or search.expires_at < datetime.now(UTC):
            raise NotFound("There is no such search")
        states = await self._store.providers(search_id)
        results = await self._store.results(search_id)
        return document.document(self._not_lost(search), states, results)

    def _not_lost(self, search: Search) -> Search:
        """A search whose worker is gone for good has failed, whatever its row says."""
        age = (datetime.now(UTC) - search.created_at).total_seconds()
        lost = not search.finished and age > self._times.timeout * _LOST_AFTER
        return replace(search, status=Status.FAILED) if lost else search


def _rivals(search: Search, work: Work) -> tuple[Work, ...]:
    """The other works that were offered to choose from."""
    return tuple(namesakes(work, (document.offered(each) for each in search.candidates)))


__all__ = ["Asked", "SearchService", "SearchWish", "Times", "Unavailable"]
