"""From offers to a ranked list: identity, refusals, points that add up, merging."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sokoul.domain.identity import namesakes
from sokoul.domain.judge import judge, judge_again, judge_chunks, judge_one, merge, ranked
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.offer import Offer, Protocol, Weight
from sokoul.domain.quality import QualityProfile
from sokoul.domain.rules import IDENTITY_CODES, Facts

DUNE = Wanted(
    Work(MediaType.MOVIE, "Dune: Part Two", 2024, aliases=("Dune 2",), tmdb_id=693134, runtime_minutes=166)
)
BEAR = Wanted(Work(MediaType.TV, "The Bear", 2022, runtime_minutes=30), season=2, episode=3)
HD = QualityProfile(prefer_codecs=("hevc",))
GOOD = "Dune.Part.Two.2024.1080p.WEB-DL.DDP5.1.x265-GRP"


def offer(title: str = GOOD, **facts: object) -> Offer:
    basic = Offer(guid=title, title=title, provider="one", size_bytes=4_000_000_000, seeders=50)
    return replace(basic, **facts)  # type: ignore[arg-type]  # the tests name the fields


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (offer("Dune.1984.1080p.BluRay.x264-GRP"), "wrong_title"),
        (offer("Dune.2021.1080p.BluRay.x264-GRP"), "wrong_title"),
        (offer("Dune.Part.Two.1984.1080p.BluRay.x264-GRP"), "wrong_year"),
        (offer("Dune.2.S01E02.1080p.WEB-DL-GRP"), "wrong_type"),
        (offer("Dune.Part.Two.2024.1080p.HDCAM.x264-GRP"), "cam"),
        (offer("Dune.Part.Two.2024.1080p.HDTS.x264-GRP"), "telesync"),
        (offer("Dune.Part.Two.2024.1080p.DVDSCR.x264-GRP"), "screener"),
        (offer("Dune.Part.Two.2024.1080p.WEB-DL.sample.mkv", size_bytes=30_000_000), "sample"),
        (offer("Dune.Part.Two.2024.1080p.WEB-DL.x264.exe"), "dangerous_file"),
        (offer("Dune Part Two 2024 OST FLAC"), "soundtrack"),
        (offer("Dune Part Two (Original Motion Picture Soundtrack) 2024 MP3 320kbps"), "soundtrack"),
        (offer(categories=(3010,)), "soundtrack"),
        (offer("Dune.Part.Two.2024.Trailer.1080p.WEB-DL"), "extra"),
        (offer("Dune.Part.Two.2024.The.Making.Of.Documentary.1080p"), "extra"),
        (offer(categories=(7020,)), "wrong_type"),
        (offer(size_bytes=300_000_000), "too_small"),
        (offer(size_bytes=200_000_000_000), "too_big"),
        (offer(seeders=0), "few_seeders"),
        (offer("Dune.Part.Two.2024.720p.WEB-DL.x264-GRP"), "quality"),
        (offer("Dune.Part.Two.2024.1080p.BluRay.3D.HSBS.x264-GRP"), "three_d"),
        (offer("Dune.Part.Two.2024.COMPLETE.BLURAY.1080p-GRP"), "raw_disk"),
        (offer("Dune.Part.Two.2024.1080p.WEBRip.HC.x264-GRP"), "hardcoded_subs"),
        (offer("Dune.Part.Two.2024.AI.Upscaled.2160p.WEB-DL"), "upscaled"),
        (offer(tmdb_id=438631), "wrong_title"),
    ],
)
def test_refused_with_its_code_and_a_sentence(found: Offer, code: str) -> None:
    judged = judge_one(found, DUNE, HD)

    assert code in [refusal.code for refusal in judged.refusals]
    assert judged.score == 0 and judged.reasons == ()
    assert (judged.confidence == 0) == bool(IDENTITY_CODES & {refusal.code for refusal in judged.refusals})
    assert all(
        refusal.message[0].isupper() or refusal.message[0] in "“0123456789" for refusal in judged.refusals
    )


def test_the_sentence_states_the_facts() -> None:
    judged = judge_one(offer("Dune.Part.Two.1984.1080p.BluRay.x264-GRP"), DUNE, HD)

    assert [refusal.message for refusal in judged.refusals] == ["The year is 1984; 2024 was asked for"]


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("The.Bear.S02E03.1080p.WEB-DL.x264-GRP", True),
        ("The.Bear.S02.1080p.WEB-DL.x264-GRP", True),
        ("The.Bear.S01-S03.1080p.WEB-DL.x264-GRP", True),
        ("The.Bear.S02E01-E05.1080p.WEB-DL.x264-GRP", True),
        ("The.Bear.S02E04.1080p.WEB-DL.x264-GRP", False),
        ("The.Bear.S01.1080p.WEB-DL.x264-GRP", False),
        ("The.Bear.2022.1080p.WEB-DL.x264-GRP", False),
    ],
)
def test_an_episode_is_contained_or_not(name: str, accepted: bool) -> None:
    assert judge_one(offer(name, size_bytes=None), BEAR, HD).rejected is not accepted


def test_an_id_of_the_source_beats_a_foreign_title() -> None:
    judged = judge_one(offer("Duna.Czesc.Druga.2024.1080p.WEB-DL.x264-GRP", tmdb_id=693134), DUNE, HD)

    assert not judged.rejected and judged.confidence == 1.0


def test_a_profile_that_accepts_cams_gets_them() -> None:
    found = offer("Dune.Part.Two.2024.1080p.HDCAM.x264-GRP")

    assert not judge_one(found, DUNE, replace(HD, reject=())).rejected


def test_languages_of_the_profile() -> None:
    french = replace(HD, languages=("fr",))

    assert judge_one(offer("Dune.Part.Two.2024.GERMAN.1080p.WEB-DL.x264-GRP"), DUNE, french).rejected
    assert not judge_one(offer("Dune.Part.Two.2024.MULTi.1080p.WEB-DL.x264-GRP"), DUNE, french).rejected


def test_the_blocklist_is_by_hash_or_name() -> None:
    assert judge_one(offer(info_hash="AB" * 20), DUNE, HD, Facts(blocklist=frozenset({"ab" * 20}))).rejected
    assert judge_one(offer(), DUNE, HD, Facts(blocklist=frozenset({GOOD.lower()}))).rejected


def test_x265_of_a_modest_size_is_accepted() -> None:
    assert not judge_one(offer(size_bytes=166 * 6_100_000), DUNE, HD).rejected


def test_the_best_comes_first_and_the_rejected_last() -> None:
    names = [
        "Dune.1984.1080p.BluRay.x264-GRP",
        "Dune.Part.Two.2024.1080p.HDTV.x264-GRP",
        "Dune.Part.Two.2024.PROPER.1080p.BluRay.x265-GRP",
    ]

    assert [item.offer.title for item in judge(map(offer, names), DUNE, HD)] == [names[2], names[1], names[0]]


titles = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [GOOD, "Dune.Part.Two.2024.2160p.BluRay.REMUX.HDR.TrueHD.Atmos-X", "Dune 2 2024 1080p", "Dune.1984"]
    ),
)
offers = st.builds(
    Offer,
    guid=st.text(max_size=5),
    title=titles,
    provider=st.sampled_from(["one", "two", "three"]),
    protocol=st.sampled_from(Protocol),
    size_bytes=st.one_of(st.none(), st.integers(0, 10**13), st.sampled_from([4_000_000_000])),
    seeders=st.one_of(st.none(), st.integers(0, 10**9)),
    info_hash=st.one_of(st.none(), st.sampled_from(["a" * 40, "B" * 40, "b" * 40])),
    tmdb_id=st.one_of(st.none(), st.just(693134)),
)
profiles = st.builds(
    QualityProfile,
    minimum=st.sampled_from([0, 480, 1080]),
    cutoff=st.sampled_from([480, 1080, 2160]),
    prefer_codecs=st.sampled_from([(), ("hevc",), ("av1", "avc")]),
    languages=st.sampled_from([(), ("fr", "en")]),
    min_seeders=st.integers(0, 3),
)


@given(offers, profiles)
@settings(max_examples=300, deadline=None)
def test_points_add_up_for_any_offer(found: Offer, profile: QualityProfile) -> None:
    judged = judge_one(found, DUNE, profile)

    assert sum(reason.points for reason in judged.reasons) == judged.score
    assert 0 <= judged.score <= 100
    assert (judged.score == 0) == judged.rejected
    assert all(reason.points > 0 and reason.reason for reason in judged.reasons)


@given(st.lists(offers, max_size=12))
@settings(max_examples=150, deadline=None)
def test_merging_keeps_every_source_and_every_hash(found: list[Offer]) -> None:
    merged = judge(found, DUNE, HD)

    assert {name for item in merged for name in item.providers} == {item.provider for item in found}
    hashes = [item.offer.info_hash.lower() for item in merged if item.offer.info_hash]
    assert set(hashes) == {item.info_hash.lower() for item in found if item.info_hash}
    assert len(hashes) == len(set(hashes))
    assert all(sum(reason.points for reason in item.reasons) == item.score for item in merged)


def test_a_merged_entry_is_judged_on_the_most_seeders() -> None:
    same = {"info_hash": "c" * 40}
    found = [offer(provider="one", seeders=0, **same), offer(provider="two", seeders=900, **same)]

    [merged] = judge(found, DUNE, HD)

    assert merged.providers == ("one", "two") or merged.providers == ("two", "one")
    assert merged.offer.seeders == 900 and not merged.rejected
    assert any("900 seeders" in reason.reason for reason in merged.reasons)


def test_what_the_household_has_is_not_judged_by_its_size() -> None:
    [owned] = judge([offer(size_bytes=76_000_000, protocol=Protocol.LIBRARY)], DUNE, HD)

    assert not owned.rejected and owned.score > 0


def test_a_merged_entry_keeps_the_magnet_that_names_a_tracker() -> None:
    bare, full = f"magnet:?xt=urn:btih:{'c' * 40}", f"magnet:?xt=urn:btih:{'c' * 40}&tr=http%3A%2F%2Ft%2Fa"
    same = {"info_hash": "c" * 40}
    found = [offer(seeders=900, magnet_link=bare, **same), offer(provider="two", magnet_link=full, **same)]

    [merged] = judge(found, DUNE, HD)

    assert merged.offer.magnet_link == full


def test_the_same_name_and_size_is_one_release() -> None:
    found = [
        offer(provider="one"),
        offer(GOOD.replace(".", " "), provider="two"),
        offer(size_bytes=1_700_000_000),
    ]

    assert sorted(len(item.providers) for item in judge(found, DUNE, HD)) == [1, 2]


def test_chunks_give_the_same_answer() -> None:
    found = [
        offer(f"Dune.Part.Two.2024.1080p.WEB-DL.x264-G{i}", size_bytes=3_000_000_000 + i) for i in range(35)
    ]
    chunks = list(judge_chunks(found, DUNE, HD))

    again = ranked(
        merge((item for chunk in chunks for item in chunk), lambda known: judge_again(known, DUNE, HD))
    )
    assert again == judge(found, DUNE, HD)
    assert max(map(len, chunks)) <= 10


TORO = Work(MediaType.MOVIE, "Guillermo del Toro's Pinocchio", 2022, aliases=("Pinocchio",), tmdb_id=555604)
DISNEY = Work(MediaType.MOVIE, "Pinocchio", 2022, tmdb_id=532639)
GARRONE = Work(MediaType.MOVIE, "Pinocchio", 2019, tmdb_id=413518)


@pytest.mark.parametrize(
    ("found", "doubtful"),
    [
        (offer("Pinocchio.2022.1080p.WEB-DL.x264-GRP"), True),
        (offer("Pinocchio.1080p.WEB-DL.x264-GRP"), True),
        (offer("Pinocchio.2021.1080p.WEB-DL.x264-GRP"), True),
        (offer("Pinocchio.2022.1080p.WEB-DL.x264-GRP", tmdb_id=532639), False),
        (offer("Pinocchio.2022.1080p.WEB-DL.x264-GRP", tmdb_id=555604), None),
    ],
)
def test_two_works_of_a_name_and_year_are_a_guess_unless_an_id_decides(
    found: Offer, doubtful: bool | None
) -> None:
    judged = judge_one(found, Wanted(DISNEY), HD, Facts(rivals=(TORO, GARRONE)))

    if doubtful is None:
        assert [refusal.code for refusal in judged.refusals] == ["wrong_title"]
        return
    assert not judged.rejected
    assert ("ambiguous" in [note.code for note in judged.notes]) is doubtful
    assert (judged.confidence <= 0.5) is doubtful


def test_a_name_that_only_one_work_has_is_no_guess() -> None:
    name = "Guillermo.del.Toros.Pinocchio.2022.1080p.WEB-DL.x264-GRP"
    judged = judge_one(offer(name), Wanted(TORO), HD, Facts(rivals=(DISNEY,)))

    assert judged.confidence == 0.95 and judged.notes == ()


def test_nobody_looking_the_guess_waits_for_an_answer() -> None:
    found = offer("Pinocchio.2022.1080p.WEB-DL.x264-GRP")
    judged = judge_one(found, Wanted(DISNEY), HD, Facts(by_hand=False, rivals=(TORO,)))

    assert [(one.code, one.weight) for one in judged.refusals] == [("ambiguous", Weight.TEMPORARY)]


def test_namesakes_are_told_by_kind_name_and_year() -> None:
    series = Work(MediaType.TV, "Pinocchio", 2022, tmdb_id=1)

    assert namesakes(DISNEY, [DISNEY, TORO, GARRONE, series]) == [TORO, GARRONE]
    assert namesakes(DISNEY, [DISNEY, TORO, GARRONE, series], within=1) == [TORO]
