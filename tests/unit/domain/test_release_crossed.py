"""Every word in every place: what a name says does not hang on its separators, its title or neighbours."""

from __future__ import annotations

import re

import pytest

from sokoul.domain.release import parse
from sokoul.domain.release.language_words import CODES, NAMES

SOURCES = {
    "bluray": "BluRay,Blu-Ray,Blu Ray,BDRip,BRRip,BD-Rip,UHD BluRay,BDRemux,BDMux,MBluRay,UHDBDRip,BDLight",
    "webdl": "WEB-DL,WEBDL,WEB DL,WebHD,AmazonHD,NetflixHD,iTunesHD",
    "webrip": "WEBRip,WEB-Rip,WEB Rip,WEBMux,WEBCap,WEB-DLRip",
    "tv": "HDTV,PDTV,SDTV,DSR,DSRip,TVRip,SATRip,DVBRip,HDTVRip,AHDTV,HD-TV",
    "dvd": "DVDRip,DVD-Rip,DVD Rip,DVDR,DVD-R,DVD9,DVD5,DVDMux",
    "hdrip": "HDRip,HD-Rip",
    "cam": "CAMRip,HDCAM,HD-CAM,CAM-Rip,HQCAM,NewCam",
    "telesync": "TELESYNC,HDTS,HD-TS,TSRip,PDVD,PreDVD,TeleSynch",
    "telecine": "TELECINE,HDTC,HD-TC,TCRip",
    "workprint": "WORKPRINT",
    "screener": "DVDSCR,DVDScr,BDSCR,SCREENER,DVD-Screener,WEBSCR,HDSCR",
    "regional": "R5,R6,R5.LINE",
    "vhs": "VHSRip",
    "hddvd": "HDDVD,HD-DVD,HDDVDRip",
    "ppv": "PPVRip",
    "vod": "VODRip",
}
AROUND_A_SOURCE = (
    "The Falcon 2019 1080p {} x264-GRP",
    "The Falcon (2019) {} 1080p",
    "The Falcon 2019 {} XviD AC3-GRP",
    "The Falcon 2019 [{}]",
    "The Falcon 2019 {}",
)
NOTATIONS = {
    "S01E02,s1e2,S01.E02,S01 E02,S01xE02,1x02,[1x02],(S01E02),S01EP02,S01 Ep02": ([1], [2]),
    "Season 1 Episode 2,Season 01 Ep 02,Series 1 Episode 2,Saison 1 Episode 2": ([1], [2]),
    "Staffel 1 Folge 2,Temporada 1 Capitulo 2,Stagione 1 Episodio 2,Sezon 1 Odcinek 2": ([1], [2]),
    "Seizoen 1 Afl 2,Sezon 1 Bolum 2,1. Sezon 2. Bolum,Сезон 1 Серия 2": ([1], [2]),
    "S01E02-E04,S01E02-04,S01E02-03-04,1x02-1x04,1x02-04,S01E02-S01E04": ([1], [2, 3, 4]),
    "S01E02E03,S01E02 E03,S01E02+E03": ([1], [2, 3]),
    "S2019E05": ([2019], [5]),
    "S00E03": ([0], [3]),
    "S01,Season 1,Saison 1,Staffel 1,Temporada 1,Stagione 1,1st Season": ([1], []),
    "Complete Season 1,Season 1 Complete,S01 Complete": ([1], []),
    "S01-S03,S01-03,Seasons 1-3,Season 1-3,Season 1 to 3,Seasons 1 to 3": ([1, 2, 3], []),
}
SERIES = ("Copper Lantern", "Room 104", "9-1-1", "24", "Law & Order SVU", "Brooklyn Nine-Nine")
BEHIND_NUMBERS = (
    " 1080p WEB-DL DDP5.1 H.264-GRP",
    "",
    " [1080p]",
    " (1080p BluRay x265 Panda)",
    " GERMAN 720p WEB x264-GRP",
)
FILMS = """
    2012,1917,300,21 Grams,Apollo 13,District 9,Blade Runner 2049,2001 A Space Odyssey,Spider-Man,X-Men
    Up,Cam,9,It,Us,The Italian Job,The French Connection,American Pie 2,Rocky IV,Dune Part Two,Kill Bill Vol 1
    Screener,Catch-22,The Web,Unrated,The Final Cut,Extended Stay,Proper Manners,The Complete Unknown
    Season of the Witch,The Episode,Part Time,8 Mile,The 40 Year Old Virgin,Fahrenheit 451,Room 237
    28 Days Later,Final Destination 5,Real Steel,Uncut Gems,Limited,Line of Duty,Telesync,Imax,Multi,Dual
    1984,U-571,K-19 The Widowmaker,S1m0ne
    """
AROUND_A_FILM = (
    "{} 2016 1080p BluRay x264-GRP",
    "{} (2016) 1080p BluRay x264-GRP",
    "{} 2016 2160p NF WEB-DL DDP5.1 HDR H.265-GRP",
    "{} 2016 MULTi 1080p WEB x264-GRP",
    "{} 2016 DVDRip XviD-GRP",
)
ANIME = (
    "Copper Lantern",
    "Copper Lantern 2",
    "Copper Lantern - Falcon",
    "91 Days",
    "Re-Lantern",
    "K-Quartz!!",
)
AROUND_AN_EPISODE = (
    "[Grp] {} - {} [1080p].mkv",
    "[Grp] {} {} [720p]",
    "[Grp] {} - {}v2 [1080p][HEVC x265 10bit][Multi-Subs]",
    "{} - {} VOSTFR 1080p",
    "[Grp] {} - {} END [1080p]",
    "[Grp][{}][{}][1080p][CHS]",
    "【字幕组】[{}][{}][1080P][简体]",
    "[Grp] {} [{}][1080p]",
    "[Grp] 銅燈 / {} - {} [1080p][CHT]",
    "[Grp] {} - {} - Some Name [BD 1080p FLAC]",
)


def folded(title: str) -> str:
    return re.sub(r"[\W_]+", "", title.casefold())


def separated(name: str) -> list[str]:
    return [name, name.replace(" ", "."), name.replace(" ", "_")]


@pytest.mark.parametrize(
    ("kind", "word"), [(kind, word) for kind, words in SOURCES.items() for word in words.split(",")]
)
def test_a_source_is_read_wherever_it_stands(kind: str, word: str) -> None:
    names = [name for around in AROUND_A_SOURCE for name in separated(around.format(word))]

    assert {name: parse(name).source for name in names} == dict.fromkeys(names, kind)


@pytest.mark.parametrize(
    "word", sorted(NAMES.keys() - {"vf", "latina", "arabo", "esp", "latin", "indonesia"})
)
def test_a_language_is_read_before_and_behind_the_picture(word: str) -> None:
    spoken = word.capitalize()
    names = [
        f"The.Falcon.2019.{spoken}.1080p.WEB-DL.x264-GRP",
        f"The.Falcon.S01E02.720p.{spoken}.WEB-DL.x264-GRP",
    ]

    assert [parse(name).languages for name in names] == [(NAMES[word],)] * 2


@pytest.mark.parametrize("word", sorted(CODES.keys() - {"big5", "ptbr", "eng"}))
def test_a_code_is_read_alone_and_beside_another(word: str) -> None:
    alone = parse(f"The.Falcon.2019.1080p.WEB-DL.{word.upper()}.x264-GRP")
    beside = parse(f"The.Falcon.2019.1080p.WEB-DL.Eng.{word.capitalize()}-GRP")

    assert (alone.languages, beside.languages) == ((CODES[word],), ("en", CODES[word]))


@pytest.mark.parametrize(
    ("notation", "seasons", "episodes"),
    [
        (form, seasons, episodes)
        for forms, (seasons, episodes) in NOTATIONS.items()
        for form in forms.split(",")
    ],
)
def test_numbers_are_read_behind_any_title(notation: str, seasons: list[int], episodes: list[int]) -> None:
    wrong = {}
    for title in SERIES:
        for behind in BEHIND_NUMBERS:
            name = f"{title} {notation}{behind}"
            found = parse(name)
            facts = (list(found.seasons), list(found.episodes), folded(found.title), found.full_season)
            if facts != (seasons, episodes, folded(title), not episodes):
                wrong[name] = facts

    assert not wrong


@pytest.mark.parametrize("title", [title.strip() for title in re.split(r"[,\n]", FILMS) if title.strip()])
def test_a_film_keeps_its_title_and_has_no_numbers(title: str) -> None:
    wrong = {}
    for around in AROUND_A_FILM:
        for name in separated(around.format(title))[:2]:
            found = parse(name)
            facts = (folded(found.title), found.year, found.group, found.cam, found.proper, found.edition)
            numbers = (*found.seasons, *found.episodes, *found.absolute)
            if facts != (folded(title), 2016, "GRP", False, False, None) or numbers or found.languages:
                wrong[name] = (facts, numbers, found.languages)

    assert not wrong


@pytest.mark.parametrize("title", ANIME)
def test_an_episode_of_an_anime_is_its_absolute_number(title: str) -> None:
    names = {
        around.format(title, number): int(number)
        for around in AROUND_AN_EPISODE
        for number in ("01", "12", "113", "1071")
    }
    found = {name: parse(name) for name in names}

    assert {name: list(release.absolute) for name, release in found.items()} == {
        name: [n] for name, n in names.items()
    }
    assert {folded(release.title) for release in found.values()} == {folded(title)}
