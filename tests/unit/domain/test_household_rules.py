"""What the household has, waits for and decided: turns down when nobody looks, informs by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sokoul.domain.formats import Condition, CustomFormat, Kind
from sokoul.domain.judge import judge_one
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.offer import Offer, Protocol, Weight
from sokoul.domain.quality import QualityProfile, ScoredFormat, Step, Upgrades
from sokoul.domain.release import parse
from sokoul.domain.rules import HOUSEHOLD, RULES, Facts
from sokoul.domain.rules.facts import Calendar, Copy, Fetch, Policy, Propers, numbers_of
from sokoul.domain.words import say

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DUNE = Wanted(Work(MediaType.MOVIE, "Dune: Part Two", 2024, runtime_minutes=166))
BEAR = Wanted(Work(MediaType.TV, "The Bear", 2022, runtime_minutes=30), season=2, episode=3)
SEASON = Wanted(BEAR.work, season=2)
SHOW = Wanted(Work(MediaType.TV, "Kimono Days", 2020, aliases=("Kimono Days",)), episode=7)
HD = QualityProfile()
GOOD = "Dune.Part.Two.2024.1080p.WEB-DL.x264-GRP"
EPISODE = "The.Bear.S02E03.1080p.WEB-DL.x264-GRP"
HASH = "ab" * 20


def offer(title: str = GOOD, **facts: object) -> Offer:
    basic = Offer(title, title, "one", size_bytes=None, seeders=50)
    return replace(basic, **facts)  # type: ignore[arg-type]  # the tests name the fields


def copy(name: str, *, days: float = 1, more: tuple[int, ...] = ()) -> Copy:
    release = parse(name)
    numbers = numbers_of(release) + tuple((release.seasons[0], number) for number in more)
    return Copy(name, release, NOW - timedelta(days=days), numbers)


def fetch(name: str, *, hours: float = 1, **facts: object) -> Fetch:
    basic = Fetch(name, parse(name), NOW - timedelta(hours=hours))
    return replace(basic, **facts)  # type: ignore[arg-type]  # the tests name the fields


def house(**facts: object) -> Facts:
    return replace(Facts(now=NOW, by_hand=False), **facts)  # type: ignore[arg-type]  # as above


def policy(**rules: object) -> Facts:
    return house(policy=replace(Policy(), **rules))  # type: ignore[arg-type]  # as above


def young(minutes: float) -> Offer:
    return offer(published_at=NOW - timedelta(minutes=minutes))


def known(name: str, **facts: object) -> Facts:
    return house(copies=(copy(name, **facts),))  # type: ignore[arg-type]  # as above


AIRS = Calendar(episodes={(2, 1): date(2026, 3, 1), (2, 3): date(2026, 3, 20)})
REPACK = "Dune.Part.Two.2024.REPACK.1080p.WEB-DL.x264-GRP"
PROPER = "Dune.Part.Two.2024.PROPER.1080p.WEB-DL.x264-NEW"
GOOD_720 = GOOD.replace("1080p", "720p")
BLURAY = GOOD.replace("WEB-DL", "BluRay")
SECOND = "[Sub] Kimono Days - 07v2 [1080p][WEB-DL]"
IMPORTED = house(fetches=(fetch("x", hours=99, imported=True, info_hash=HASH),))
UHD = QualityProfile(cutoff=2160)
IMAX = GOOD.replace("2024", "2024.IMAX")
LADDER = QualityProfile(
    minimum=0,
    steps=tuple(Step(name, (name,)) for name in ("WEBDL-720p", "WEBDL-1080p", "Bluray-1080p", "WEBDL-2160p")),
    until="WEBDL-2160p",
)


def formatted(*, increment: int) -> QualityProfile:
    """A profile that gives 20 points to IMAX, and wants `increment` more to replace a file."""
    imax = CustomFormat("IMAX", (Condition(Kind.TITLE, r"\bIMAX\b"),))
    return QualityProfile(
        cutoff=2160, formats=(ScoredFormat(imax, 20),), upgrades=Upgrades(least_increment=increment)
    )


# Wanted, offer, facts of the house, profile, and the sentence that turns it down when nobody looks.
REFUSED: dict[str, tuple[Wanted, Offer, Facts, QualityProfile, str]] = {
    "one of two": (DUNE, offer(), house(rivals=(replace(DUNE.work, tmdb_id=5),)), HD, "ambiguous.works"),
    "not watched": (DUNE, offer(), house(monitored=False), HD, "not_monitored.off"),
    "before the day": (BEAR, offer(EPISODE), house(calendar=AIRS), HD, "before_air_date.episode"),
    "film before its day": (
        DUNE, offer(), house(calendar=Calendar(available=date(2026, 4, 1))), HD, "not_available.film",
    ),
    "season goes on": (
        SEASON, offer("The.Bear.S02.1080p.WEB-DL.x264-GRP"), house(calendar=AIRS), HD, "not_all_aired.season",
    ),
    "three seasons for one": (
        SEASON, offer("The.Bear.S01-S03.1080p.WEB-DL.x264-GRP"), house(), HD, "multi_season.pack",
    ),
    "episode where packs": (
        BEAR, offer(EPISODE), house(), QualityProfile(packs_only=True), "pack_only.episode",
    ),
    "no room": (DUNE, offer(size_bytes=4 * 10**9), house(free_bytes=4 * 10**9), HD, "free_space.short"),
    "too young": (DUNE, young(5), policy(minimum_age=timedelta(hours=1)), HD, "minimum_age.young"),
    "delayed": (DUNE, young(5), policy(delay=timedelta(hours=6)), HD, "delayed.waiting"),
    "target met": (DUNE, offer(GOOD.replace("1080p", "2160p")), known(GOOD), HD, "owned.cutoff"),
    "no better": (DUNE, offer(GOOD.replace("GRP", "NEW")), known(GOOD), UHD, "owned.same"),
    "worse": (DUNE, offer(GOOD.replace("WEB-DL", "HDTV")), known(GOOD), HD, "owned.better"),
    "upgrades off": (
        DUNE, offer(), replace(known(GOOD_720), policy=Policy(upgrades=False)), HD, "owned.upgrades_off",
    ),
    "off in the profile": (
        DUNE, offer(), known(GOOD_720), QualityProfile(upgrades=Upgrades(allowed=False)),
        "owned.upgrades_off",
    ),
    "a step of the ladder that is enough": (
        DUNE, offer(BLURAY), known(GOOD), replace(LADDER, until="WEBDL-1080p"), "owned.cutoff",
    ),
    "lower on the ladder": (DUNE, offer(), known(BLURAY), LADDER, "owned.better"),
    "too few points more": (DUNE, offer(IMAX), known(GOOD), formatted(increment=50), "owned.gain"),
    "an episode that is there": (BEAR, offer(EPISODE), known(EPISODE), UHD, "owned.same"),
    "an episode in a season that is there": (
        BEAR, offer(EPISODE), known("The.Bear.S02.1080p.WEB-DL.x264-GRP"), UHD, "owned.same",
    ),
    "being fetched": (
        DUNE, offer(info_hash=HASH), house(fetches=(fetch(GOOD, running=True, info_hash=HASH),)), HD,
        "queued.this",
    ),
    "as good being fetched": (
        DUNE, offer(), house(fetches=(fetch(BLURAY, running=True),)), HD, "queued.other",
    ),
    "fetched this morning": (DUNE, offer(), house(fetches=(fetch(GOOD, hours=3),)), HD, "grabbed.recently"),
    "imported torrent": (
        DUNE, offer(info_hash=HASH.upper()), IMPORTED, HD, "imported.hash",
    ),
    "imported release": (
        DUNE, offer(), house(fetches=(fetch(GOOD, hours=99, imported=True),)), HD, "imported.name",
    ),
    "fewer episodes": (
        BEAR, offer(EPISODE.replace("1080p", "2160p")), known(EPISODE, more=(4,)), UHD, "more_episodes.file",
    ),
    "thrown out": (DUNE, offer(), house(removed=frozenset({GOOD.lower()})), HD, "removed.by_hand"),
    "corrections off": (
        DUNE, offer(PROPER), replace(known(GOOD), policy=Policy(propers=Propers.NEVER)), HD,
        "proper_file.off",
    ),
    "correction of an old file": (DUNE, offer(PROPER), known(GOOD, days=8), HD, "proper_file.old"),
    "repack of another group": (DUNE, offer(REPACK), known(GOOD.replace("GRP", "OTHER")), HD, "repack.other"),
    "repack of nobody": (DUNE, offer(REPACK), known("Dune.Part.Two.2024.1080p.WEB-DL"), HD, "repack.unknown"),
    "second version of another group": (
        SHOW, offer(SECOND), known("[Dub] Kimono Days - 07 [1080p][WEB-DL]"), HD, "anime_version.other",
    ),
    "second version of nobody": (
        SHOW, offer(SECOND), known("Kimono Days - 07 [1080p][WEB-DL]"), HD, "anime_version.unknown",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_turned_down_when_nobody_looks_and_told_when_somebody_does(case: str) -> None:
    wanted, found, facts, profile, kind = REFUSED[case]
    asleep = judge_one(found, wanted, profile, facts)
    by_hand = judge_one(found, wanted, profile, replace(facts, by_hand=True))

    assert kind in [refusal.said.kind for refusal in asleep.refusals]
    assert asleep.score == 0 and asleep.notes == ()
    assert not by_hand.rejected and by_hand.score > 0
    assert kind in [note.said.kind for note in by_hand.notes]
    assert {note.weight for note in by_hand.notes} == {Weight.INFORMS}
    for note in by_hand.notes:
        assert "?" not in say("en", note.said) + say("fr", note.said)


def test_every_household_rule_has_a_case() -> None:
    told = {kind.partition(".")[0] for *_, kind in REFUSED.values()}

    assert told == {"proper_file" if rule.__name__ == "proper" else rule.__name__ for rule in HOUSEHOLD}


ACCEPTED: dict[str, tuple[Wanted, Offer, Facts, QualityProfile]] = {
    "watched": (DUNE, offer(), house(), HD),
    "after the day": (
        BEAR, offer(EPISODE), house(calendar=Calendar(episodes={(2, 3): date(2026, 3, 10)})), HD,
    ),
    "within the days of grace": (
        BEAR, offer(EPISODE), house(calendar=replace(AIRS, grace=timedelta(days=10))), HD,
    ),
    "film on its day": (DUNE, offer(), house(calendar=Calendar(available=date(2026, 3, 10))), HD),
    "season that ends tomorrow": (
        SEASON, offer("The.Bear.S02.1080p.WEB-DL.x264-GRP"),
        house(calendar=Calendar(episodes={(2, 9): date(2026, 3, 11), (3, 1): date(2027, 1, 1)})), HD,
    ),
    "seasons that are welcome": (
        SEASON, offer("The.Bear.S01-S03.1080p.WEB-DL.x264-GRP"), house(), QualityProfile(multi_season=True),
    ),
    "season where packs": (
        SEASON, offer("The.Bear.S02.1080p.WEB-DL.x264-GRP"), house(), QualityProfile(packs_only=True),
    ),
    "room": (DUNE, offer(size_bytes=4 * 10**9), house(free_bytes=5 * 10**9), HD),
    "old enough": (DUNE, young(90), policy(minimum_age=timedelta(hours=1), delay=timedelta(hours=1)), HD),
    "an age nobody knows": (DUNE, offer(), policy(minimum_age=timedelta(hours=1)), HD),
    "higher on the ladder": (DUNE, offer(BLURAY), known(GOOD), LADDER),
    "enough points more": (DUNE, offer(IMAX), known(GOOD), formatted(increment=10)),
    "better lines": (DUNE, offer(GOOD.replace("1080p", "2160p")), known(GOOD), UHD),
    "better source": (DUNE, offer(GOOD.replace("WEB-DL", "BluRay")), known(GOOD), UHD),
    "another episode": (BEAR, offer(EPISODE), known(EPISODE.replace("E03", "E04")), UHD),
    "another season": (BEAR, offer(EPISODE), known("The.Bear.S01.1080p.WEB-DL.x264-GRP"), UHD),
    "better than what is fetched": (
        DUNE, offer(GOOD.replace("WEB-DL", "BluRay")), house(fetches=(fetch(GOOD, running=True),)), HD,
    ),
    "fetched yesterday": (DUNE, offer(), house(fetches=(fetch(GOOD, hours=13),)), HD),
    "another torrent imported": (
        DUNE, offer(info_hash="c" * 40), IMPORTED, HD,
    ),
    "more episodes than there are": (
        BEAR, offer("The.Bear.S02E03E04.1080p.BluRay.x264-GRP"), known(EPISODE), UHD,
    ),
    "a fresh correction": (DUNE, offer(PROPER), known(GOOD), HD),
    "a repack of its group": (DUNE, offer(REPACK), known(GOOD), HD),
    "a second version of its group": (
        SHOW, offer(SECOND), known("[Sub] Kimono Days - 07 [1080p][WEB-DL]"), HD,
    ),
    "the library's own file": (
        DUNE, offer(protocol=Protocol.LIBRARY), replace(known(GOOD), removed=frozenset({GOOD.lower()})), HD,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepted_when_nobody_looks(case: str) -> None:
    wanted, found, facts, profile = ACCEPTED[case]
    judged = judge_one(found, wanted, profile, facts)

    assert [refusal.message for refusal in judged.refusals] == []


@pytest.mark.parametrize(
    ("wanted", "found", "facts", "kind"),
    [
        (DUNE, offer(size_bytes=9 * 10**9), policy(maximum_bytes=8 * 10**9), "maximum_size.above"),
        (DUNE, offer(), policy(required_flags=frozenset({"freeleech"})), "required_flags.missing"),
        (DUNE, offer(flags=("nuked",)), policy(blocked_flags=frozenset({"nuked"})), "blocked_flags.found"),
        (BEAR, offer("The.Bear.S02E03b.1080p.WEB-DL.x264-GRP"), house(), "split_episode.part"),
    ],
)
def test_turned_down_even_by_hand(wanted: Wanted, found: Offer, facts: Facts, kind: str) -> None:
    judged = judge_one(found, wanted, HD, replace(facts, by_hand=True))

    assert [refusal.said.kind for refusal in judged.refusals] == [kind]


def test_what_time_lifts_says_so() -> None:
    wanted, found, facts, profile, _ = REFUSED["before the day"]

    assert judge_one(found, wanted, profile, facts).refusals[0].weight is Weight.TEMPORARY
    wanted, found, facts, profile, _ = REFUSED["target met"]
    assert judge_one(found, wanted, profile, facts).refusals[0].weight is Weight.PERMANENT


def test_flags_that_are_there_pass() -> None:
    asked = policy(required_flags=frozenset({"freeleech"}), blocked_flags=frozenset({"nuked"}))

    assert not judge_one(offer(flags=("freeleech",)), DUNE, HD, asked).rejected
    assert not judge_one(offer(), DUNE, HD, house()).rejected


def test_no_rule_is_listed_twice() -> None:
    assert len(set(RULES)) == len(RULES)


def targets(points: int, **rules: object) -> QualityProfile:
    imax = CustomFormat("IMAX", (Condition(Kind.TITLE, "imax", name="IMAX"),))
    basic = QualityProfile(formats=(ScoredFormat(imax, 20),), cutoff_format_score=points)
    return replace(basic, **rules)  # type: ignore[arg-type]  # the tests name the fields


@pytest.mark.parametrize(
    ("held", "new", "profile", "kind"),
    [
        (GOOD, IMAX, targets(20), None),  # the picture is enough, its points are not
        (GOOD, IMAX, targets(0), "owned.cutoff"),
        (IMAX, BLURAY, targets(20), "owned.cutoff"),
        (GOOD, BLURAY, targets(20), "owned.same"),  # a better picture is not looked for any more
        (IMAX, IMAX.replace("GRP", "NEW"), targets(20, cutoff=2160), "owned.formats_met"),
        (IMAX, IMAX.replace("WEB-DL", "BluRay"), targets(20, cutoff=2160), None),
    ],
)
def test_better_is_looked_for_until_picture_and_points_are_enough(
    held: str, new: str, profile: QualityProfile, kind: str | None
) -> None:
    judged = judge_one(offer(new), DUNE, profile, known(held))
    said = {
        note.said.kind for note in (*judged.refusals, *judged.notes) if note.said.kind.startswith("owned.")
    }
    assert said == ({kind} if kind else set())
