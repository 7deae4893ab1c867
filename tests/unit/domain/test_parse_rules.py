"""The mistakes that other readers of release names make, one by one."""

from __future__ import annotations

import pytest

from sokoul.domain.release import Release, parse


def facts(name: str, *fields: str) -> tuple[object, ...]:
    release: Release = parse(name)
    return tuple(getattr(release, field) for field in fields)


@pytest.mark.parametrize(
    "name",
    [
        "Heat.1995.1080p.BluRay.x264-B4ND1T69",
        "Kasaba 2016 720p Zee5 WebDL x264",
        "Ocean's Eleven 2001 1080p BluRay x265-GRP45",
        "Apollo.13.1995.1080p.BluRay.x264-GRP",
        "Room.237.2012.1080p.BluRay",
        "District.9.2009.2160p.UHD.BluRay.x265-GRP",
        "Se7en.1995.1080p.BluRay",
    ],
)
def test_a_film_has_no_episode(name: str) -> None:
    assert facts(name, "seasons", "episodes", "absolute") == ((), (), ())


@pytest.mark.parametrize(
    ("name", "seasons", "episodes"),
    [
        ("Show.S03E01.S03E02.720p.HDTV", (3,), (1, 2)),
        ("Show 2x09-2x10 - Name", (2,), (9, 10)),
        ("Show.S02E03-04-05.720p", (2,), (3, 4, 5)),
        ("Show.S07E22E23.720p", (7,), (22, 23)),
        ("Show - 1x01-x03 - Name", (1,), (1, 2, 3)),
        ("Show [HDTV][Cap.408]", (4,), (8,)),
        ("Show Se.3 afl.3 en 4", (3,), (3, 4)),
        ("Show.5of9.The.Name.DVDRip", (1,), (5,)),
        ("Show.103.hdtv-grp", (1,), (3,)),
        ("Show Season 01 Episode 05 720p", (1,), (5,)),
        ("Show - S02E21 - 18-5-4", (2,), (21,)),
        ("Doctor.Who.2005.8x11.Dark.Water.720p", (8,), (11,)),
    ],
)
def test_numbers_of_episodes(name: str, seasons: tuple[int, ...], episodes: tuple[int, ...]) -> None:
    assert facts(name, "seasons", "episodes") == (seasons, episodes)


@pytest.mark.parametrize(
    ("name", "absolute"),
    [
        ("[Group] One Piece - 1080 (1080p) [A1B2C3D4].mkv", (1080,)),
        ("[Group] Anime 1004 [E63F2984].mkv", (1004,)),
        ("[Group] Anime Title - 09v2 [720p][AAC]", (9,)),
        ("[Group] Anime (01-04) [1080p] (Batch)", (1, 2, 3, 4)),
        ("[字幕组][动画][12完][720P]", (12,)),
        ("[Group][Anime][第1008話][1080P]", (1008,)),
        ("[Group] Fairy Tale - 100 Years Quest - 05 (1080p) [1107F3A9]", (5,)),
    ],
)
def test_absolute_numbers(name: str, absolute: tuple[int, ...]) -> None:
    assert facts(name, "absolute") == (absolute,)


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("Late.Show.2012.13.02.PDTV", "2012-02-13"),
        ("Late Show - 30-04-2024 HDTV", "2024-04-30"),
        ("Late_Show_140722_720p_HDTV", "2014-07-22"),
        ("Late Show 5th Mar 2025 1080", "2025-03-05"),
        ("Late Show - 05-06-2024 HDTV", None),
    ],
)
def test_dates_and_the_refusal_of_ambiguous_ones(name: str, date: str | None) -> None:
    assert facts(name, "air_date") == (date,)


@pytest.mark.parametrize(
    ("name", "source", "cam"),
    [
        ("Show.S07E11.1080i.HDTV.DD5.1.MPEG2-NTb.ts", "tv", False),
        ("Film.2024.NEWCAM.1080p.HEVC", "cam", True),
        ("Film (2024) TeleSynch 720p", "telesync", True),
        ("Film 2024 720p HDTS x264", "telesync", True),
        ("Film.2024.1080p.TS.x264", "telesync", True),
        ("Film.2023.DVDScr.XviD", "screener", True),
        ("Film.2023.PDVDRip.x264", "telesync", True),
        ("Cam.2018.1080p.WEB-DL.x264", "webdl", False),
        ("Workprint.2020.1080p.WEB-DL.x264", "webdl", False),
        ("Film [BD1080p]", "bluray", False),
        ("Film.2019.1080p.MBluRay.x264", "bluray", False),
        ("Film.2014.1080p.UHDBDRip.HDR", "bluray", False),
        ("Show.S01E01.1080p.WEB.H264-GRP", "webdl", False),
        ("Show.S01E01.The.Web.MT-dd", None, False),
    ],
)
def test_sources(name: str, source: str | None, cam: bool) -> None:
    assert facts(name, "source", "cam") == (source, cam)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("Film.2018.720p.WEBRip.DDP5.1.x264-NTb-Rakuv", "NTb"),
        ("Film.2018.720p.WEBRip.DDP5.1.x264-NTb-postbot", "NTb"),
        ("Film.2019.1080p.BDRip.X264.AC3-EVO-RP-RP", "EVO"),
        ("Film (2003) (2160p BluRay X265 HEVC 10bit HDR AAC 7.1 Tigole) [QxR]", "QxR"),
        ("Film (2003) (2160p BluRay X265 HEVC 10bit HDR AAC 7.1 Tigole)", "Tigole"),
        ("Film (2020) [1080p] [WEBRip] [5.1] [YTS.MX]", "YTS.MX"),
        ("Film.2013.720p.BluRay.x264-ROUGH [PublicHD]", "ROUGH"),
        ("Show.2009.S01.1080p.BluRay.DTS5.1.x264-D-Z0N3", "D-Z0N3"),
        ("Film.2019.1080p.WEB-DL", None),
    ],
)
def test_groups(name: str, group: str | None) -> None:
    assert facts(name, "group") == (group,)


@pytest.mark.parametrize(
    ("name", "languages"),
    [
        ("Film.1994.French.1080p.XviD", ("fr",)),
        ("The.Italian.Job.2003.720p.BluRay", ()),
        ("Show.the.Spanish.Way.S02E06.Field.of.Cloth.1080p", ()),
        ("Film.2016.ENG-ITA-FRA.AAC.1080p", ("en", "it", "fr")),
        ("Show.S33E39.Ger.Fre.Eng.Sub.AAC.1080p", ()),
        ("Film.2010.SUBFRENCH.1080p", ()),
        ("Show S01 AVC.1080p.VOSTFR.VFF", ("fr",)),
    ],
)
def test_languages_are_spoken_ones(name: str, languages: tuple[str, ...]) -> None:
    assert facts(name, "languages") == (languages,)


@pytest.mark.parametrize(
    ("name", "title", "year"),
    [
        ("2012 2009 1080p BluRay x264 REPACK-GRP", "2012", 2009),
        ("Blade.Runner.2049.2017.1080p", "Blade Runner 2049", 2017),
        ("1917.2019.1080p.BluRay", "1917", 2019),
        ("A Complete Unknown 2024 1080p WEB-DL", "A Complete Unknown", 2024),
        ("www.site123.ca - Movie Time 2023 1080p", "Movie Time", 2023),
        ("Dune.Part.Two.2024.1080p.WEB-DL", "Dune Part Two", 2024),
        ("Unrated.2009.1080p.BluRay", "Unrated", 2009),
    ],
)
def test_titles_and_years(name: str, title: str, year: int) -> None:
    assert facts(name, "title", "year") == (title, year)


def test_other_titles_are_kept() -> None:
    assert parse("Kjeller AKA Basement of Shame 1956 1080p").titles[1:] == ("Kjeller", "Basement of Shame")


@pytest.mark.parametrize(
    "name", ["185d86a343e39f3341e35c4dad3f9959", "Vh1FvU3bJXw6zs8EEUX4bMo5vbbMdHghxHirc.mkv", ""]
)
def test_garbage_states_nothing(name: str) -> None:
    assert facts(name, "garbage", "title", "episodes") == (True, "", ())


def test_stated_lines_beat_words() -> None:
    assert parse("Film.2020.4Kto1080p.WEBRip").resolution == 1080
    assert parse("Film 2020 720p WEB DL H264 NFHD").resolution == 720
    assert parse("Film.2020.1920x800.BluRay").resolution == 1080
