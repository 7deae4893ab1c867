"""From five real films that are not what their names say to a group that drops in every search."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from sokoul.domain.judge import judge
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.offer import Offer
from sokoul.domain.quality import QualityProfile
from sokoul.domain.trust import Record
from sokoul.domain.users import UserRole
from sokoul.engines.ffmpeg.pool import WorkerPool
from sokoul.engines.ffmpeg.reader import FfmpegReader
from sokoul.features.library.adopt import Adopter
from sokoul.features.library.announce import Announcer
from sokoul.features.library.ledger import Ledger
from sokoul.features.library.recognise import Recogniser
from sokoul.store.claims import ClaimStore
from sokoul.store.database import Database
from sokoul.store.household import Household
from sokoul.testing.films import Film, make
from tests.integration.library.house import House, build
from tests.site import Site

FILMS = [Work(MediaType.MOVIE, f"Night Walk {n}", 2020 + n, tmdb_id=9000 + n) for n in range(1, 7)]
WANTED = Wanted(Work(MediaType.MOVIE, "Another Film", 2024, tmdb_id=77))
SMALL = Film("small.mkv", "testsrc2=s=320x180:r=12", 330, clip=2, times=1)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real film of 180 lines, whatever it will be called."""
    return asyncio.run(make(SMALL, tmp_path_factory.mktemp("films")))


@pytest.fixture
async def real(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    """A library that probes by FFmpeg."""
    house = build(database, tmp_path, *FILMS)
    pool = WorkerPool(size=1)
    service = house.service
    adopter = Adopter(
        house.folders,
        service.shelf,
        FfmpegReader(pool),
        Recogniser(house.metadata),
        Announcer(house.live),
        Ledger(ClaimStore(database)),
    )
    yield replace(house, service=replace(service, adopter=adopter))
    await pool.close()
    await service.close()


async def fetched(house: House, film: Path, name: str, work: Work, *, indexer: str = "Mine") -> uuid.UUID:
    """A download that was picked from a search, finished and adopted."""
    database, result = house.database, uuid.uuid4()
    search = await database.value(
        "INSERT INTO searches (cache_key, query, profile, trail_id, expires_at)"
        " VALUES ('k', 'q', 'hd', 't', now() + interval '1 hour') RETURNING id"
    )
    await database.run(
        "INSERT INTO search_results (id, search_id, guid, provider, providers, protocol, title, score,"
        " release, expires_at)"
        " VALUES ($1, $2, 'g', $3, $4, 'torrent', $5, 50, '{}', now() + interval '1 hour')",
        result,
        search,
        indexer,
        [indexer],
        name,
    )
    done = await house.finished(name, "film.mkv", work=work)
    shutil.copyfile(film, done.files[0].path)
    done = replace(done, files=(replace(done.files[0], size_bytes=film.stat().st_size),))
    await database.run(
        "UPDATE downloads SET result_id = $2, offered_as = $3, indexers = $4 WHERE id = $1",
        done.id,
        result,
        name,
        [indexer],
    )
    await house.service.adopt(done)
    # What is looked at twice is written once.
    await house.service.adopter.adopt(done)
    return done.id


async def test_a_group_that_lies_five_times_drops(real: House, film: Path) -> None:
    household, claims = Household(real.database), ClaimStore(real.database)
    offers = [
        Offer(group, f"Another.Film.2024.1080p.WEB-DL.x264-{group}", "third", seeders=20)
        for group in ("LIAR", "HONEST")
    ]
    before = {
        item.offer.guid: item.score
        for item in judge(offers, WANTED, QualityProfile(), await household.facts(WANTED))
    }
    for work in FILMS[:5]:
        title = work.title.replace(" ", ".")
        await fetched(real, film, f"{title}.{work.year}.1080p.WEB-DL.x264-LIAR", work)
    honest = FILMS[5]
    await fetched(real, film, f"Night.Walk.6.{honest.year}.x264-HONEST", honest, indexer="Other")

    trust = await claims.trust()
    assert trust.groups["liar"] == Record(5, 5, "resolution")
    assert trust.groups["honest"] == Record(1, 0, None)
    assert (trust.indexers["mine"].lied, trust.indexers["other"].lied) == (5, 0)
    rows, total = await claims.page(group="LIAR", kept=False, limit=50, offset=0)
    assert total == len(rows) == 5
    assert {(row["claim"], row["told"], row["found"]) for row in rows} == {("resolution", "1080p", "180p")}

    after = judge(offers, WANTED, QualityProfile(), await household.facts(WANTED))
    scores = {item.offer.guid: item.score for item in after}
    assert before["LIAR"] == before["HONEST"] == scores["HONEST"]
    assert scores["LIAR"] == before["LIAR"] - 4
    assert [item.offer.guid for item in after] == ["HONEST", "LIAR"]
    told = {reason.code: reason.reason for reason in after[1].reasons}
    said = "of this group's last 5 releases, 5 broke the promise of the name: resolution"
    assert told["group_trust"] == said


async def test_a_download_remembers_what_it_was_offered_as(real: House, film: Path) -> None:
    download = await fetched(real, film, "Night.Walk.1.2021.1080p.WEB-DL.x264-LIAR", FILMS[0])
    await real.database.run("DELETE FROM searches")
    await real.database.run("UPDATE downloads SET name = 'renamed by the torrent' WHERE id = $1", download)

    promise = await ClaimStore(real.database).promise(download)

    assert promise is not None
    assert (promise.name, promise.indexers) == ("Night.Walk.1.2021.1080p.WEB-DL.x264-LIAR", ("Mine",))
    assert await ClaimStore(real.database).promise(uuid.uuid4()) is None


async def test_only_the_last_twenty_releases_count(database: Database) -> None:
    for number in range(30):
        await database.run(
            "INSERT INTO claims (download_id, file_index, claim, release_name, release_group, told, found,"
            " kept, at) VALUES (gen_random_uuid(), 0, 'codec', 'x', 'mended', 'hevc', 'h264', $1,"
            " now() - $2 * interval '1 hour')",
            number < 20,
            number,
        )

    assert (await ClaimStore(database).trust()).groups["mended"] == Record(20, 0, None)


async def test_an_admin_reads_the_ledger(site: Site, database: Database) -> None:
    for kept in (True, False):
        await database.run(
            "INSERT INTO claims (download_id, file_index, claim, release_name, release_group, indexers, told,"
            " found, kept)"
            " VALUES (gen_random_uuid(), 0, 'codec', 'Film-GRP', 'grp', '{Mine}', 'hevc', 'h264', $1)",
            kept,
        )
    root = await site.person("root", UserRole.ADMIN)

    told = await (await site.ask("GET", "/api/v1/claims?group=GRP&kept=false", root)).json()
    assert (told["total"], told["items"][0]["release_group"], told["items"][0]["kept"]) == (1, "grp", False)
    told = await (await site.ask("GET", "/api/v1/claims?page=5", root)).json()
    assert (told["total"], told["items"]) == (2, [])
    for odd in ("group=%00", "group=%ED%A0%80"):
        assert (await site.ask("GET", f"/api/v1/claims?{odd}", root)).status in {200, 400}
    assert (await site.ask("GET", "/api/v1/claims?kept=perhaps", root)).status == 422
    trust = await (await site.ask("GET", "/api/v1/claims/trust", root)).json()
    record = {"name": "grp", "releases": 2, "lied": 1, "worst": "codec", "points": -1}
    assert trust == {"groups": [record], "indexers": [{**record, "name": "mine"}]}
