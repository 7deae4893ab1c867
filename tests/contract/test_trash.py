"""Everything that the TRaSH guides publish can be taken in, and means what it means there."""

from __future__ import annotations

from pathlib import Path

import pytest

from sokoul.domain.formats import Described, matches, pattern
from sokoul.domain.formats.model import PATTERNS
from sokoul.domain.profile_faults import faults
from sokoul.domain.release import parse
from sokoul.features.profiles.document import Rules
from sokoul.features.profiles.trash import App, Given, Imported, read
from tests import shared

COUNTS: dict[App, tuple[int, int, int]] = {"radarr": (242, 39, 4), "sonarr": (236, 23, 2)}


def _given(app: App, *folders: str) -> list[Given]:
    root = shared.spec(f"trash/{app}")
    files = [path for folder in folders for path in sorted(Path(root / folder).glob("*.json"))]
    return [Given(str(path.relative_to(root.parent)), path.read_text(encoding="utf-8")) for path in files]


def _all(app: App) -> Imported:
    return read(_given(app, "cf", "quality-profiles", "quality-size"))


@pytest.mark.parametrize("app", ["radarr", "sonarr"])
def test_everything_is_read_and_nothing_left_out(app: App) -> None:
    found = _all(app)
    assert (len(found.formats), len(found.profiles), len(found.sizes)) == COUNTS[app]
    assert found.notes == []


@pytest.mark.parametrize("app", ["radarr", "sonarr"])
def test_every_profile_is_sound_and_survives_the_table(app: App) -> None:
    for profile in _all(app).profiles:
        assert faults(profile) == [], profile.name
        told = Rules.of(profile).model_dump_json(exclude_defaults=True)
        assert Rules.model_validate_json(told).as_profile(profile.name) == profile


@pytest.mark.parametrize("app", ["radarr", "sonarr"])
def test_no_format_is_too_slow_for_any_real_name(app: App) -> None:
    formats = [each.format for each in _all(app).formats]
    for case in shared.corpus(app)[::20]:
        name = case["release"][:255]
        release = parse(name)
        for each in formats:
            matches(each, Described(release, name))
    tired = [
        condition.value
        for each in formats
        for condition in each.conditions
        if condition.kind in PATTERNS and pattern(condition.value).tired
    ]
    assert tired == []


@pytest.mark.parametrize(
    ("app", "name", "wanted", "others"),
    [
        (
            "radarr",
            "Film.2020.1080p.BluRay.REMUX.AVC.DTS-HD.MA.5.1-FraMeSToR",
            {"Remux Tier 01", "DTS-HD MA"},
            {"BR-DISK", "x265 (HD)", "3D", "HD Bluray Tier 01", "WEB Tier 01", "LQ"},
        ),
        (
            "radarr",
            "Film.2020.1080p.WEB-DL.DDP5.1.Atmos.H.264-FLUX",
            {"WEB Tier 01", "DD+ ATMOS"},
            {"Remux Tier 01", "x265 (HD)", "BR-DISK"},
        ),
        ("radarr", "Film.2020.1080p.WEBRip.x265-GRP", {"x265 (HD)"}, {"Remux Tier 01"}),
        ("radarr", "Film.2020.2160p.WEBRip.x265-GRP", set(), {"x265 (HD)"}),
        ("radarr", "Film.2020.PROPER.1080p.BluRay.x264-GRP", {"Repack/Proper"}, {"Repack2"}),
        (
            "sonarr",
            "Show.S01E02.1080p.AMZN.WEB-DL.DDP5.1.H.264-NTb",
            {"WEB Tier 01", "AMZN"},
            {"Remux Tier 01", "x265 (HD)"},
        ),
        ("sonarr", "Show.S01.1080p.WEB-DL.H.264-GRP", {"Season Pack"}, {"Multi-Episode"}),
    ],
)
def test_formats_fit_what_they_are_for(app: App, name: str, wanted: set[str], others: set[str]) -> None:
    described = Described(parse(name), name, original_language="en")
    fitting = {each.format.name for each in _all(app).formats if matches(each.format, described)}
    assert wanted <= fitting
    assert fitting.isdisjoint(others)


def test_points_are_those_of_the_profiles_own_set() -> None:
    found = {profile.name: profile for profile in _all("radarr").profiles}
    plain = {each.format.name: each.points for each in found["HD Bluray + WEB"].formats}
    assert plain["HD Bluray Tier 01"] == 1800
    assert found["HD Bluray + WEB"].until == "Bluray-1080p"
    assert [step.name for step in found["HD Bluray + WEB"].steps if step.allowed] == [
        "Bluray-720p",
        "WEB 1080p",
        "Bluray-1080p",
    ]
    french = found["[French MULTi.VF] HD Bluray + WEB"]
    assert french.languages == ("fr",)


def test_a_format_alone_is_read_or_the_reason_is_told() -> None:
    (x264,) = [each for each in _given("sonarr", "cf") if each.name.endswith("/x264.json")]
    assert read([x264]).formats[0].format.name == "x264"
    pasted = Given("pasted", x264.text)
    (note,) = read([pasted]).notes
    assert "differs between Radarr and Sonarr" in note
    assert read([pasted], "sonarr").formats[0].format.name == "x264"
