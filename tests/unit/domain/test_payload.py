"""What a torrent may put on the disk."""

from __future__ import annotations

import pytest

from sokoul.domain.payload import MOST_FILES, PayloadFile, judge_payload, pick_main

GB = 10**9


def codes(*paths: str, name: str = "Film", symlink: bool = False) -> set[str]:
    files = [PayloadFile("Film/film.mkv", GB), *(PayloadFile(path, 100, symlink) for path in paths)]
    return {refusal.code for refusal in judge_payload(files, name=name)}


def test_an_ordinary_release_passes() -> None:
    assert (
        codes("Film/film.en.srt", "Film/film.nfo", "Film/Screens/01.jpg", "Film/Sample/sample.mkv") == set()
    )


@pytest.mark.parametrize(
    "path",
    [
        "setup.exe",
        "Film/film.mkv.exe",
        "Film/film.mp4.scr",
        "Film/codec.msi",
        "Film/play.lnk",
        "Film/x.ps1",
        "Film/a.vbs",
        "Film/film.rar",
        "Film/film.r00",
        "Film/film.zip",
        "Film/film.7z",
        "Film/film.part01.rar",
        "Film/film.001",
        "Film/run.sh",
        "Film/film.exe.mkv",
        "Film/FILM.EXE",
        "Film/x.apk",
        "Film/film.mkv.xyz",
        "Film/film.mkv      .exe",
    ],
)
def test_dangerous_files(path: str) -> None:
    assert codes(path) == {"dangerous_file"}


@pytest.mark.parametrize(
    "path",
    [
        "../film.mkv",
        "Film/../../etc/passwd.txt",
        "/etc/passwd.txt",
        "Film\\..\\x.txt",
        "Film/a\x00b.txt",
        "Film/a\nb.txt",
        "Film/\u202egpj.txt",
        "Film/CON",
        "Film/con.txt",
        "Film/LPT1.srt",
        "Film/name.txt.",
        "Film/name ",
        "Film//x.txt",
        "Film/" + "a" * 300 + ".txt",
        "a/" * 600 + "x.txt",
        "C:/x.txt",
        "Film/./x.txt",
        "",
        "Film/\ud800.txt",
        "Film/FILM.mkv",
    ],
)
def test_unsafe_paths(path: str) -> None:
    assert "unsafe_path" in codes(path)


def test_an_unsafe_torrent_name() -> None:
    assert codes(name="../..") == {"unsafe_path"}
    assert codes(name="a/b") == {"unsafe_path"}


def test_symbolic_links_are_refused() -> None:
    assert codes("Film/link.txt", symlink=True) == {"unsafe_path"}


def test_no_video_and_too_many_files() -> None:
    assert [r.code for r in judge_payload([PayloadFile("a.txt", 1)], name="x")] == ["no_video"]
    assert [r.code for r in judge_payload([], name="x")] == ["no_video"]
    many = [PayloadFile(f"{i}.mkv", 1) for i in range(MOST_FILES + 1)]
    assert [r.code for r in judge_payload(many, name="x")] == ["too_many_files"]


def test_a_hostile_name_is_shown_harmlessly() -> None:
    [refusal] = judge_payload(
        [PayloadFile("f.mkv", GB), PayloadFile("a\x1b[31m\u202eb" * 40 + ".exe", 1)], name="x"
    )[1:]

    assert refusal.message.isprintable() and len(refusal.message) < 200


def test_the_film_is_the_largest_without_samples_and_extras() -> None:
    files = [
        PayloadFile("Film/Sample/film-sample.mkv", 50_000_000),
        PayloadFile("Film/Extras/making of.mkv", 2 * GB),
        PayloadFile("Film/film.mkv", 4 * GB),
        PayloadFile("Film/film.srt", 1000),
    ]

    assert pick_main(files) == [2]


def test_episodes_come_in_the_order_of_their_names() -> None:
    files = [PayloadFile(f"Show/S01E0{n}.mkv", GB + n) for n in (3, 1, 2)]

    assert pick_main(files) == [1, 2, 0]
    assert pick_main([PayloadFile("sample.mkv", 10**6)]) == [0]
    assert pick_main([PayloadFile("a.txt", 1)]) == []
