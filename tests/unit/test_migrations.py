"""The numbered migrations follow one another without a gap, or no daemon starts."""

from __future__ import annotations

from sokoul.store.migrate import read


def test_the_migrations_are_numbered_without_a_gap() -> None:
    assert [migration.number for migration in read()] == list(range(1, len(read()) + 1))
