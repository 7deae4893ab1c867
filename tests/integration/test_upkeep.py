"""Jobs whose message is lost come again; what is young, or ended, is left alone."""

from __future__ import annotations

import pytest

from sokoul.store.database import Database
from sokoul.store.outbox import OutboxStore
from sokoul.store.upkeep import Upkeep

SEARCH = """
INSERT INTO searches (cache_key, query, profile, status, trail_id, created_at, expires_at)
VALUES ('k', 'q', 'hd', $1, 't', now() - make_interval(secs => $2), now() + interval '1 day') RETURNING id
"""
TASK = """
INSERT INTO tasks (type, status, payload, trail_id, created_at)
VALUES ($1, $2, '{"media_id": "m"}', 't', now() - interval '10 minutes') RETURNING id
"""


@pytest.mark.parametrize(("status", "age", "sent"), [("running", 300, 1), ("pending", 300, 1)])
async def test_a_lost_search_is_sent_again_once_a_minute(
    database: Database, status: str, age: int, sent: int
) -> None:
    wanted = await database.value(SEARCH, status, float(age))
    upkeep = Upkeep(database)
    assert await upkeep.requeue(older_than=90) == sent
    await upkeep.requeue(older_than=90)
    letters = await OutboxStore(database).waiting(10)
    assert {letter.subject for letter in letters} == {"JOBS.search"}
    assert {letter.payload["id"] for letter in letters} == {str(wanted)}
    assert len({letter.message_id for letter in letters}) == len(letters) <= 2


@pytest.mark.parametrize(
    ("status", "age"), [("completed", 300), ("failed", 300), ("running", 20), ("running", 9000)]
)
async def test_what_is_ended_young_or_given_up_is_left_alone(
    database: Database, status: str, age: int
) -> None:
    await database.value(SEARCH, status, float(age))
    assert await Upkeep(database).requeue(older_than=90) == 0


async def test_a_lost_task_of_the_library_is_sent_as_it_was(database: Database) -> None:
    wanted = await database.value(TASK, "library.enrich", "pending")
    await database.value(TASK, "library.scan", "completed")
    assert await Upkeep(database).requeue(older_than=90) == 1
    (letter,) = await OutboxStore(database).waiting(10)
    assert (letter.subject, letter.payload) == (
        "JOBS.library",
        {"id": str(wanted), "work": "enrich", "media_id": "m"},
    )
