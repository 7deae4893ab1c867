"""Migrations that were written side by side still have one number each."""

from __future__ import annotations

from sokoul.store import migrate


def test_numbers_have_no_gap_and_no_twin() -> None:
    assert migrate.read()
