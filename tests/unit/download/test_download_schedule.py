"""Which speed limits hold when."""

from __future__ import annotations

from datetime import time

import pytest

from sokoul.features.download.schedule import Limits, Window, limits_at

DAY = Window(time(8), time(23), Limits(2_000_000, 100_000))
NIGHT = Window(time(22), time(6, 30), Limits(download=5))
ALWAYS = Limits(7, 8)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (time(7, 59), ALWAYS),
        (time(8), DAY.limits),
        (time(22, 59, 59), DAY.limits),
        (time(23), NIGHT.limits),
        (time(0), NIGHT.limits),
        (time(6, 29), NIGHT.limits),
        (time(6, 30), ALWAYS),
    ],
)
def test_the_first_window_that_holds_counts(now: time, expected: Limits) -> None:
    assert limits_at(now, (DAY, NIGHT), ALWAYS) == expected


def test_equal_ends_are_the_whole_day() -> None:
    assert limits_at(time(3), (Window(time(5), time(5), Limits(1)),), ALWAYS) == Limits(1)
