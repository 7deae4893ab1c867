"""Finished downloads in the library: named, linked, listed, once."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from sokoul.domain.errors import Refused, Unavailable
from sokoul.domain.media import MediaType, Work
from sokoul.features.library.model import ImportMode
from sokoul.store.database import Database
from tests.integration.library.house import BEAR, DUNE, House, build

FILM = "Dune.Part.Two.2024.1080p.WEB-DL.H264-GRP"


async def test_a_film_is_linked_named_and_listed(house: House) -> None:
    done = await house.finished(FILM, f"{FILM}/{FILM}.mkv", work=DUNE)
    adopted = await house.service.adopt(done)
    assert house.names() == ["Dune - Deuxième partie (2024)/Dune - Deuxième partie (2024) - 1080p.mkv"]
    path = house.folder / "movies" / house.names()[0]
    assert path.stat().st_ino == done.files[0].path.stat().st_ino

    title = await house.service.titles.title(adopted.media_id)
    assert (title.title, title.tmdb_id, title.rating) == (DUNE.title, 693134, 8.1)
    files = await house.service.titles.files(adopted.media_id)
    assert [(file.id, file.resolution, file.codec, file.duration) for file in files] == [
        (adopted.files[0], 1080, "h264", 60.0)
    ]
    row = await house.database.row("SELECT file_id FROM download_files WHERE download_id = $1", done.id)
    assert row is not None
    assert row["file_id"] == adopted.files[0]


async def test_the_event_is_written_with_the_rows_and_told(house: House) -> None:
    adopted = await house.service.adopt(await house.finished(FILM, "f.mkv", work=DUNE))
    letters = await house.database.rows("SELECT subject, payload FROM outbox")
    assert [(letter["subject"], letter["payload"]["media_id"]) for letter in letters] == [
        ("EVENTS.media.ready", str(adopted.media_id))
    ]
    topic, event, data = house.live.events[0]
    assert (topic, event, data["title"]) == ("downloads", "media.ready", DUNE.title)
    assert house.live.signals == ["library"]


async def test_adopting_again_gives_the_same_and_makes_nothing_new(house: House) -> None:
    done = await house.finished(FILM, f"{FILM}.mkv", f"{FILM}.fr.srt", work=DUNE)
    first = await house.service.adopt(done)
    before = await house.service.shelf.update_id()
    assert await house.service.adopt(done) == first
    assert await house.database.value("SELECT count(*) FROM media") == 1
    assert len(house.names()) == 2
    assert await house.service.shelf.update_id() == before


async def test_after_a_crash_between_link_and_row_it_goes_on(house: House) -> None:
    done = await house.finished(FILM, f"{FILM}.mkv", work=DUNE)
    first = await house.service.adopt(done)
    await house.database.run("DELETE FROM media")
    again = await house.service.adopt(done)
    assert again.files.keys() == first.files.keys()
    assert len(house.names()) == 1
    assert len(await house.paths()) == 1


async def test_two_imports_of_one_download_at_once_are_one(house: House) -> None:
    done = await house.finished(FILM, f"{FILM}.mkv", work=DUNE)
    answers = await asyncio.gather(*(house.service.adopt(done) for _ in range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert len(house.names()) == 1


async def test_another_version_of_the_film_stands_beside_it(house: House) -> None:
    one = await house.service.adopt(await house.finished(FILM, "a.mkv", work=DUNE))
    two = await house.service.adopt(await house.finished(FILM, "b.mkv", work=DUNE))
    assert one.media_id == two.media_id
    stem = "Dune - Deuxième partie (2024)/Dune - Deuxième partie (2024) - 1080p"
    assert house.names() == [f"{stem} (2).mkv", f"{stem}.mkv"]
    assert len(await house.service.titles.files(one.media_id)) == 2


async def test_a_season_becomes_a_series_with_episodes(house: House) -> None:
    pack = "The.Bear.S01.1080p.WEB-GRP"
    names = [f"{pack}/The.Bear.S01E0{n}.1080p.WEB-GRP.mkv" for n in (1, 2)]
    adopted = await house.service.adopt(await house.finished(pack, *names, work=BEAR))
    assert house.names("series") == [
        "The Bear (2022)/Season 01/The Bear (2022) - S01E01 - Part 1.mkv",
        "The Bear (2022)/Season 01/The Bear (2022) - S01E02 - Part 2.mkv",
    ]
    assert (await house.service.titles.title(adopted.media_id)).media_type is MediaType.TV
    episodes = await house.service.titles.episodes(adopted.media_id)
    assert [(one.season_number, one.episode_number, one.title) for one in episodes] == [
        (1, 1, "Part 1"),
        (1, 2, "Part 2"),
    ]


async def test_one_episode_is_the_media_of_its_download(house: House) -> None:
    name = "The.Bear.S01E03.720p.WEB-GRP.mkv"
    adopted = await house.service.adopt(await house.finished(name, name, work=BEAR))
    title = await house.service.titles.title(adopted.media_id)
    assert (title.media_type, title.episode_number, title.title) == (MediaType.EPISODE, 3, "Part 3")


async def test_without_a_search_the_name_tells(house: House) -> None:
    adopted = await house.service.adopt(await house.finished(FILM, f"{FILM}.mkv"))
    assert (await house.service.titles.title(adopted.media_id)).tmdb_id == 693134


async def test_a_download_for_a_title_becomes_that_title(house: House) -> None:
    film = await house.service.titles.add({"media_type": "movie", "title": "Vacances", "year": 2020})
    adopted = await house.service.adopt(await house.finished("x", "x.mkv", media_id=film.id))
    assert adopted.media_id == film.id
    assert house.names() == ["Vacances (2020)/Vacances (2020) - 1080p.mkv"]


async def test_what_nobody_knows_is_kept_as_unknown(house: House) -> None:
    adopted = await house.service.adopt(
        await house.finished("holiday at the sea.mkv", "holiday at the sea.mkv")
    )
    title = await house.service.titles.title(adopted.media_id)
    assert (title.media_type, title.title) == (MediaType.UNKNOWN, "holiday at the sea")
    assert house.names() == ["Unidentified/holiday at the sea/holiday at the sea.mkv"]


async def test_without_metadata_the_searched_work_still_names_it(house: House) -> None:
    house.metadata.down = True
    adopted = await house.service.adopt(await house.finished(FILM, "x.mkv", work=DUNE))
    title = await house.service.titles.title(adopted.media_id)
    assert (title.title, title.year, title.tmdb_id) == (DUNE.title, 2024, 693134)


async def test_subtitles_come_along_under_names_that_players_know(house: House) -> None:
    files = [f"{FILM}.mkv", f"{FILM}.fr.srt", f"{FILM}.en.forced.srt", "Subs/3_English.srt", "readme.nfo"]
    adopted = await house.service.adopt(await house.finished(FILM, *files, work=DUNE))
    stem = "Dune - Deuxième partie (2024)/Dune - Deuxième partie (2024) - 1080p"
    assert house.names() == [f"{stem}.en.forced.srt", f"{stem}.en.srt", f"{stem}.fr.srt", f"{stem}.mkv"]
    (file,) = await house.service.titles.files(adopted.media_id)
    assert {(one["language"], one["forced"]) for one in file.sidecars} == {
        ("fr", False),
        ("en", True),
        ("en", False),
    }


async def test_samples_and_extras_stay_outside(house: House) -> None:
    done = await house.finished(FILM, f"{FILM}.mkv", "sample.mkv", "Extras/trailer.mkv", work=DUNE)
    adopted = await house.service.adopt(done)
    assert list(adopted.files) == [0]


async def test_a_download_without_a_video_is_refused(house: House) -> None:
    with pytest.raises(Refused):
        await house.service.adopt(await house.finished("words", "words.nfo"))


async def test_a_broken_film_is_listed_as_broken(house: House) -> None:
    done = await house.finished(FILM, f"{FILM}.mkv", work=DUNE)
    done.files[0].path.write_bytes(b"no video at all")
    done = replace(done, files=(replace(done.files[0], size_bytes=15),))
    adopted = await house.service.adopt(done)
    (file,) = await house.service.titles.files(adopted.media_id)
    assert (file.state, file.problem) == ("broken", "this is no video file, whatever its name says")


async def test_on_another_disk_it_is_copied(database: Database, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as disk:
        house = build(database, Path(disk), DUNE)
        far = replace(house, folder=tmp_path)
        done = await far.finished(FILM, f"{FILM}.mkv", work=DUNE)
        await house.service.adopt(done)
        path = Path(disk) / "movies" / house.names()[0]
        assert path.read_bytes() == done.files[0].path.read_bytes()
        assert path.stat().st_dev != done.files[0].path.stat().st_dev
        assert len(house.names()) == 1
        await house.service.adopt(done)
        assert len(house.names()) == 1
        await house.service.close()


async def test_a_move_takes_the_original_away_when_nobody_seeds_it(
    database: Database, tmp_path: Path
) -> None:
    house = build(database, tmp_path, DUNE, mode=ImportMode.MOVE)
    done = await house.finished(FILM, f"{FILM}.mkv", work=DUNE)
    await house.service.adopt(done)
    assert done.files[0].path.exists()
    adopted = await house.service.adopt(replace(done, movable=True))
    assert not done.files[0].path.exists()
    assert (await house.service.adopt(replace(done, movable=True))) == adopted
    await house.service.close()


async def test_nothing_is_written_to_the_mount_point_of_a_missing_disk(house: House) -> None:
    done = await house.finished(FILM, f"{FILM}.mkv", work=DUNE)
    movies = house.folders.movies
    await house.service.shelf.remember_root(movies, 999_999)
    movies.rmdir() if movies.exists() else None
    with pytest.raises(Unavailable, match="disk"):
        await house.service.adopt(done)
    assert not movies.exists()


async def test_a_link_in_place_of_the_folder_leads_nowhere(house: House, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    house.folders.movies.mkdir()
    (house.folders.movies / "Dune - Deuxième partie (2024)").symlink_to(outside)
    await house.service.adopt(await house.finished(FILM, f"{FILM}.mkv", work=DUNE))
    assert list(outside.iterdir()) == []
    assert (house.folders.movies / "Dune - Deuxième partie (2024) (2)").is_dir()


@pytest.mark.parametrize("title", ["../../etc/x", "/abs", "{0.__class__}", "x" * 5000, "CON", "a\0b\u202e"])
async def test_a_hostile_title_stays_inside(house: House, title: str) -> None:
    work = Work(MediaType.MOVIE, title, year=2000, tmdb_id=5)
    house.metadata.works.append(work)
    await house.service.adopt(await house.finished("x", "x.mkv", work=work))
    (name,) = house.names()
    assert (house.folders.movies / name).resolve().is_relative_to(house.folders.movies)
    assert name.count("/") == 1


async def test_versions_of_an_episode_stand_side_by_side_by_their_lines(house: House) -> None:
    first = await house.service.adopt(
        await house.finished("The.Bear.S01E01.720p.WEB-A", "The.Bear.S01E01.720p.WEB-A.mkv", work=BEAR)
    )
    second = await house.service.adopt(
        await house.finished("The.Bear.S01E01.1080p.WEB-B", "The.Bear.S01E01.1080p.WEB-B.mkv", work=BEAR)
    )
    assert first.media_id == second.media_id
    stem = "The Bear (2022)/Season 01/The Bear (2022) - S01E01 - Part 1"
    assert house.names("series") == [f"{stem} - 1080p.mkv", f"{stem}.mkv"]
    assert len(await house.service.titles.files(first.media_id)) == 2
