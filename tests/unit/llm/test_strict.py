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
