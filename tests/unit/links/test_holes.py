"""Which bytes of a file are in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sokoul.engines.links.holes import Have

Stretch = tuple[int, int]


@given(st.lists(st.tuples(st.integers(-5, 120), st.integers(-5, 120)), max_size=25), st.integers(0, 99))
def test_like_a_set_of_bytes(stretches: list[Stretch], offset: int) -> None:
    have = Have(100, stretches)
    bytes_in = {at for start, end in stretches for at in range(max(0, start), min(100, end))}
    assert have.total == len(bytes_in)
    until = offset
    while until in bytes_in:
        until += 1
    assert have.until(offset) == until
    holes = [at for at in range(offset, 100) if at not in bytes_in]
    hole = have.hole(offset)
    if not holes:
        assert hole is None
        return
    assert hole is not None
    start, end = hole
    assert start == holes[0]
    assert not bytes_in & set(range(start, end))
    assert end == 100 or end in bytes_in
    assert Have(100, have.stretches()).stretches() == have.stretches()
