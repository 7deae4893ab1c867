"""What names promise against what is found, and what groups and indexers are worth from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sokoul.domain.claims import CLAIMS, compare
from sokoul.domain.judge import judge_one
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.mediafacts import AudioFacts, MediaFacts, VideoFacts
from sokoul.domain.offer import Offer
from sokoul.domain.quality import QualityProfile
from sokoul.domain.release import parse
from sokoul.domain.rules import Facts
from sokoul.domain.trust import LEAST, MOST, Record, Trust, points
from sokoul.domain.words import SENTENCES

DUNE = Wanted(Work(MediaType.MOVIE, "Dune: Part Two", 2024, runtime_minutes=166))
NAME = "Dune.Part.Two.2024.1080p.WEB-DL.x264-GRP"


def found(
    width: int = 1920,
    height: int = 800,
    codec: str = "h264",
    *languages: str | None,
    hdr: str | None = None,
    minutes: float = 166,
) -> MediaFacts:
    audio = tuple(AudioFacts(n, "aac", 2, language=language) for n, language in enumerate(languages, 1))
    return MediaFacts("matroska", minutes * 60, VideoFacts(0, codec, width, height, hdr=hdr), audio)


@pytest.mark.parametrize(
    ("name", "facts", "broken"),
    [
        (NAME, found(), []),
        (NAME, found(1280, 534), ["resolution"]),
        (NAME, found(3840, 1600), []),
        ("Dune.Part.Two.2024.480p.DVDRip.XviD-GRP", found(720, 304, "mpeg4"), []),
        ("Dune.Part.Two.2024.2160p.WEB-DL.x265-GRP", found(1920, 1080, "h264"), ["resolution", "codec"]),
        ("Dune.Part.Two.2024.1080p.WEB-DL.x265-GRP", found(1920, 800, "hevc"), []),
        ("Dune.Part.Two.2024.2160p.WEB-DL.HDR.x265-GRP", found(3840, 1600, "hevc"), ["hdr"]),
        ("Dune.Part.Two.2024.2160p.WEB-DL.HDR.x265-GRP", found(3840, 1600, "hevc", hdr="hdr10"), []),
        ("Dune.Part.Two.2024.FRENCH.1080p.WEB-DL.x264-GRP", found(1920, 800, "h264", "eng"), ["language"]),
        ("Dune.Part.Two.2024.FRENCH.1080p.WEB-DL.x264-GRP", found(1920, 800, "h264", "fre"), []),
        ("Dune.Part.Two.2024.FRENCH.1080p.WEB-DL.x264-GRP", found(1920, 800, "h264", "und"), []),
        ("Dune.Part.Two.2024.FRENCH.1080p.WEB-DL.x264-GRP", found(1920, 800, "h264", "eng", None), []),
        ("Dune.Part.Two.2024.MULTi.1080p.WEB-DL.x264-GRP", found(1920, 800, "h264", "fre"), ["language"]),
        ("Dune.Part.Two.2024.MULTi.1080p.WEB-DL.x264-GRP", found(1920, 800, "h264", "fra", "eng"), []),
        (NAME, found(minutes=3), ["runtime"]),
        (NAME, found(minutes=190), []),
        (NAME, found(minutes=400), ["runtime"]),
        ("Dune Part Two", found(640, 272, "mpeg4"), []),
        (NAME, None, ["plays"]),
    ],
)
def test_what_is_not_as_promised(name: str, facts: MediaFacts | None, broken: list[str]) -> None:
    outcomes = compare(parse(name), facts, problem="moov atom not found", runtime=166)

    assert [one.claim for one in outcomes if not one.kept] == broken
    assert all(one.told and one.found and one.claim in CLAIMS for one in outcomes)


def test_every_claim_has_words() -> None:
    assert {f"claim.{claim}" for claim in CLAIMS} <= set(SENTENCES)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_points_are_bounded_and_a_lie_never_pays(kept: int, lied: int) -> None:
    worth = points(Record(kept + lied, lied))

    assert LEAST <= worth <= MOST
    assert points(Record(kept + lied + 1, lied + 1)) <= worth <= points(Record(kept + lied + 1, lied))


def test_trust_is_earned_slowly_and_lost_quickly() -> None:
    assert [points(Record(n, 0)) for n in (0, 1, 4, 20)] == [0, 0, 1, 2]
    assert [points(Record(n, n)) for n in (1, 2, 5, 20)] == [-2, -2, -4, -5]
    assert points(Record(10, 1)) > 0 > points(Record(10, 5))


def judged(trust: Trust, **facts: object) -> tuple[int, dict[str, int], list[str]]:
    offer = Offer("g", NAME, "Mine", size_bytes=4_000_000_000, seeders=500, **facts)  # type: ignore[arg-type]
    verdict = judge_one(offer, DUNE, QualityProfile(), Facts(trust=trust))
    assert sum(each.points for each in verdict.reasons) == verdict.score
    return verdict.score, {r.code: r.points for r in verdict.reasons}, [r.reason for r in verdict.reasons]


def test_a_group_and_a_source_have_a_reason_of_their_own() -> None:
    plain, _, _ = judged(Trust())
    low, parts, said = judged(Trust({"grp": Record(5, 5, "resolution")}, {"mine": Record(20, 0)}))

    assert (parts["group_trust"], parts["indexer_trust"]) == (-4, 2)
    assert low == plain - 2
    assert "of this group's last 5 releases, 5 broke the promise of the name: resolution" in said
    assert "20 releases from this source kept what the name promised" in said


def test_of_several_sources_the_most_trusted_counts() -> None:
    trust = Trust({}, {"mine": Record(5, 5, "codec"), "other": Record(20, 0)})

    assert {each.code: each.points for each in trust.reasons(50, "GRP", ["mine", "other"])} == {
        "indexer_trust": 2
    }


@given(st.integers(1, 100), st.integers(0, 30), st.integers(0, 30))
def test_a_score_stays_between_one_and_a_hundred(score: int, lied: int, kept: int) -> None:
    record = Record(lied + kept, lied, "codec")
    reasons = Trust({"grp": record}, {"mine": record}).reasons(score, "GRP", ["mine"])

    assert 1 <= score + sum(each.points for each in reasons) <= 100
    assert all(each.points for each in reasons)
