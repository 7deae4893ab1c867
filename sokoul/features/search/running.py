"""One run of one search: identify, ask everybody, judge what comes, write and tell it as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sokoul import metrics
from sokoul.domain.debrid import Service
from sokoul.domain.identity import namesakes
from sokoul.domain.quality import QualityProfile
from sokoul.features.search import document
from sokoul.features.search.asking import Answer, ask_all
from sokoul.features.search.identify import Meaning, identify, question
from sokoul.features.search.model import Answered, ProviderState, Result, Search, Stage, Status
from sokoul.features.search.ports import Household, Live, Oracle, Ready, SearchStore
from sokoul.features.search.ranking import Ranking
from sokoul.features.search.ready import marked
from sokoul.features.search.resolving import Change, Resolving
from sokoul.features.search.sources import Sources
from sokoul.features.search.stages import Stages
from sokoul.features.search.validating import ask
from sokoul.lifecycle import Tasks

# The part of the whole time that finding out what is meant may take.
METADATA_SHARE = 0.4
# The part of the time left that the model may take at the end.
MODEL_SHARE = 0.3
LIBRARY = "library"
_MOST_PER_EVENT = 40
# Seconds past the deadline in which what has come may still be judged.
_GRACE = 0.15


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: how long a search may take, how long its answer is kept."""

    timeout: float = 30.0
    kept: float = 86_400.0

    @property
    def readable(self) -> float:
        """Seconds a search can be read: an hour at least, even where no answer is kept."""
        return max(self.kept, 3600.0)


class Run:
    """Does one search to its end; running it again writes the same rows."""

    def __init__(
        self,
        search: Search,
        sources: Sources,
        profile: QualityProfile,
        *,
        store: SearchStore,
        household: Household,
        live: Live,
        times: Times,
        ready: Ready,
    ) -> None:
        self._search, self._sources, self._profile = search, sources, profile
        self._ready, self._services = ready, frozenset[Service]()
        self._store, self._household, self._live, self._times = store, household, live, times
        self._clock = asyncio.get_running_loop().time
        self._started = self._clock()
        self._stages = Stages(self._waited(), self._tell_stages)
        self._states: dict[str, ProviderState] = {}

    async def go(self) -> tuple[Search, list[ProviderState], Ranking]:
        """The search with its end, how the sources fared, and the results."""
        budget = self._budget()
        deadline = self._started + budget
        meaning = await self._identify(budget * METADATA_SHARE)
        self._services = await self._ready.services(self._search.user_id)
        facts = await self._household.facts(meaning.wanted)
        rivals = namesakes(meaning.wanted.work, meaning.candidates)
        facts = replace(facts, rivals=tuple(rivals))
        ranking = Ranking(self._search.id, meaning.wanted, self._profile, facts)
        await self._ask_all(meaning, ranking, deadline)
        return await self._finish(ranking), list(self._states.values()), ranking

    def _budget(self) -> float:
        """Seconds left: a moment spent waiting for a worker counts, a long queue does not eat everything."""
        return self._times.timeout - min(self._waited(), self._times.timeout / 2)

    def _waited(self) -> float:
        return max(0.0, (datetime.now(UTC) - self._search.created_at).total_seconds())

    async def _identify(self, limit: float) -> Meaning:
        await self._stages.begin("metadata", limit)
        meaning = await identify(
            self._search.wish, self._sources.metadata, timeout=limit, oracle=self._sources.oracle
        )
        self._stages.end("metadata", meaning.problem)
        work = meaning.wanted.work if meaning.known else None
        candidates = [document.candidate(each) for each in meaning.candidates]
        self._search = replace(
            self._search, identified=work, candidates=tuple(candidates), understood=meaning.understood
        )
        await self._store.identify(self._search.id, work, meaning.understood, candidates, self._stages.all())
        await self._tell("search.identified", document.meaning(self._search))
        return meaning

    async def _ask_all(self, meaning: Meaning, ranking: Ranking, deadline: float) -> None:
        """The sources, and the model about what they gave."""
        tasks, complete = Tasks("search"), asyncio.Event()
        oracle = self._sources.oracle
        try:
            work = self._validate(oracle, meaning, ranking, complete, deadline) if oracle else None
            validating = tasks.spawn("model", work) if work else None
            resolving = self._resolving(ranking, tasks, deadline)
            await self._ask(meaning, ranking, resolving, deadline)
            await self._settle(resolving)
            complete.set()
            if validating is not None:
                await validating
        finally:
            await tasks.close()

    async def _validate(
        self, oracle: Oracle, meaning: Meaning, ranking: Ranking, complete: asyncio.Event, deadline: float
    ) -> None:
        """Ask the model when all have answered, or when no more than its own time is left."""
        limit = min(oracle.limit, (deadline - self._clock()) * MODEL_SHARE)
        with suppress(TimeoutError):
            async with asyncio.timeout_at(deadline - limit):
                await complete.wait()
        await self._stages.begin("model", limit)
        opinions, problem = await ask(oracle, meaning.wanted, ranking.results, timeout=limit)
        self._stages.end("model", problem)
        await self._show(ranking.hear(opinions))

    def _resolving(self, ranking: Ranking, tasks: Tasks, deadline: float) -> Resolving | None:
        """Reads the links of results without a hash or a resolution, where somebody can."""
        links, playlists = self._sources.links, self._sources.playlists
        if links is None and playlists is None:
            return None

        async def learn(url: str, change: Change) -> None:
            before = ranking.at(url)
            after = await marked([change(each) for each in before], self._ready, self._services)
            await self._show(ranking.learn(dict(zip(before, after, strict=True))))

        return Resolving(links, playlists, tasks, learn, deadline=deadline)

    async def _settle(self, resolving: Resolving | None) -> None:
        if resolving is None:
            return
        problem = await resolving.settle()
        if resolving.began is not None:
            self._stages.end("resolve", problem, took=resolving.ended - resolving.began)

    async def _look(self, resolving: Resolving | None, ranking: Ranking, deadline: float) -> None:
        """Links that came with the last answer are read while the others are waited for."""
        if resolving is None:
            return
        before = resolving.began
        resolving.look(ranking.results)
        if before is None and resolving.began is not None:
            await self._stages.begin("resolve", deadline - resolving.began)

    async def _ask(
        self, meaning: Meaning, ranking: Ranking, resolving: Resolving | None, deadline: float
    ) -> None:
        indexers = self._sources.all()
        limit = max(0.0, deadline - self._clock())
        since = self._stages.since_asked()
        self._states = {
            each.name: ProviderState(
                each.name, started_ms=since, limit_ms=round(min(each.timeout or limit, limit) * 1000)
            )
            for each in indexers
        }
        await self._store.put_providers(self._search.id, list(self._states.values()))
        await self._stages.begin("providers", limit)
        await self._stages.begin("scoring", limit)
        judging = 0.0
        async with aclosing(ask_all(indexers, question(meaning.wanted), deadline=deadline)) as answers:
            async for answer in answers:
                before = self._clock()
                await self._take(answer, ranking, deadline)
                judging += self._clock() - before
                await self._look(resolving, ranking, deadline)
                await self._stages.worked("scoring", judging)
        self._stages.end("providers")
        self._stages.end("scoring", took=judging)

    async def _take(self, answer: Answer, ranking: Ranking, deadline: float) -> None:
        """Judge, write down and tell one source's answer."""
        offers = await marked(answer.offers, self._ready, self._services)
        changed, unread = await ranking.add(offers, until=deadline + _GRACE)
        if unread:
            late = f"{unread} of its {len(answer.offers)} releases came too late to be judged"
            answer = Answer(replace(answer.state, error=late))
        asked = self._states[answer.state.name]
        state = replace(answer.state, started_ms=asked.started_ms, limit_ms=asked.limit_ms)
        self._states[state.name] = state
        await self._write(changed)
        await self._store.put_providers(self._search.id, [state])
        await self._tell("search.provider", document.provider(state))
        await self._tell_results(changed)

    async def _show(self, changed: Sequence[Result]) -> None:
        await self._write(changed)
        await self._tell_results(changed)

    async def _write(self, changed: Sequence[Result]) -> None:
        expires = self._expires(self._times.readable)
        await self._store.put_results(self._search.id, changed, expires_at=expires)

    async def _tell_results(self, changed: Sequence[Result]) -> None:
        for start in range(0, len(changed), _MOST_PER_EVENT):
            part = [document.result(each) for each in changed[start : start + _MOST_PER_EVENT]]
            await self._tell("search.results", {"results": part})

    async def _finish(self, ranking: Ranking) -> Search:
        states = list(self._states.values())
        status = outcome(states)
        duration = round((self._clock() - self._started) * 1000)
        expires = self._expires(self._times.readable)
        await self._store.finish(
            self._search.id,
            status,
            duration_ms=duration,
            stages=self._stages.all(),
            kept=[result.id for result in ranking.results],
            expires_at=expires,
        )
        metrics.SEARCH_DURATION.labels(self._search.wish.media_type or "any").observe(duration / 1000)
        return replace(
            self._search,
            status=status,
            duration_ms=duration,
            stages=tuple(self._stages.all()),
            expires_at=expires,
            finished=True,
        )

    async def _tell_stages(self, stages: Sequence[Stage]) -> None:
        """What runs now, and how long it may: in the row first, for that is what readers ask for."""
        await self._store.put_stages(self._search.id, stages)
        await self._tell("search.stages", {"stages": [document.stage(each) for each in stages]})

    def _expires(self, seconds: float) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=seconds)

    async def _tell(self, event: str, data: document.Document) -> None:
        told = {"search_id": str(self._search.id), **data}
        await self._live.tell(f"search:{self._search.id}", event, told)


def outcome(states: Sequence[ProviderState]) -> Status:
    """Failed means that nobody answered; an empty library is no answer where others were to be asked."""
    if any(state.status is Answered.OK and (state.name != LIBRARY or state.count) for state in states):
        return Status.COMPLETED
    outside = [state for state in states if state.name != LIBRARY]
    return Status.FAILED if outside else Status.COMPLETED
