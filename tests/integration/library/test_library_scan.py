"""Folders scanned: what is there is listed, what went is forgotten, a missing disk forgets nothing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sokoul.domain.media import MediaType
from sokoul.features.library.compare import Rows, compare
from sokoul.features.library.model import TitleFilter
from sokoul.features.library.scan import ScanReport
from sokoul.features.library.walk import walk
from sokoul.store.database import Database
from tests.integration.library.house import BEAR, DUNE, House, build

DUNE_FILE = "movies/Dune - Part Two (2024)/Dune - Part Two (2024) - 1080p.mkv"


class Disk:
    """A file system of its own that comes and goes at a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.mounted = folder, False

    def mount(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "none", str(self._folder)]
        if subprocess.run(command, check=False).returncode:
            pytest.skip("mounting is not allowed here")
        self.mounted = True

    def unmount(self) -> None:
        if self.mounted:
            subprocess.run(["umount", str(self._folder)], check=True)
        self.mounted = False


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Disk]]:
    """Mounts a file system at a folder of the test."""
    disks: list[Disk] = []

    def at(name: str) -> Disk:
        disks.append(Disk(tmp_path / name))
        disks[-1].mount()
        return disks[-1]

    yield at
    for one in disks:
        one.unmount()


async def scan(house: House) -> ScanReport:
    return await house.service.scanner.scan()


async def listed(house: House) -> list[tuple[str, str, int | None]]:
    titles, _ = await house.service.titles.titles(TitleFilter(), limit=100, offset=0)
    return [(title.media_type.value, title.title, title.year) for title in titles]


async def test_a_film_is_found_and_identified(house: House) -> None:
    house.film(DUNE_FILE)
    report = await scan(house)
    assert (report.files, report.added, report.failed) == (1, 1, 0)
    assert await listed(house) == [("movie", DUNE.title, 2024)]
    assert house.live.events[0][1] == "media.ready"


async def test_an_unchanged_library_is_neither_probed_nor_asked_about(house: House) -> None:
    house.film(DUNE_FILE)
    await scan(house)
    asked, update = house.metadata.asked, await house.service.shelf.update_id()
    report = await scan(house)
    assert (report.added, report.changed, report.removed) == (0, 0, 0)
    assert len(house.prober.probed) == 1
    assert (house.metadata.asked, await house.service.shelf.update_id()) == (asked, update)


async def test_without_any_source_the_names_tell(house: House) -> None:
    house.metadata.down = True
    house.film("movies/Sintel (2010)/Sintel (2010) - 1080p.mkv")
    house.film("movies/Big.Buck.Bunny.2008.720p.WEB-DL.x264-GRP.mkv")
    house.film("series/The Bear (2022)/Season 01/The Bear (2022) - S01E02 - Hands.mkv")
    house.film("movies/holiday.mkv")
    await scan(house)
    assert sorted(await listed(house)) == [
        ("movie", "Big Buck Bunny", 2008),
        ("movie", "Sintel", 2010),
        ("tv", "The Bear", 2022),
        ("unknown", "holiday", None),
    ]
    (series, *_), _ = await house.service.titles.titles(TitleFilter(MediaType.TV), limit=1, offset=0)
    (episode,) = await house.service.titles.episodes(series.id)
    assert (episode.season_number, episode.episode_number, episode.title) == (1, 2, "Hands")


async def test_what_was_listed_by_name_is_looked_up_later(house: House) -> None:
    house.metadata.down = True
    house.film(DUNE_FILE)
    house.film("series/The Bear/Season 1/S01E01.mkv")
    await scan(house)
    house.metadata.down = False
    assert await house.service.enrich_stale() == 2
    assert sorted(await listed(house)) == [("movie", DUNE.title, 2024), ("tv", "The Bear", 2022)]
    (series, *_), _ = await house.service.titles.titles(TitleFilter(MediaType.TV), limit=1, offset=0)
    assert [one.title for one in await house.service.titles.episodes(series.id)] == ["Part 1"]


async def test_a_file_that_went_is_forgotten_with_its_title(house: House) -> None:
    film, episode = house.film(DUNE_FILE), house.film("series/The Bear (2022)/Season 1/S01E01.mkv")
    await scan(house)
    film.unlink()
    shutil.rmtree(episode.parents[1])
    report = await scan(house)
    assert report.removed == 2
    assert await listed(house) == []


async def test_a_wished_title_outlives_its_file(house: House) -> None:
    film = house.film(DUNE_FILE)
    await scan(house)
    user = await house.database.value(
        "INSERT INTO users (username, email, password_hash, role) VALUES ('a', 'a@b', '', 'user')"
        " RETURNING id"
    )
    (title, *_), _ = await house.service.titles.titles(TitleFilter(), limit=1, offset=0)
    await house.service.personal.store.add_favorite(user, title.id)
    film.unlink()
    await scan(house)
    assert await listed(house) == [("movie", DUNE.title, 2024)]


async def test_a_missing_root_forgets_nothing(house: House) -> None:
    house.film(DUNE_FILE)
    await scan(house)
    house.folders.movies.rename(house.folder / "unplugged")
    report = await scan(house)
    assert (report.removed, report.offline) == (0, 1)
    row = await house.database.row("SELECT state, problem FROM media_files")
    assert row is not None
    assert row["state"] == "offline"
    assert "disk" in row["problem"]
    (house.folder / "unplugged").rename(house.folders.movies)
    await scan(house)
    assert await house.database.value("SELECT state FROM media_files") == "present"
    assert len(house.prober.probed) == 1


async def test_an_unmounted_disk_forgets_nothing(house: House, disk: Callable[[str], Disk]) -> None:
    films = disk("movies")
    content = house.film(DUNE_FILE).read_bytes()
    await scan(house)
    films.unmount()
    report = await scan(house)
    assert (report.removed, report.offline) == (0, 1)
    films.mount()
    house.film(DUNE_FILE).write_bytes(content)
    await scan(house)
    assert await house.database.value("SELECT state FROM media_files") == "present"
    assert await house.database.value("SELECT count(*) FROM media") == 1


async def test_an_unmounted_folder_inside_the_root_forgets_nothing(
    house: House, disk: Callable[[str], Disk]
) -> None:
    house.film("movies/Sintel (2010)/Sintel (2010).mkv")
    nas = disk("movies/nas")
    house.film("movies/nas/Alien (1979)/Alien (1979).mkv")
    await scan(house)
    nas.unmount()
    report = await scan(house)
    assert (report.removed, report.offline) == (0, 1)


async def test_a_folder_that_cannot_be_read_forgets_nothing(house: House) -> None:
    film = house.film(DUNE_FILE)
    house.film("movies/Sintel (2010)/Sintel (2010).mkv")
    await scan(house)

    shelf, root = house.service.shelf, house.folders.movies
    found = walk(root)
    del found.videos[str(film)]
    found.unread.append(str(film.parent))
    rows = Rows(await shelf.known_files(root), {}, await shelf.root_device(root))
    assert compare(root, found, rows).empty


async def test_a_renamed_file_keeps_its_id_and_its_history(house: House) -> None:
    film = house.film(DUNE_FILE)
    await scan(house)
    before = await house.database.row("SELECT id, media_id FROM media_files")
    film.rename(film.with_name("Dune - Part Two (2024) - best.mkv"))
    report = await scan(house)
    assert (report.added, report.removed, report.changed) == (0, 0, 1)
    after = await house.database.row("SELECT id, media_id FROM media_files")
    assert after == before
    assert (await house.paths())[0].endswith("best.mkv")


async def test_a_replaced_file_is_probed_again_and_stays_the_same_title(house: House) -> None:
    film = house.film(DUNE_FILE)
    await scan(house)
    film.unlink()
    house.film(DUNE_FILE, size="3840x2160")
    report = await scan(house)
    assert report.changed == 1
    assert await house.database.value("SELECT resolution FROM media_files") == 2160
    assert await listed(house) == [("movie", DUNE.title, 2024)]


async def test_a_broken_file_says_why(house: House) -> None:
    house.film(DUNE_FILE).write_bytes(b"garbage")
    await scan(house)
    row = await house.database.row("SELECT state, problem FROM media_files")
    assert row is not None
    assert tuple(row) == ("broken", "this is no video file, whatever its name says")


async def test_a_file_that_cannot_be_opened_is_tried_again(house: House) -> None:
    house.film(DUNE_FILE)
    house.prober.down = True
    assert (await scan(house)).failed == 1
    assert await listed(house) == []
    house.prober.down = False
    assert (await scan(house)).added == 1


async def test_a_file_still_being_written_is_left_alone(database: Database, tmp_path: Path) -> None:
    house = build(database, tmp_path, DUNE, settled_after=3600.0)
    film = house.film(DUNE_FILE)
    house.film("movies/Sintel (2010)/Sintel (2010).mkv.part")
    report = await scan(house)
    assert report.unsettled == {film.parent}
    assert await listed(house) == []
    later = build(database, tmp_path, DUNE)
    assert (await scan(later)).added == 1
    assert len(await later.paths()) == 1


async def test_adopted_files_are_known_to_the_scan(house: House) -> None:
    await house.service.adopt(await house.finished("x", "Dune.mkv", "Dune.fr.srt", work=DUNE))
    report = await scan(house)
    assert (report.files, report.added, report.changed) == (1, 0, 0)


async def test_hostile_names_do_no_harm(house: House, tmp_path: Path) -> None:
    house.folders.movies.mkdir()
    names = [
        "$(touch x).mkv",
        "a\nb (2000).mkv",
        "\u202egpj.mkv",
        '"; DROP TABLE media; --.mkv',
        "x" * 250 + ".mkv",
    ]
    for name in names:
        house.film(f"movies/{name}")
    house.film("movies/-rf (2001)/-rf (2001).mkv")
    raw = os.fsencode(house.folders.movies) + b"/bad\xff.mkv"
    with open(raw, "wb") as file:  # noqa: PTH123 - a name that is no text
        file.write(b"video 1x1\n")
    os.mkfifo(house.folders.movies / "pipe.mkv")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(house.folders.movies / "s.mkv"))
    (house.folders.movies / "secret.mkv").symlink_to("/etc/passwd")
    (house.folders.movies / "loop").symlink_to(house.folders.movies)
    report = await scan(house)
    assert report.added == len(names) + 1
    assert report.failed == 0
    assert not (tmp_path / "x").exists()


async def test_subtitles_beside_a_film_come_and_go(house: House) -> None:
    film = house.film(DUNE_FILE)
    await scan(house)
    beside = film.with_name(film.stem + ".fr.srt")
    beside.write_text("1")
    await scan(house)
    assert await house.database.value("SELECT sidecars -> 0 ->> 'language' FROM media_files") == "fr"
    beside.unlink()
    await scan(house)
    assert await house.database.value("SELECT jsonb_array_length(sidecars) FROM media_files") == 0


async def test_one_folder_for_films_and_series(database: Database, tmp_path: Path) -> None:
    house = build(database, tmp_path, DUNE, BEAR, series="movies")
    house.film("movies/The Bear (2022)/Season 1/The Bear - S01E01.mkv")
    house.film(DUNE_FILE)
    await scan(house)
    assert sorted(await listed(house)) == [("movie", DUNE.title, 2024), ("tv", "The Bear", 2022)]
    await house.service.close()


async def test_a_library_that_was_moved_elsewhere_is_the_same_library(house: House) -> None:
    house.film(DUNE_FILE)
    house.film("movies/Sintel (2010)/Sintel (2010).mkv")
    await scan(house)
    house.folders.movies.rename(house.folder / "elsewhere")
    moved = build(house.database, house.folder, DUNE, movies="elsewhere")
    (house.folder / "elsewhere" / "Sintel (2010)" / "Sintel (2010).mkv").unlink()
    await scan(moved)
    rows = await house.database.rows("SELECT path, state FROM media_files ORDER BY path")
    assert [(Path(row["path"]).parts[-3], row["state"]) for row in rows] == [
        ("elsewhere", "present"),
        ("movies", "offline"),
    ]


async def test_only_the_touched_folder_is_scanned(house: House) -> None:
    one = house.film(DUNE_FILE)
    other = house.film("movies/Sintel (2010)/Sintel (2010).mkv")
    await scan(house)
    one.unlink()
    other.unlink()
    report = await house.service.scanner.scan([one.parent])
    assert report.removed == 1
    assert len(await house.paths()) == 1


async def test_a_second_link_to_a_listed_film_is_the_same_title(house: House) -> None:
    await house.service.adopt(await house.finished("x", "Dune.mkv", work=DUNE))
    path = house.folder / (await house.paths())[0]
    copy = house.folders.movies / "copies" / "anything.mkv"
    copy.parent.mkdir()
    os.link(path, copy)
    await scan(house)
    assert await house.database.value("SELECT count(DISTINCT media_id) FROM media_files") == 1
    assert len(await house.paths()) == 2
