"""Custom formats: what their conditions mean together, and expressions that want to hang the machine."""

from __future__ import annotations

import time

import pytest

from sokoul.domain.formats import (
    BadPattern,
    Condition,
    CustomFormat,
    Described,
    Kind,
    format_score,
    matches,
    pattern,
)
from sokoul.domain.profile_faults import faults
from sokoul.domain.quality import QualityProfile, ScoredFormat
from sokoul.domain.release import parse


def _fits(name: str, *conditions: Condition, original: str | None = "en", size: int | None = None) -> bool:
    described = Described(parse(name), name, original, size, frozenset({"freeleech"}))
    return matches(CustomFormat("it", conditions), described)


NAME = "Film.2020.1080p.BluRay.x264-GRP"
TITLE = Condition(Kind.TITLE, "x264")
NOT_THERE = Condition(Kind.TITLE, "x265")


def test_one_of_each_kind_is_enough() -> None:
    assert _fits(NAME, TITLE, NOT_THERE)
    assert not _fits(NAME, TITLE, Condition(Kind.GROUP, "^(OTHER)$"))
    assert _fits(NAME, TITLE, Condition(Kind.GROUP, "^(OTHER)$"), Condition(Kind.GROUP, "^(GRP)$"))
    assert not _fits(NAME)


def test_every_required_one_must_hold() -> None:
    required = Condition(Kind.TITLE, "x265", required=True)
    assert not _fits(NAME, TITLE, required)
    assert _fits(
        NAME, Condition(Kind.TITLE, "1080p", required=True), Condition(Kind.TITLE, "x264", required=True)
    )


def test_negation_counts_as_holding() -> None:
    assert _fits(NAME, Condition(Kind.RESOLUTION, "2160", negate=True, required=True))
    assert not _fits(NAME, Condition(Kind.RESOLUTION, "1080", negate=True))


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        (Condition(Kind.SOURCE, "bluray"), True),
        (Condition(Kind.SOURCE, "bluray_file"), True),
        (Condition(Kind.SOURCE, "bluray_remux"), False),
        (Condition(Kind.MODIFIER, "none"), True),
        (Condition(Kind.MODIFIER, "remux"), False),
        (Condition(Kind.YEAR, least=2019, most=2020), True),
        (Condition(Kind.YEAR, least=2021), False),
        (Condition(Kind.SIZE, least=1, most=4), True),
        (Condition(Kind.SIZE, least=4), False),
        (Condition(Kind.FLAG, "freeleech"), True),
        (Condition(Kind.FLAG, "internal"), False),
        (Condition(Kind.LANGUAGE, "original"), True),
        (Condition(Kind.LANGUAGE, "fr"), False),
        (Condition(Kind.LANGUAGE, "en", except_language=True), False),
        (Condition(Kind.EDITION, "director"), False),
        (Condition(Kind.RELEASE_TYPE, "single_episode"), False),
    ],
)
def test_each_kind(condition: Condition, fits: bool) -> None:
    assert _fits(NAME, condition, size=3 << 30) is fits


def test_a_season_pack_is_one() -> None:
    assert _fits("Show.S01.1080p.WEB-DL.x264-GRP", Condition(Kind.RELEASE_TYPE, "season_pack"))
    assert _fits("Show.S01E01E02.1080p.WEB-DL.x264-GRP", Condition(Kind.RELEASE_TYPE, "multi_episode"))


def test_a_dub_is_not_the_original() -> None:
    name = "Film.2020.FRENCH.1080p.BluRay.x264-GRP"
    assert _fits(name, Condition(Kind.LANGUAGE, "fr"))
    assert not _fits(name, Condition(Kind.LANGUAGE, "original"))


def test_points_add_up_and_name_their_formats() -> None:
    described = Described(parse(NAME), NAME)
    scored = [
        (CustomFormat("a", (TITLE,)), 5),
        (CustomFormat("b", (NOT_THERE,)), 7),
        (CustomFormat("c", (TITLE,)), -2),
    ]
    assert format_score(scored, described) == (3, (("a", 5), ("c", -2)))


@pytest.mark.parametrize(
    "text",
    [
        *("(", "[", "(?<=a", "*a", "a{5,2}", "", "x" * 1001),
        *("(?R)", "(?1)", "(?&a)", r"\L<words>", "(?:foo){e<=5}", "(?(1)a|b)", "(?P>name)", "(?P=name)"),
    ],
)
def test_what_is_no_expression_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(BadPattern):
        pattern(text)


@pytest.mark.parametrize(
    "text", [r"(?<=\b[12]\d{3}\b.*?)x", r"(?i)x", r"(?=.*a)b", r"(?<name>a)", r"(a)\1", r"(?>a+)b"]
)
def test_forms_that_shared_formats_use_are_understood(text: str) -> None:
    pattern(text)


@pytest.mark.parametrize(
    "text",
    [
        r"(x+x+)+y",
        r"((a{1,99}){1,99}){1,99}b",
        r"^(\w+[ .]?)*\d$",
        r"(.*.*)*=",
        r"(a|aa)+$",
        r"(?:a?){60}a{60}",
    ],
)
def test_a_hostile_expression_takes_milliseconds(text: str) -> None:
    hostile = pattern(text)
    started = time.thread_time()
    for unit in ("x", "a", "aa.", "a1 ", "x y."):
        hostile.found_in((unit * 300)[:300])
    assert time.thread_time() - started < 0.5


def test_an_expression_that_never_ends_is_refused_when_it_is_saved() -> None:
    with pytest.raises(BadPattern, match="very long"):
        pattern(r"((a{1,99}){1,99}){1,99}b").try_out()


def test_one_that_tires_is_left_out_from_then_on() -> None:
    tiring = pattern(r"(x+x+)+yy")
    for _ in range(3):
        assert tiring.found_in("x" * 255) is False
    started = time.thread_time()
    assert tiring.tired
    assert tiring.found_in("x" * 255) is False
    assert time.thread_time() - started < 0.001


def test_many_slow_expressions_together_are_refused_after_some_seconds() -> None:
    slow = [
        f"(?:{letter}?){{20}}{letter}{{20}}|(\\w+){number}x$" for number, letter in enumerate("abcdefgh" * 60)
    ]
    conditions = tuple(Condition(Kind.TITLE, text) for text in slow)
    formats = tuple(
        ScoredFormat(CustomFormat(str(n), conditions[n : n + 20]), 1) for n in range(0, len(conditions), 20)
    )
    started = time.thread_time()
    faults(QualityProfile(formats=formats))
    assert time.thread_time() - started < 5
