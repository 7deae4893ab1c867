"""The two commands that read lines and answer lines."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sokoul.commands import judge, parse
from sokoul.domain.quality import QualityProfile
from sokoul.domain.release import as_json
from sokoul.domain.release import parse as parse_name


def answers(run: Any, *lines: str) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    code = run(io.StringIO("\n".join(lines) + "\n"), out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_parse_answers_every_line() -> None:
    code, [one, two] = answers(parse.run, "Dune.Part.Two.2024.1080p.WEB-DL.x265-GRP", "")

    assert code == 0
    assert (one["title"], one["year"], one["resolution"], one["source"]) == (
        "Dune Part Two",
        2024,
        1080,
        "webdl",
    )
    assert two["garbage"] is True


def test_parse_answers_every_line_of_any_bytes_with_one_object() -> None:
    lines = [
        b"Dune\xff.2021.1080p",
        b"",
        b"\x00\x07",
        b"a\rb.2020",
        "\u202eabc\u2028.2021".encode(),
        b"x." * 50_000,
        b"\xed\xa0\x80",
    ]
    ran = subprocess.run(
        [sys.executable, "-m", "sokoul", "parse"],
        input=b"\r\n".join(lines) + b"\n",
        capture_output=True,
        check=True,
    )
    found = [json.loads(line) for line in ran.stdout.decode().split("\n")[:-1]]

    assert len(found) == len(lines) and ran.stderr == b""
    assert all(list(facts) == list(as_json(parse_name(""))) for facts in found)
    assert [facts["title"] for facts in found][:4] == ["Dune\ufffd", None, None, "a b"]


def test_judge_tells_the_verdict_and_why() -> None:
    question = {
        "wanted": {"type": "movie", "title": "Dune: Part Two", "year": 2024, "aliases": []},
        "release": "Dune.Part.Two.2024.1080p.WEB-DL.x265-GRP",
        "size_bytes": 4_000_000_000,
        "seeders": 12,
    }
    code, [verdict] = answers(judge.run, json.dumps(question))

    assert code == 0 and verdict["match"] and verdict["acceptable"] and verdict["rejections"] == []
    assert sum(reason["points"] for reason in verdict["score_reasons"]) == verdict["score"] > 50


def test_judge_says_what_is_wrong_with_a_line_and_goes_on() -> None:
    good = {"wanted": {"type": "movie", "title": "Heat", "year": 1995}, "release": "Heat.1995.CAM"}
    code, found = answers(judge.run, "{", "[]", '{"release": 5, "wanted": {}}', json.dumps(good))

    assert code == 1
    assert ["error" in answer for answer in found] == [True, True, True, False]
    assert found[3]["match"] and not found[3]["acceptable"]


HEAT = {"wanted": {"type": "movie", "title": "Heat", "year": 1995}, "release": "Heat.1995.720p.WEB-DL.x264"}


def test_a_refusal_has_a_code_and_both_languages() -> None:
    _, [verdict] = answers(judge.run, json.dumps(HEAT))

    assert verdict["rejections"] == [
        {
            "code": "quality",
            "weight": "permanent",
            "message": "It is 720p; at least 1080p is wanted",
            "message_fr": "C’est du 720p\u00a0; au moins 1080p est souhaité",
        }
    ]


def test_a_profile_by_name_and_by_its_fields() -> None:
    known = {"hd": QualityProfile(), "any": QualityProfile("any", 0)}
    asked = ["any", "hd", {"minimum": 720}, {"minimum": "720p", "must": ["web-dl"]}, {"minimum": None}]
    asked += ["nobody", {"minimum": "x"}, 5, {"steps": [[[[]]]]}]
    lines = [json.dumps({**HEAT, "profile": profile}) for profile in asked]

    def run(stdin: Any, stdout: Any) -> int:
        return judge.run(stdin, stdout, known)

    _, found = answers(run, *lines)
    assert [verdict.get("acceptable") for verdict in found] == [True, False, True, True, True] + [None] * 4
    assert "there is no 'nobody'; there are: any, hd" in found[5]["error"]


garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["wanted", "release", "size_bytes", "seeders", "profile", "x"]),
        garbage
        | st.fixed_dictionaries(
            {},
            optional={
                "type": garbage,
                "title": st.text(),
                "year": garbage,
                "aliases": garbage,
                "season": garbage,
                "minimum": garbage,
                "formats": garbage,
            },
        ),
    )
    | garbage
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_asked_is_answered(question: Any) -> None:
    _, [answer] = answers(judge.run, json.dumps(question))

    assert ("error" in answer) != ("match" in answer)


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"release": "\\ud800"}', '{"a":' * 5000, "9" * 5000, "\x00", "NaN"]
)
def test_hostile_lines_are_errors(line: str) -> None:
    code, [answer] = answers(judge.run, line)

    assert code == 1 and answer["error"]


def test_half_a_character_is_shown_as_a_question_mark() -> None:
    question = {**HEAT, "release": "Heat\ud800.1995"}
    _, [answer] = answers(judge.run, json.dumps(question))

    assert "error" not in answer
