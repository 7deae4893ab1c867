"""A slow model is asked about fewer names, and about more again when it is quick."""

from __future__ import annotations

from sokoul.engines.llm.pace import Pace


def test_a_slow_model_is_asked_less_until_it_keeps_its_time() -> None:
    pace, asked = Pace(), []
    for _ in range(6):
        count = pace.affordable(10)
        asked.append(count)
        took = 1.5 + 0.9 * count  # a small board: the question itself, then each name
        if took > 5:
            pace.missed(count)
        else:
            pace.kept(count, took, 5)
    assert asked[:3] == [10, 5, 2]
    assert all(1 <= count <= 3 for count in asked[2:])


def test_a_quick_model_is_asked_about_all() -> None:
    pace = Pace()
    for _ in range(5):
        assert pace.affordable(10) == 10
        pace.kept(10, 0.8, 5)
    pace.missed(10)
    seen = []
    for _ in range(4):
        seen.append(pace.affordable(10))
        pace.kept(seen[-1], 0.08 * seen[-1], 5)
    assert seen == [5, 10, 10, 10]
