"""Names of strangers' files on our disk."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sokoul.engines.links.probing import apart, safe, safe_path


@given(st.text(max_size=400))
def test_a_name_stays_one_component(name: str) -> None:
    kept = safe(name)
    assert "/" not in kept
    assert "\\" not in kept
    assert "\x00" not in kept
    assert kept not in {".", ".."}
    assert not kept.startswith(".")
    assert len(kept.encode()) <= 200
    assert safe(kept) == kept


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/a//b/./c.mkv", "a/b/c.mkv"),
        ("..", "download"),
        ("a/..\\..\\b.mkv", "a/b.mkv"),
        ("x" * 300 + ".mkv", "x" * 196 + ".mkv"),
    ],
)
def test_paths(path: str, kept: str) -> None:
    assert safe_path(path) == kept
    assert ".." not in PurePosixPath(safe_path(path)).parts


def test_no_two_files_share_a_place() -> None:
    assert apart(["a/b.mkv", "A/B.mkv", "a", "c.mkv", "c.mkv/d.srt"]) == [
        "a/b.mkv",
        "1-A-B.mkv",
        "2-a",
        "c.mkv",
        "4-c.mkv-d.srt",
    ]
