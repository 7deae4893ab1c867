"""What the pages must never do, looked for in their sources: markup from data, inline code, other hosts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sokoul.web.pages.frame import ROOT

TEMPLATES = sorted((ROOT / "templates").glob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))


def _hits(paths: list[Path], pattern: str) -> list[str]:
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{path.name}:{number}: {line.strip()[:80]}")
    return found


@pytest.mark.parametrize(
    "pattern",
    [
        r"\|\s*safe\b",
        r"Markup\(",
        r"autoescape\s+false",
        r"\son[a-z]+\s*=\s*[\"']",
        r"\sstyle\s*=\s*[\"']",
        r"<style",
        r"<script(?![^>]*\bsrc=)",
        r"javascript:",
        r"https?://(?!192\.168\.)",
    ],
)
def test_templates_hold_no(pattern: str) -> None:
    assert _hits([*TEMPLATES], pattern) == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"\b(inner|outer)HTML\b",
        r"insertAdjacentHTML",
        r"document\.write",
        r"\beval\(",
        r"new Function",
        r"DOMParser",
        r"setAttribute\(\s*[\"'](style|on\w+)[\"']",
        r"[\"'`]https?://(?!www\.w3\.org/)",
        r"[\"'`]//\w",
    ],
)
def test_scripts_hold_no(pattern: str) -> None:
    assert _hits([*SCRIPTS], pattern) == []


@pytest.mark.parametrize("pattern", [r"url\(\s*[\"']?(https?:)?//", r"@import"])
def test_styles_fetch_nothing_from_elsewhere(pattern: str) -> None:
    assert _hits([*STYLES], pattern) == []


def test_colours_stand_in_one_file() -> None:
    others = [path for path in STYLES if path.name not in ("tokens.css", "player.css")]
    hexes = _hits([*others], r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)")
    assert len(hexes) <= 3, hexes


def test_the_lock_names_no_host() -> None:
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
