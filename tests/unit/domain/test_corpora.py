"""How exactly the open test sets are read and judged: floors, so that no change makes it worse unseen."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from tests.shared import ROOT, corpus

# Percent of the asserted cases of the Sonarr and Radarr sets.
FLOORS = {
    "title": 97,
    "year": 100,
    "seasons": 98,
    "episodes": 98,
    "absolute": 99,
    "air_date": 100,
    "resolution": 99,
    "source": 97,
    "modifier": 94,
    "group": 97,
    "version": 99,
    "language": 99,
    "no_language": 100,
    "edition": 98,
    "full_season": 97,
    "hardcoded": 100,
    "garbage": 97,
    "cam": 100,
    "cam_false": 99.7,
}


def script(name: str) -> ModuleType:
    """One of the measuring scripts, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / "benchmarks" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows() -> dict[str, tuple[int, int, list[str]]]:
    cases = corpus("sonarr") + corpus("radarr")
    bench = script("parse")
    return {field: (right, count, bad) for field, right, count, bad in bench.measure(bench.ours, cases)}


@pytest.mark.parametrize("field", FLOORS)
def test_floor(rows: dict[str, tuple[int, int, list[str]]], field: str) -> None:
    right, count, bad = rows[field]

    assert 100 * right / count >= FLOORS[field], "\n".join(bad)


def test_names_with_folders_are_read() -> None:
    bench = script("parse")
    rows = {
        field: (right, count, bad) for field, right, count, bad in bench.measure(bench.ours, corpus("paths"))
    }
    missed = [line for _, _, bad in rows.values() for line in bad]

    assert len(missed) <= 1, "\n".join(missed)


def test_subtitle_files_and_comparable_titles_are_read() -> None:
    corpus("subtitle_language")
    corpus("normalize_title")

    assert all(right == count for _, right, count in script("parse").beside())


def test_open_pairs_are_matched_and_accepted() -> None:
    corpus("match_pairs")
    bench = script("judge")
    judged = bench.pairs()
    wrong = [pair for pair, verdict in judged if bench.matches(verdict) and not pair["title_match"]]
    missed = [pair for pair, verdict in judged if pair["title_match"] and not bench.matches(verdict)]
    stated = [(pair, verdict) for pair, verdict in judged if pair["acceptable"] is not None]
    unfit = [pair for pair, verdict in stated if not verdict.rejected and not pair["acceptable"]]
    lost = [pair for pair, verdict in stated if verdict.rejected and pair["acceptable"]]

    assert not wrong and not unfit
    assert len(missed) <= 0.03 * sum(pair["title_match"] for pair, _ in judged)
    assert len(lost) <= 0.03 * sum(pair["acceptable"] for pair, _ in stated)
    assert all(r.code and r.message for _, verdict in judged for r in verdict.refusals)
