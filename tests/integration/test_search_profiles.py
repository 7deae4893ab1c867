"""Profiles and searches together: which one counts, what a change does to kept answers, the order anew."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from sokoul.bus.bus import Bus
from sokoul.domain.errors import Invalid, NotFound, WrongState
from sokoul.domain.quality import QualityProfile
from sokoul.features.profiles.model import Habits
from sokoul.features.profiles.service import ProfileService
from sokoul.features.search.model import SearchWish, Status
from sokoul.features.search.running import Times
from sokoul.features.search.service import SearchService
from sokoul.store.cache import Cache
from sokoul.store.database import Database
from sokoul.store.household import Household
from sokoul.store.profiles import ProfileStore
from sokoul.testing.fake_indexer import FakeIndexer
from tests.integration.test_search_service import House, release

RELEASES = [
    release("Dune.Part.Two.2024.2160p.WEB-DL.x265-GRP", 22, 200),
    release("Dune.Part.Two.2024.1080p.WEB-DL.x264-GRP", 8, 200),
    release("Dune.Part.Two.2024.720p.WEB-DL.x264-GRP", 3, 200),
]
ANY = QualityProfile("any", minimum=0, cutoff=720)


class Home(House):
    """A household whose profiles lie in the database."""

    book: ProfileService

    def make(self, *, timeout: float) -> SearchService:
        self.book = self.another_process()
        return SearchService(
            self.sources,
            self.book,
            store=self.store,
            household=Household(self.database),
            cache=self.cache,
            live=self.bus,
            wake=self.outbox.wake,
            times=Times(timeout=timeout),
        )

    def another_process(self) -> ProfileService:
        """The same profiles, as another process keeps them."""
        return ProfileService({"hd": QualityProfile()}, "hd", ProfileStore(self.database), self.bus)

    def asked(self) -> int:
        return sum(len(fake.requests) for fake in self.fakes)

    fakes: list[FakeIndexer]


@pytest.fixture
async def home(database: Database, cache: Cache, bus: Bus) -> AsyncIterator[Home]:
    async with AsyncExitStack() as stack:
        home = Home(database, cache, bus, stack)
        stack.push_async_callback(home.tasks.close)
        home.fakes = [await stack.enter_async_context(FakeIndexer(list(RELEASES)))]
        await home.indexers(*home.fakes)
        await home.open()
        await home.book.load()
        yield home


def _order(told: dict[str, Any]) -> list[str]:
    return [result["release"]["resolution"] for result in told["results"] if not result["rejected"]]


async def test_another_profile_judges_the_same_results_and_the_order_changes(home: Home) -> None:
    alice = await home.user()
    first = await home.search(alice, "Dune Part Two")
    assert (_order(first), first["profile"]) == (["1080p", "2160p"], "hd")
    await home.book.add(ANY)
    before = home.asked()
    asked = await home.service.under(uuid.UUID(first["search_id"]), "any", alice)
    second = await home.ended(asked, alice)
    assert home.asked() == before, "the sources were asked again"
    assert (_order(second), second["profile"]) == (["720p", "1080p", "2160p"], "any")
    assert second["search_id"] != first["search_id"]
    assert [state["name"] for state in second["providers"]] == [state["name"] for state in first["providers"]]
    assert _order(json.loads(await home.service.answer(uuid.UUID(first["search_id"]), alice))) == _order(
        first
    )
    # And once more it is known, also to who asks for it from the start.
    again = await home.service.under(uuid.UUID(first["search_id"]), "any", alice)
    assert (again.search_id, again.status) == (asked.search_id, Status.COMPLETED)
    fresh = await home.service.request(SearchWish("Dune Part Two", profile="any"), alice)
    assert fresh.search_id == asked.search_id


async def test_only_what_one_may_read_and_what_is_there_is_judged_anew(home: Home) -> None:
    alice, bob = await home.user(), await home.user("bob")
    first = await home.search(alice, "Dune Part Two")
    search_id = uuid.UUID(first["search_id"])
    with pytest.raises(NotFound):
        await home.service.under(search_id, "hd", bob)
    with pytest.raises(Invalid):
        await home.service.under(search_id, "nothing", alice)
    home.fakes[0].hang = 20
    running = await home.service.request(SearchWish("Dune"), alice)
    with pytest.raises(WrongState):
        await home.service.under(running.search_id, "hd", alice)


async def test_kept_answers_do_not_survive_a_change_of_the_profile(home: Home) -> None:
    alice = await home.user()
    await home.book.add(ANY)
    first = await home.search(alice, "Dune Part Two", profile="any")
    assert _order(first)[0] == "720p"
    await home.book.change("any", replace(ANY, minimum=1080, cutoff=2160))
    second = await home.search(alice, "Dune Part Two", profile="any")
    assert second["search_id"] != first["search_id"]
    assert _order(second) == ["2160p", "1080p"]
    await home.book.change("any", ANY)
    third = await home.search(alice, "Dune Part Two", profile="any")
    assert (third["search_id"], third["cached"]) == (first["search_id"], True)


async def test_a_change_between_question_and_work_counts_and_is_not_kept_as_the_old_answer(
    home: Home,
) -> None:
    alice, bob = await home.user(), await home.user("bob")
    await home.book.add(ANY)
    home.fakes[0].hang = 0.5
    asked = await home.service.request(SearchWish("Dune Part Two", profile="any"), alice)
    elsewhere = home.another_process()
    await elsewhere.load()
    changed = replace(ANY, minimum=1080, cutoff=2160)
    await elsewhere.change("any", changed)
    told = await home.ended(asked, alice)
    await elsewhere.change("any", ANY)
    await home.book.fresh()
    home.fakes[0].hang = 0
    again = await home.search(bob, "Dune Part Two", profile="any")
    if _order(told)[0] == "2160p":  # the worker had seen the change before it judged
        assert again["search_id"] != told["search_id"]
    assert _order(again)[0] == "720p"


async def test_a_person_has_an_own_default_and_a_ceiling(home: Home) -> None:
    alice, child = await home.user(), await home.user("child")
    await home.book.add(ANY)
    await home.book.set_habits(child, Habits("any", 1080))
    assert _order(await home.search(alice, "Dune Part Two")) == ["1080p", "2160p"]
    told = await home.search(child, "Dune Part Two")
    assert _order(told) == ["720p", "1080p"]
    (high,) = [result for result in told["results"] if result["rejected"]]
    assert high["rejection_codes"] == ["ceiling"]
    assert high["refusals"][0]["message"] == "It is 2160p; your account goes up to 1080p"
    # No other profile lifts it, and nobody else gets the child's answers.
    judged = await home.service.under(uuid.UUID(told["search_id"]), "hd", child)
    assert "2160p" not in _order(await home.ended(judged, child))
    assert _order(await home.search(alice, "Dune Part Two", profile="any"))[-1] == "2160p"


async def test_other_processes_follow(home: Home) -> None:
    elsewhere = home.another_process()
    await elsewhere.load()
    await elsewhere.add(ANY)
    await home.book.fresh()
    assert home.book.choose("any", None) == ANY
    await elsewhere.drop("any")
    await home.book.fresh()
    with pytest.raises(Invalid):
        home.book.choose("any", None)
