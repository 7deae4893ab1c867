"""What a model says is read strictly."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sokoul.engines.llm import strict
from sokoul.engines.llm.strict import NotAnAnswer


def _one(**changed: object) -> str:
    return json.dumps([{"id": 1, "match": True, "confidence": 80, "reason": "it fits"} | changed])


def test_a_good_answer() -> None:
    for text in (
        _one(),
        f'{{"answers":{_one()}}}',
        f"```json\n{_one()}\n```",
        f"<think>hm</think>\n{_one()}",
    ):
        (number, opinion), *none = strict.verdicts(text, 3).items()
        assert (number, opinion.match, opinion.confidence, opinion.reason) == (1, True, 80, "it fits")
        assert not none


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "[]",
        "null",
        "[" * 100_000,
        "x" * 100_000,
        _one(id=0),
        _one(id=4),
        _one(id=True),
        _one(id="1"),
        _one(id=1.0),
        _one(match=1),
        _one(match="true"),
        _one(confidence=101),
        _one(confidence=-1),
        _one(confidence=1e2),
        _one(reason="r" * 121),
        _one(reason=None),
        _one(reason="a bell \x07"),
        _one(reason="two\nlines"),
        _one(reason="right\u202eto left"),
        _one(reason="half \ud800"),
        _one(more=1),
        '[{"id":1,"match":true,"confidence":8}]',
        '[{"id":1,"id":2,"match":true,"confidence":8,"reason":"x"}]',
        '[{"id":1,"match":true,"confidence":NaN,"reason":"x"}]',
        f"{_one()} and more",
        f"[{_one()[1:-1]},{_one()[1:-1]}]",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(NotAnAnswer):
        strict.verdicts(text, 3)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(NotAnAnswer):
        strict.verdicts(text, 3)


_PARTS: dict[str, object] = {
    "title": None,
    "people": ["Ryan Gosling"],
    "seen_in": ["Drive"],
    "genres": ["science fiction"],
    "year_from": 2018,
    "year_to": 2010,
    "media_type": "movie",
    "language": "en",
    "words": ["space", "space"],
}


def test_a_description_in_its_parts() -> None:
    found = strict.understood(json.dumps(_PARTS), "asked")
    assert (found.by, found.people, found.words) == ("model", ("Ryan Gosling",), ("space",))
    assert (found.year_from, found.year_to) == (2010, 2018)
    assert (found.text, found.genres) == ("asked", {"science_fiction"})


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("title", 5),
        ("title", "t" * 61),
        ("people", "Ryan"),
        ("people", [1]),
        ("people", ["a"] * 5),
        ("seen_in", ["\x1b[2J"]),
        ("genres", ["porn"]),
        ("year_from", 1600),
        ("year_to", True),
        ("year_to", "1999"),
        ("media_type", "book"),
        ("media_type", ["movie"]),
        ("language", "english"),
        ("language", "e1"),
        ("more", 1),
    ],
)
def test_a_wrong_part_spoils_it(part: str, value: object) -> None:
    with pytest.raises(NotAnAnswer):
        strict.understood(json.dumps(_PARTS | {part: value}), "asked")


def test_a_summary_is_a_few_sentences() -> None:
    told = "A team drills. It finds a ship!"
    assert strict.summary(json.dumps({"summary": told})) == told


@pytest.mark.parametrize(
    "said",
    [
        5,
        "",
        "Short.",
        "It does not end",
        "One is here. Two is here. Three is here. Four is here.",
        "Read more at https://bad.example now.",
        "Read more at bad.example of today.",
        "Write to me@bad today, please do.",
        "<b>A team drills through ice.</b> It ends.",
        "A bell \x07 rings in the ice of the south.",
        "A turned \u202e word stands in here.",
        "Endless " * 100 + ".",
    ],
)
def test_what_is_no_summary_is_refused(said: object) -> None:
    with pytest.raises(NotAnAnswer):
        strict.summary(json.dumps({"summary": said}))
    with pytest.raises(NotAnAnswer):
        strict.summary(json.dumps({"summary": "It is a good sentence.", "more": said}))
