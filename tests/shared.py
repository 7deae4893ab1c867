"""Published interfaces and test sets beside the repository, found by SOKOUL_SHARED, skipped when absent."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """Where the shared data is expected; it may not exist."""
    return Path(os.environ.get("SOKOUL_SHARED") or ROOT.parent / "shared")


def spec(path: str) -> Path:
    """A file of `specs/`; skips the test when it is absent, fails it when SOKOUL_REQUIRE_SHARED=1."""
    return _required(folder() / "specs" / path)


def corpus(name: str) -> list[dict[str, Any]]:
    """The cases of `corpus/<name>.open.json`; skips or fails as `spec` does."""
    content = json.loads(_required(folder() / "corpus" / f"{name}.open.json").read_text(encoding="utf-8"))
    for key in ("cases", "pairs", "items"):
        if key in content:
            return list(content[key])
    raise AssertionError(f"{name} has neither cases, pairs nor items")


def contract(name: str) -> Path:
    """A file at the top, such as `config.example.yaml`; skips or fails as `spec` does."""
    return _required(folder() / name)


def _required(path: Path) -> Path:
    if path.exists():
        return path
    reason = f"the shared data is absent: no {path.name} under {folder()} (set SOKOUL_SHARED)"
    if os.environ.get("SOKOUL_REQUIRE_SHARED") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
