"""Files come into the library whole, once, and never over another."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sokoul.features.library import beneath
from sokoul.features.library.model import ImportMode
from sokoul.features.library.place import discard, numbered, place

NAME = PurePosixPath("Film (2021)/Film (2021) - 1080p.mkv")
HARDLINK, COPY, MOVE = ImportMode.HARDLINK, ImportMode.COPY, ImportMode.MOVE


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "downloads" / "film.mkv"
    path.parent.mkdir()
    path.write_bytes(os.urandom(3_000_000))
    return path


@pytest.fixture
def library(tmp_path: Path) -> Path:
    root = tmp_path / "movies"
    root.mkdir()
    return root


@pytest.fixture
def other_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


def names_in(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_hard_link_is_the_same_file(source: Path, library: Path) -> None:
    placed = place(source, library, NAME, HARDLINK)
    assert placed.fresh
    assert placed.path == library / NAME
    assert placed.path.stat().st_ino == source.stat().st_ino == placed.stamp.inode


def test_doing_it_again_changes_nothing(source: Path, library: Path) -> None:
    first = place(source, library, NAME, HARDLINK)
    again = place(source, library, NAME, HARDLINK)
    assert not again.fresh
    assert (again.path, again.stamp) == (first.path, first.stamp)
    assert names_in(library) == [str(NAME)]


def test_another_file_is_never_written_over(source: Path, library: Path) -> None:
    there = library / NAME
    there.parent.mkdir()
    there.write_bytes(b"somebody else's")
    placed = place(source, library, NAME, HARDLINK)
    assert placed.path.name == "Film (2021) - 1080p (2).mkv"
    assert there.read_bytes() == b"somebody else's"
    assert place(source, library, NAME, HARDLINK).path == placed.path


def test_across_disks_it_is_copied_whole(source: Path, other_disk: Path) -> None:
    placed = place(source, other_disk, NAME, HARDLINK)
    assert placed.path.read_bytes() == source.read_bytes()
    assert placed.stamp.device != source.stat().st_dev
    assert names_in(other_disk) == [str(NAME)]
    assert not place(source, other_disk, NAME, HARDLINK).fresh
    assert placed.path.stat().st_mtime_ns == source.stat().st_mtime_ns


def test_a_copy_is_a_file_of_its_own(source: Path, library: Path) -> None:
    placed = place(source, library, NAME, COPY)
    assert placed.path.stat().st_ino != source.stat().st_ino
    assert not place(source, library, NAME, COPY).fresh


def test_a_move_removes_the_original_only_once_its_copy_is_whole(source: Path, other_disk: Path) -> None:
    placed = place(source, other_disk, NAME, MOVE)
    assert source.exists()
    whole = placed.path.read_bytes()
    placed.path.write_bytes(whole[:-1])
    discard(source, placed.path)
    assert source.exists()
    placed.path.write_bytes(whole)
    discard(source, placed.path)
    discard(source, placed.path)
    assert not source.exists()


def test_two_imports_of_different_films_to_one_name_both_stay(tmp_path: Path, other_disk: Path) -> None:
    sources = []
    for number in range(6):
        path = tmp_path / f"{number}.mkv"
        path.write_bytes(bytes([number]) * 1_000_000)
        sources.append(path)
    placed: list[Path] = []
    threads = [
        threading.Thread(target=lambda s=s: placed.append(place(s, other_disk, NAME, HARDLINK).path))
        for s in sources
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(placed)) == 6
    assert sorted(path.read_bytes()[0] for path in placed) == list(range(6))
    assert len(names_in(other_disk)) == 6


def test_the_same_film_imported_by_many_at_once_is_there_once(source: Path, other_disk: Path) -> None:
    placed: list[Path] = []
    threads = [
        threading.Thread(target=lambda: placed.append(place(source, other_disk, NAME, HARDLINK).path))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(placed) == {other_disk / NAME}
    assert names_in(other_disk) == [str(NAME)]
    assert (other_disk / NAME).read_bytes() == source.read_bytes()


def test_a_symbolic_link_is_no_source(source: Path, library: Path, tmp_path: Path) -> None:
    link = tmp_path / "downloads" / "link.mkv"
    link.symlink_to(source)
    with pytest.raises(OSError, match="link"):
        place(link, library, NAME, HARDLINK)
    assert names_in(library) == []


def test_a_symbolic_link_in_the_library_leads_nowhere(source: Path, library: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (library / "Film (2021)").symlink_to(outside)
    with pytest.raises(OSError, match="Film"):
        place(source, library, NAME, HARDLINK)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("path", ["../x.mkv", "/etc/x.mkv", "a/../../x.mkv"])
def test_a_path_that_leads_out_is_refused(source: Path, library: Path, path: str) -> None:
    with pytest.raises(beneath.Outside):
        place(source, library, PurePosixPath(path), HARDLINK)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, source: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(small)], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        with pytest.raises(OSError, match="space"):
            place(source, small, NAME, HARDLINK)
        assert names_in(small) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_killed_copy_leaves_no_final_name_and_is_taken_up(tmp_path: Path, other_disk: Path) -> None:
    source = tmp_path / "big.mkv"
    with source.open("wb") as file:
        for _ in range(40):
            file.write(os.urandom(1 << 20) * 4)
    code = (
        "import sys; from pathlib import Path, PurePosixPath\n"
        "from sokoul.features.library.place import place\n"
        "from sokoul.features.library.model import ImportMode\n"
        f"place(Path({str(source)!r}), Path({str(other_disk)!r}), "
        f"PurePosixPath({str(NAME)!r}), ImportMode.COPY)"
    )
    target = other_disk / NAME
    for attempt in range(4):
        child = subprocess.Popen([sys.executable, "-c", code])
        deadline = time.monotonic() + 20
        while not list(other_disk.rglob("*.part")) and child.poll() is None:
            assert time.monotonic() < deadline
        time.sleep(0.01 * attempt)  # a different moment of the copy each time
        child.kill()
        child.wait()
        assert not target.exists() or target.stat().st_size == source.stat().st_size
    placed = place(source, other_disk, NAME, COPY)
    assert placed.path == target
    assert target.read_bytes() == source.read_bytes()
    assert len(names_in(other_disk)) <= 2  # a link that was cut off just before its last step
    from sokoul.features.library.walk import walk

    walk(other_disk)
    assert names_in(other_disk) == [str(NAME)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.sampled_from(list(ImportMode))), max_size=12)
)
def test_any_order_of_imports_keeps_every_film_and_no_other(steps: list[tuple[int, int, ImportMode]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "library"
        root.mkdir()
        sources = [Path(folder) / f"{number}.mkv" for number in range(3)]
        for number, path in enumerate(sources):
            path.write_bytes(bytes([number]) * 100)
        where: dict[tuple[int, int], Path] = {}
        for film, name, mode in steps:
            placed = place(sources[film], root, PurePosixPath(f"F{name}/F{name}.mkv"), mode)
            assert placed.path.read_bytes() == sources[film].read_bytes()
            assert where.setdefault((film, name), placed.path) == placed.path
        assert len(names_in(root)) == len(where)


def test_numbers_fit_into_a_name() -> None:
    assert numbered("Film - 1080p.mkv", 1) == "Film - 1080p.mkv"
    assert numbered("Film - 1080p.mkv", 2) == "Film - 1080p (2).mkv"
    assert len(numbered("é" * 125 + ".mkv", 99).encode()) <= 255
