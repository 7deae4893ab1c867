"""The two commands that read lines and answer lines."""

from __future__ import annotations

import io
import json
from typing import Any

from sokoul.commands import judge, parse


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
