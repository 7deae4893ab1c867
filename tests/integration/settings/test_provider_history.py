"""Askings are kept in bounds, summed up by the hour, and told with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sokoul.domain.errors import NotFound
from sokoul.features.providers.model import Ask, Outcome, percentile
from sokoul.features.providers.recording import Recorder
from sokoul.features.providers.service import ProviderService
from sokoul.store.database import Database
from sokoul.store.providers import KEPT, ProviderHistory


class Sources:
    """Sources of a process, and the bell of the household."""

    def __init__(self, *names: str) -> None:
        self.names, self.woken, self.rung = names, list[str](), list[Mapping[str, Any]]()

    def asked(self) -> Mapping[str, str]:
        return dict.fromkeys(self.names, "indexers")

    def resting(self) -> Mapping[str, datetime]:
        return {}

    def wake(self, name: str) -> None:
        self.woken.append(name)

    async def signal(self, name: str, data: Mapping[str, Any]) -> None:
        self.rung.append({"signal": name, **data})


def ask(name: str, outcome: Outcome = "ok", took: int = 100, **more: Any) -> Ask:
    return Ask(name, more.pop("at", datetime.now(UTC)), outcome, took, **more)


async def test_what_is_kept_is_bounded_and_adds_up(database: Database) -> None:
    store = ProviderHistory(database)
    recorder = Recorder(store)
    for number in range(1000):
        recorder.note(ask("nas", "ok" if number % 10 else "timeout", number, results=number % 3))
    recorder.note(ask("attic"))
    await recorder.flush()
    recorder.note(ask("nas", took=70_000, results=1))
    await recorder.flush()
    service = ProviderService(store, Sources("nas", "attic", "new"), Sources())
    hours, asks = await service.history("nas")
    assert len(asks) == KEPT
    assert asks[0].took_ms == 70_000
    assert sum(hour.tally.asked for hour in hours) == 1001
    attic, nas, new = await service.reports()
    assert (attic.light, nas.light, new.light) == ("works", "works", "untried")
    assert (nas.day.asked, nas.day.timeout, nas.week.asked) == (1001, 100, 1001)
    assert nas.day.success_rate == 0.9001
    assert nas.day.results == sum(number % 3 for number in range(1000)) + 1
    median = nas.day.time_below(0.5)
    assert median is not None
    assert 480 <= median <= 520
    assert new.day.success_rate is None
    with pytest.raises(NotFound):
        await service.history("nobody")


async def test_the_last_error_stays_with_its_cure_until_the_next(database: Database) -> None:
    store = ProviderHistory(database)
    recorder, bell = Recorder(store), Sources()
    sources = Sources("nas")
    service = ProviderService(store, sources, bell)
    until = datetime.now(UTC) + timedelta(minutes=5)
    recorder.note(
        ask("nas", "failed", error="nas hung up\0", cure="Start it.", failures=5, rests_until=until)
    )
    await recorder.flush()
    (nas,) = await service.reports()
    assert (nas.light, nas.known.last_error, nas.known.last_cure) == ("resting", "nas hung up", "Start it.")

    await service.works("indexer", "nas")
    assert sources.woken == ["nas"]
    assert bell.rung == [{"signal": "providers.wake", "name": "nas"}]
    (nas,) = await service.reports()
    assert (nas.light, nas.known.last_error) == ("works", "nas hung up")
    recorder.note(ask("nas", "failed", error="again"))
    await recorder.flush()
    (nas,) = await service.reports()
    assert (nas.light, nas.known.last_error, nas.known.last_cure) == ("failing", "again", None)


async def test_two_processes_count_into_one_hour(database: Database) -> None:
    recorders = [Recorder(ProviderHistory(database)) for _ in range(2)]
    for recorder in recorders:
        recorder.note(ask("nas", took=90))
        await recorder.flush()
    tallies = await ProviderHistory(database).tallies(hours=1)
    assert tallies["nas"].asked == 2
    assert sum(tallies["nas"].times) == 2


async def test_what_is_long_ago_is_forgotten(database: Database) -> None:
    store = ProviderHistory(database)
    recorder = Recorder(store)
    recorder.note(ask("old", at=datetime.now(UTC) - timedelta(days=40)))
    recorder.note(ask("nas"))
    await recorder.flush()
    service = ProviderService(store, Sources("nas"), Sources())
    await service.tidy()
    with pytest.raises(NotFound):
        await service.history("old")
    assert set(await store.remembered()) == {"nas"}


async def test_what_cannot_be_written_waits(database: Database) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    lost, kept = ProviderHistory(away), ProviderHistory(database)

    class Coming:
        """A database that comes back."""

        there = False

        def __getattr__(self, name: str) -> Any:
            return getattr(kept if self.there else lost, name)

    store = Coming()
    recorder = Recorder(store)
    recorder.note(ask("nas"))
    await recorder.flush()
    recorder.note(ask("nas"))
    store.there = True
    await recorder.flush()
    assert (await kept.tallies(hours=1))["nas"].asked == 2


def test_times_are_read_from_their_counts() -> None:
    assert percentile((), 0.5) is None
    assert percentile((0, 0, 4), 0.5) == 75
    assert percentile((1, *[0] * 17, 99), 0.95) == 60_000
