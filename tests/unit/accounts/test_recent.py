"""What is believed for a moment, and not for longer."""

from __future__ import annotations

from sokoul.features.accounts.recent import Recent


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_forgets_in_time() -> None:
    clock = Clock()
    recent: Recent[str, int | None] = Recent(seconds=10, stale=40, clock=clock)
    assert recent.get("a") is None
    recent.put("a", None)
    clock.now = 9.9
    assert recent.get("a") == (None,)
    clock.now = 10
    assert recent.get("a") is None
    assert recent.get("a", stale=True) == (None,)
    clock.now = 50
    assert recent.get("a", stale=True) is None


def test_it_is_bounded_and_can_be_told_to_forget() -> None:
    recent: Recent[int, int] = Recent(seconds=10, most=3)
    for number in range(5):
        recent.put(number, number)
    assert [recent.get(number) for number in range(5)] == [None, None, (2,), (3,), (4,)]
    recent.drop(3)
    assert recent.get(3) is None
    recent.clear()
    assert recent.get(4) is None
