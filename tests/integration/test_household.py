"""What the house has, fetches and threw out, read in one question from a real PostgreSQL."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sokoul import metrics
from sokoul.domain.judge import judge_one
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.offer import Offer
from sokoul.domain.quality import QualityProfile
from sokoul.domain.rules.facts import Policy
from sokoul.store.database import Database
from sokoul.store.household import Household

DUNE = Wanted(Work(MediaType.MOVIE, "Dune: Part Two", 2024, aliases=("Dune 2",), tmdb_id=693134))
BEAR = Wanted(Work(MediaType.TV, "The Bear", 2022, tmdb_id=136315), season=2, episode=3)
FILM = "Dune.Part.Two.2024.1080p.WEB-DL.x264-GRP"


async def title(database: Database, kind: str, name: str, year: int | None, **more: Any) -> uuid.UUID:
    columns = {"media_type": kind, "title": name, "year": year, **more}
    names, places = ", ".join(columns), ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    found: uuid.UUID = await database.value(
        f"INSERT INTO media ({names}) VALUES ({places}) RETURNING id", *columns.values()
    )
    return found


async def episode(database: Database, series: uuid.UUID, season: int, number: int) -> uuid.UUID:
    return await title(
        database,
        "episode",
        f"Episode {number}",
        None,
        parent_id=series,
        season_number=season,
        episode_number=number,
    )


async def file(database: Database, media: uuid.UUID, release: str | None, lines: int) -> None:
    await database.run(
        "INSERT INTO media_files (media_id, path, size_bytes, mtime_ns, resolution, release_name)"
        " VALUES ($1, $2, 5, 1, $3, $4)",
        media,
        f"/films/{uuid.uuid4().hex}/{release or 'Some film'}.mkv",
        lines,
        release,
    )


async def download(database: Database, name: str, status: str, **more: Any) -> None:
    columns = {"name": name, "status": status, "source_kind": "magnet", "trail_id": "t", **more}
    names, places = ", ".join(columns), ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    await database.run(f"INSERT INTO downloads ({names}) VALUES ({places})", *columns.values())


async def test_files_downloads_blocklist_and_bin_of_a_film(database: Database) -> None:
    now = datetime.now(UTC)
    film = await title(database, "movie", "Dune : Deuxième partie", 2024, tmdb_id=693134)
    other = await title(database, "movie", "Dune", 2021, tmdb_id=438631)
    await file(database, film, FILM, 720)
    await file(database, other, "Dune.2021.1080p.WEB-DL-X", 1080)
    await download(database, "by id", "downloading", info_hash="a" * 40, media_id=film)
    work = {"media_type": "movie", "tmdb_id": 693134, "title": "Dune: Part Two"}
    await download(database, "by work", "completed", work=work, imported_at=now, created_at=now)
    await download(database, "called off", "cancelled", work=work)
    await download(database, "another", "queued", work={**work, "tmdb_id": 438631})
    await database.run(
        "INSERT INTO blocklist (info_hash, release_name, reason)"
        " VALUES ($1, 'x', 'bad'), (NULL, 'Bad.Name', 'bad')",
        "b" * 40,
    )
    snapshot = {
        "id": str(film),
        "media": [],
        "files": [{"release_name": "Thrown.Out"}, {"release_name": None}],
    }
    await database.run("INSERT INTO bin (original_path, bin_path, media) VALUES ('/a', '/b', $1)", snapshot)
    await database.run(
        "INSERT INTO bin (original_path, bin_path, media) VALUES ('/c', '/d', $1)",
        {"media": [], "files": None},
    )

    facts = await Household(database, Policy(upgrades=False)).facts(DUNE)

    [copy] = facts.copies
    assert (copy.name, copy.release.resolution, copy.release.group) == (FILM, 720, "GRP")
    assert {(one.name, one.running, one.imported) for one in facts.fetches} == {
        ("by id", True, False),
        ("by work", False, True),
    }
    assert facts.blocklist == {"b" * 40, "bad.name"}
    assert facts.removed == {"thrown.out"}
    assert facts.now is not None and abs(facts.now - now) < timedelta(minutes=1)
    assert facts.by_hand and not facts.policy.upgrades and facts.free_bytes is None


async def test_episodes_of_the_season_that_is_asked_for(database: Database) -> None:
    series = await title(database, "tv", "The Bear", 2022, tmdb_id=136315)
    for season, number in ((1, 3), (2, 3), (2, 4)):
        part = await episode(database, series, season, number)
        await file(database, part, f"The.Bear.S{season:02d}E{number:02d}.1080p.WEB-DL.x264-GRP", 1080)

    facts = await Household(database).facts(BEAR)
    assert sorted(copy.numbers for copy in facts.copies) == [((2, 3),), ((2, 4),)]

    offer = Offer("g", "The.Bear.S02E03.1080p.WEB-DL.x264-NEW", "one", seeders=5)
    judged = judge_one(offer, BEAR, QualityProfile(), facts)
    assert not judged.rejected and [note.said.kind for note in judged.notes] == ["owned.cutoff"]
    whole = await Household(database).facts(Wanted(BEAR.work))
    assert len(whole.copies) == 3


@pytest.mark.parametrize(
    ("name", "year", "found"), [("dune 2", 2024, 1), ("DUNE : Part Two", 2025, 1), ("Dune 2", 1984, 0)]
)
async def test_a_work_without_an_id_is_found_by_name_and_year(
    database: Database, name: str, year: int, found: int
) -> None:
    film = await title(database, "movie", "Dune 2" if "2" in name else "Dune : Part Two", 2024)
    await file(database, film, FILM, 1080)

    facts = await Household(database).facts(Wanted(Work(MediaType.MOVIE, name, year)))

    assert len(facts.copies) == found


async def test_one_question_to_the_database(database: Database) -> None:
    film = await title(database, "movie", "Dune", 2024, tmdb_id=693134)
    for number in range(30):
        await file(database, film, f"Dune.2024.1080p.WEB-DL.x264-G{number}", 1080)
    before = metrics.DB_QUERIES._value.get()

    facts = await Household(database).facts(DUNE)

    assert len(facts.copies) == 30 and metrics.DB_QUERIES._value.get() - before == 1


async def test_what_no_table_can_hold_finds_nothing(database: Database) -> None:
    names = ("\0", "x" * 10_000)
    work = Work(MediaType.MOVIE, "\0Du\ud800ne", 10**12, aliases=names, tmdb_id=2**40, imdb_id="\0")

    facts = await Household(database).facts(Wanted(work, season=2**40))

    assert facts.copies == () and facts.fetches == ()
