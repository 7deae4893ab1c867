"""The model's part of a ranking: bounded, stated, and the only thing that changes when it is off."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.offer import Offer, Protocol
from sokoul.domain.opinion import MOST_GAINED, MOST_LOST, Opinion
from sokoul.domain.quality import QualityProfile
from sokoul.domain.rules import Facts
from sokoul.features.search.model import Result
from sokoul.features.search.ranking import Ranking
from sokoul.features.search.validating import MOST_VALIDATED, ask

WANTED = Wanted(
    Work(MediaType.MOVIE, "Dune", 2021, original_title="Dune", runtime_minutes=155, tmdb_id=438631)
)
SEARCH = uuid.UUID(int=5)


class Model:
    """Answers by a list, fails, or breaks."""

    limit = 5.0

    def __init__(self, opinions: Sequence[Opinion] = (), error: Exception | None = None) -> None:
        self._opinions, self._error = opinions, error
        self.asked: list[tuple[str, ...]] = []

    async def judge(self, wanted: Wanted, names: Sequence[str], *, timeout: float) -> Mapping[int, Opinion]:
        self.asked.append(tuple(names))
        if self._error:
            raise self._error
        return dict(enumerate(self._opinions[: len(names)]))


def offers(count: int) -> list[Offer]:
    """As mixed as real ones: right and wrong works, good and bad pictures, the same twice."""
    chance = random.Random(3)
    names = []
    for number in range(count):
        title = chance.choice(["Dune.2021", "Dune.2021", "Dune.Part.One.2021", "Dune.1984", "Dunes", "Dune"])
        lines = chance.choice(["720p", "1080p", "1080p", "2160p"])
        source = chance.choice(["BluRay", "WEB-DL", "WEBRip", "HDCAM"])
        names.append(f"{title}.{lines}.{source}.{chance.choice(['x264', 'x265'])}-GRP{number % 400}")
    return [
        Offer(
            f"g{number}",
            name,
            f"source{number % 3}",
            size_bytes=chance.randrange(1, 20) * 10**9,
            seeders=chance.randrange(500),
        )
        for number, name in enumerate(names)
    ]


async def _ranking(count: int = 500) -> Ranking:
    ranking = Ranking(SEARCH, WANTED, QualityProfile(prefer_codecs=("hevc",)), Facts())
    await ranking.add(offers(count), until=asyncio.get_running_loop().time() + 60)
    return ranking


def _without_model(result: Result) -> Result:
    """What the rules alone said."""
    share = sum(reason.points for reason in result.judged.reasons if reason.code == "model")
    rest = tuple(reason for reason in result.judged.reasons if reason.code != "model")
    judged = replace(result.judged, score=result.judged.score - share, reasons=rest)
    return replace(result, judged=judged, ai_validated=False)


async def test_the_model_changes_only_its_stated_part() -> None:
    off, on = await _ranking(), await _ranking()
    assert len(off.results) > 400
    chance = random.Random(9)
    opinions = [Opinion(chance.random() < 0.5, chance.randrange(101), "so it seems") for _ in range(10)]
    model = Model(opinions)
    heard, problem = await ask(model, WANTED, on.results, timeout=5)
    assert problem is None
    on.hear(heard)
    assert len(model.asked[0]) == MOST_VALIDATED
    before = {result.id: result for result in off.results}
    touched = [result for result in on.results if result.ai_validated]
    assert {result.judged.offer.title for result in touched} == set(heard)
    for result in on.results:
        assert result.judged.score == sum(reason.points for reason in result.judged.reasons)
        if any(refusal.code == "model" for refusal in result.judged.refusals):
            assert before[result.id].judged.confidence < 0.9
            continue
        assert _without_model(result) == before[result.id]
        moved = result.judged.score - before[result.id].judged.score
        assert -MOST_LOST <= moved <= MOST_GAINED
        assert result.ai_validated or moved == 0


@pytest.mark.parametrize("error", [ProviderUnavailable("away", cure="Wait."), ValueError("broken")])
async def test_a_failing_model_changes_nothing(error: Exception) -> None:
    off, on = await _ranking(), await _ranking()
    heard, problem = await ask(Model(error=error), WANTED, on.results, timeout=5)
    assert problem
    assert on.hear(heard) == []
    assert on.results == off.results


async def test_rejections_are_never_lifted_nor_even_asked_about() -> None:
    ranking = await _ranking(60)
    rejected = {result.judged.offer.title for result in ranking.results if result.judged.rejected}
    model = Model([Opinion(match=True, confidence=100, reason="take it")] * 10)
    heard, _ = await ask(model, WANTED, ranking.results, timeout=5)
    ranking.hear(heard)
    assert not rejected & set(model.asked[0])
    assert {r.judged.offer.title for r in ranking.results if r.judged.rejected} == rejected


async def test_what_comes_later_keeps_the_opinions() -> None:
    ranking = await _ranking(50)
    no = Opinion(match=False, confidence=50, reason="hardly")
    heard, _ = await ask(Model([no] * 10), WANTED, ranking.results, timeout=5)
    ranking.hear(heard)
    validated = {result.id for result in ranking.results if result.ai_validated}
    later = [replace(offer, guid=f"later{n}", provider="late") for n, offer in enumerate(offers(80)[50:])]
    await ranking.add(later, until=asyncio.get_running_loop().time() + 60)
    assert {result.id for result in ranking.results if result.ai_validated} == validated
    scores = [result.judged.score for result in ranking.results if not result.judged.rejected]
    assert scores == sorted(scores, reverse=True)


async def test_what_the_household_owns_needs_no_opinion() -> None:
    ranking = Ranking(SEARCH, WANTED, QualityProfile(), Facts())
    own = Offer(
        "own", "Dune.2021.1080p.BluRay.x264", "library", protocol=Protocol.LIBRARY, size_bytes=9 * 10**9
    )
    await ranking.add([own], until=asyncio.get_running_loop().time() + 5)
    model = Model()
    assert await ask(model, WANTED, ranking.results, timeout=5) == ({}, None)
    assert model.asked == [()]
