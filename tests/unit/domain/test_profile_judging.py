"""What a profile does to verdicts and to the order: ladder, sizes, formats, words, languages, ceiling."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from sokoul.domain.formats import Condition, CustomFormat, Kind
from sokoul.domain.judge import judge, judge_one
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.offer import Judged, Offer, Protocol
from sokoul.domain.quality import QualityProfile, ScoredFormat, SizeLimit, Step
from sokoul.domain.scoring import shared
from sokoul.domain.screen import SCREENS

FILM = Wanted(Work(MediaType.MOVIE, "Film", 2020, runtime_minutes=100, original_language="en"))
LADDER = QualityProfile(
    "ladder",
    minimum=0,
    steps=(
        Step("720", ("WEBDL-720p", "WEBRip-720p")),
        Step("never", ("HDTV-1080p",), allowed=False),
        Step("web", ("WEBDL-1080p", "WEBRip-1080p")),
        Step("disc", ("Bluray-1080p",)),
    ),
    until="web",
)


def _judged(
    name: str, profile: QualityProfile, *, gb: float = 4.0, seeders: int = 50, wanted: Wanted = FILM
) -> Judged:
    return judge_one(Offer(name, name, "x", size_bytes=round(gb * 1e9), seeders=seeders), wanted, profile)


def _codes(judged: Judged) -> list[str]:
    return [refusal.code for refusal in judged.refusals]


def _format(name: str, value: str, points: int) -> ScoredFormat:
    return ScoredFormat(CustomFormat(name, (Condition(Kind.TITLE, value),)), points)


def test_the_ladder_refuses_and_ranks() -> None:
    names = [
        f"Film.2020.{what}-G"
        for what in ("720p.WEB-DL", "1080p.WEB-DL", "1080p.WEBRip", "1080p.BluRay", "1080p.HDTV")
    ]
    points = {name: _judged(name, LADDER) for name in names}
    assert _codes(points[names[4]]) == ["quality"]
    assert _codes(_judged("Film.2020-G", LADDER)) == ["quality"]
    scores = [points[name].score for name in names[:4]]
    assert scores[0] < scores[1] == scores[2] < scores[3]


def test_points_of_every_kind_of_profile_add_up_to_at_most_100() -> None:
    for ladder, formats, screen in product((False, True), repeat=3):
        parts, shares = shared(ladder, formats, screen)
        assert sum(shares) == 100
        assert len(parts) == len(shares)
        assert all(share > 0 for share in shares)
    assert [part.most for part in shared(False, False, False)[0]] == list(shared(False, False, False)[1])


@pytest.mark.parametrize("steps", [(), LADDER.steps])
@pytest.mark.parametrize("formats", [(), (_format("a", "1080p", 900), _format("b", "x265", -400))])
@pytest.mark.parametrize("screen", [None, SCREENS[0]])
def test_reasons_add_up_exactly(
    steps: tuple[Step, ...], formats: tuple[ScoredFormat, ...], screen: object
) -> None:
    profile = QualityProfile(minimum=0, steps=steps, until="web", formats=formats, screen=screen)  # type: ignore[arg-type]
    for name in ("1080p.WEB-DL.x265", "1080p.BluRay.x264.DTS", "720p.WEBRip.AAC", "2160p.BluRay.HDR.x265"):
        for gb, seeders in ((0.9, 0), (3.0, 7), (20.0, 4000)):
            judged = _judged(f"Film.2020.{name}-G", replace(profile, min_seeders=0), gb=gb, seeders=seeders)
            assert sum(reason.points for reason in judged.reasons) == judged.score <= 100


def test_formats_move_the_order_and_are_named() -> None:
    plain = QualityProfile(
        formats=(_format("Good", "GOOD", 1000), _format("Better", "IMAX", 400), _format("Bad", "BAD", -300))
    )
    names = ["GOOD.IMAX", "GOOD", "IMAX", "SO", "BAD"]
    found = [_judged(f"Film.2020.1080p.WEB-DL.x264.{name}-G", plain) for name in names]
    assert [each.format_score for each in found] == [1400, 1000, 400, 0, -300]
    assert sorted((each.score for each in found), reverse=True) == [each.score for each in found]
    (reason,) = [each.reason for each in found[1].reasons if each.code == "formats"]
    assert reason == "1,000 points from custom formats: Good (+1000)"
    ordered = judge([each.offer for each in reversed(found)], FILM, plain)
    assert [each.offer.title for each in ordered] == [each.offer.title for each in found]


def test_too_few_format_points_refuse_and_say_why() -> None:
    profile = QualityProfile(formats=(_format("x265", "x265", -10_000),), least_format_score=0)
    assert _codes(_judged("Film.2020.1080p.WEB-DL.x264-G", profile)) == []
    (refusal,) = _judged("Film.2020.1080p.WEB-DL.x265-G", profile).refusals
    assert refusal.message == "Its custom formats make -10,000 points, because of x265; 0 are wanted"


@pytest.mark.parametrize(
    ("profile", "name", "codes"),
    [
        (QualityProfile(must=("multi", "vff")), "Film.2020.MULTi.1080p-G", []),
        (QualityProfile(must=("multi", "vff")), "Film.2020.1080p-G", ["word_missing"]),
        (QualityProfile(must_not=("web rip",)), "Film.2020.1080p.WEB-Rip-G", ["word_present"]),
        (QualityProfile(must_not=("rip",)), "Film.2020.1080p.WEBRip-G", []),
        (QualityProfile(must_not=("/web.?rip/",)), "Film.2020.1080p.WEBRip-G", ["word_present"]),
        (QualityProfile(must_not=("film",)), "Film.2020.1080p.WEBRip-G", []),
        (QualityProfile(ceiling=1080), "Film.2020.2160p.WEB-DL-G", ["ceiling"]),
        (QualityProfile(ceiling=1080), "Film.2020.1080p.WEB-DL-G", []),
        (
            QualityProfile(screen=SCREENS[0], refuse_unplayable=True),
            "Film.2020.2160p.WEB-DL.HEVC-G",
            ["screen"],
        ),
        (QualityProfile(screen=SCREENS[0], refuse_unplayable=True), "Film.2020.1080p.WEB-DL.HEVC-G", []),
        (QualityProfile(screen=SCREENS[0]), "Film.2020.2160p.WEB-DL.HEVC-G", []),
        (QualityProfile(languages=("original",)), "Film.2020.FRENCH.1080p-G", ["language"]),
        (QualityProfile(languages=("original",)), "Film.2020.1080p-G", []),
        (QualityProfile(languages=("both",)), "Film.2020.FRENCH.1080p-G", ["language"]),
        (QualityProfile(languages=("both",)), "Film.2020.MULTi.1080p-G", []),
        (QualityProfile(languages=("both", "fr")), "Film.2020.FRENCH.1080p-G", []),
    ],
)
def test_refusals_of_a_profile(profile: QualityProfile, name: str, codes: list[str]) -> None:
    assert _codes(_judged(name, profile)) == codes


def test_the_order_of_languages_counts() -> None:
    both, dub, original = (
        "Film.2020.MULTi.1080p.WEB-G",
        "Film.2020.FRENCH.1080p.WEB-G",
        "Film.2020.1080p.WEB-G",
    )
    dubbed_first = QualityProfile(languages=("fr", "original"))
    assert (
        _judged(both, dubbed_first).score
        >= _judged(dub, dubbed_first).score
        > _judged(original, dubbed_first).score
    )
    original_first = QualityProfile(languages=("original", "fr"))
    assert _judged(original, original_first).score > _judged(dub, original_first).score


def test_sizes_are_the_profiles_own_where_it_has_them() -> None:
    name = "Film.2020.1080p.BluRay.x265-G"
    assert _codes(_judged(name, QualityProfile(), gb=0.62)) == []  # 6.2 MB a minute: small, not refused
    (size,) = [each for each in _judged(name, QualityProfile(), gb=0.62).reasons if each.code == "size"]
    assert size.points < 15
    own = QualityProfile(sizes=(SizeLimit("Bluray-1080p", 10, 40, 60),))
    assert _codes(_judged(name, own, gb=0.62)) == ["too_small"]
    assert _codes(_judged(name, own, gb=7)) == ["too_big"]
    assert _judged(name, own, gb=4).score > _judged(name, own, gb=1.5).score


def test_what_is_in_the_library_is_not_measured_against_the_profile() -> None:
    profile = replace(LADDER, ceiling=720, must=("never",), least_format_score=5)
    offer = Offer("1", "Film.2020.1080p.HDTV-G", "library", protocol=Protocol.LIBRARY)
    assert judge_one(offer, FILM, profile).refusals == ()
