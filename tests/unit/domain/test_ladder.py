"""Named qualities, and what is wrong with a profile."""

from __future__ import annotations

import pytest

from sokoul.domain.formats import Condition, CustomFormat, Kind
from sokoul.domain.ladder import BY_NAME, QUALITIES, quality_of
from sokoul.domain.profile_faults import faults
from sokoul.domain.quality import QualityProfile, ScoredFormat, SizeLimit, Step
from sokoul.domain.release import parse


@pytest.mark.parametrize(
    ("name", "quality"),
    [
        ("Film.2020.1080p.BluRay.x264-G", "Bluray-1080p"),
        ("Film.2020.1080p.BluRay.REMUX.AVC-G", "Remux-1080p"),
        ("Film.2020.2160p.UHD.BluRay.REMUX.HEVC-G", "Remux-2160p"),
        ("Film.2020.1080p.WEB-DL.x264-G", "WEBDL-1080p"),
        ("Film.2020.2160p.WEBRip.x265-G", "WEBRip-2160p"),
        ("Show.S01E01.720p.HDTV.x264-G", "HDTV-720p"),
        ("Show.S01E01.HDTV.XviD-G", "SDTV"),
        ("Film.2020.DVDRip.XviD-G", "DVD"),
        ("Film.2020.HDCAM.x264-G", "CAM"),
        ("Film.2020.1080p.x264-G", "HDTV-1080p"),
        ("Film", "Unknown"),
        ("Film.2020.COMPLETE.BLURAY-G", "BR-DISK"),
    ],
)
def test_a_name_is_one_quality(name: str, quality: str) -> None:
    assert quality_of(parse(name)).name == quality


def test_the_names_are_unique() -> None:
    assert len(BY_NAME) == len(QUALITIES)


def _profile(**fields: object) -> QualityProfile:
    steps = (Step("low", ("WEBDL-720p",)), Step("high", ("WEBDL-1080p", "Bluray-1080p")))
    return QualityProfile(**{"steps": steps, "until": "high", **fields})  # type: ignore[arg-type]


def test_a_sound_profile_has_no_faults() -> None:
    assert faults(_profile()) == []
    assert _profile().rank("Bluray-1080p") == 1
    assert not _profile().allows("CAM")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"until": "elsewhere"}, "until"),
        ({"steps": (Step("a", ("Nothing-1080p",)),), "until": "a"}, "steps.0.qualities"),
        ({"steps": (Step("a", ("DVD",)), Step("b", ("DVD",))), "until": "a"}, "steps.0.qualities"),
        ({"steps": (Step("a", ("DVD",)), Step("a", ("SDTV",))), "until": "a"}, "steps.0.name"),
        ({"steps": (Step("a", ("DVD",), allowed=False),), "until": "a"}, "steps"),
        ({"steps": (), "minimum": 1080, "cutoff": 720}, "cutoff"),
        ({"sizes": (SizeLimit("DVD", 5, 4, 3),)}, "sizes.0"),
        ({"sizes": (SizeLimit("Nothing"),)}, "sizes.0.quality"),
        ({"formats": (ScoredFormat(CustomFormat("x", ()), 1),)}, "formats.0.conditions"),
        ({"must": ("/(/",)}, "must.0"),
        ({"must_not": ("/((a{1,99}){1,99}){1,99}b/",)}, "must_not.0"),
    ],
)
def test_every_fault_names_its_field(fields: dict[str, object], field: str) -> None:
    assert field in [where for where, _ in faults(_profile(**fields))]


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        (Condition(Kind.TITLE, "("), "value"),
        (Condition(Kind.SOURCE, "moon"), "value"),
        (Condition(Kind.RESOLUTION, "big"), "value"),
        (Condition(Kind.LANGUAGE, "klingon"), "value"),
        (Condition(Kind.SIZE), "least"),
        (Condition(Kind.YEAR, least=5, most=4), "most"),
    ],
)
def test_every_fault_of_a_condition_names_its_field(condition: Condition, field: str) -> None:
    (fault,) = faults(_profile(formats=(ScoredFormat(CustomFormat("x", (condition,)), 1),)))
    assert fault[0] == f"formats.0.conditions.0.{field}"
