"""What `sokoul doctor` says of the language model."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest

from sokoul.commands import doctor
from sokoul.config.load import load
from sokoul.testing import tiny_model


def _said(oracle: dict[str, object], folder: Path) -> list[str]:
    file = folder / "sokoul.yaml"
    file.write_text(json.dumps({"state_dir": str(folder), "oracle": oracle}))
    out = StringIO()
    doctor.run(load(file, {}), out)
    lines = out.getvalue().splitlines()
    place = next(number for number, line in enumerate(lines) if "language model" in line)
    return lines[place : place + 2]


def test_a_whole_model_is_named(tmp_path: Path) -> None:
    file = tiny_model.write(tmp_path / "tiny.gguf")
    assert _said({"server": {"start": True, "gguf": str(file)}}, tmp_path)[0] == (
        "ok       language model: tiny by xllamacpp"
    )


@pytest.mark.parametrize(
    ("oracle", "state", "cure"),
    [
        ({}, "ok", ""),
        ({"endpoint": "http://sokoul:canary@127.0.0.1:1/v1"}, "ok", ""),
        ({"server": {"start": True}}, "missing", "oracle.server.gguf"),
        ({"server": {"start": True, "gguf": "/nowhere/model.gguf"}}, "missing", "oracle.server.gguf"),
    ],
)
def test_the_rest(oracle: dict[str, object], state: str, cure: str, tmp_path: Path) -> None:
    first, second = _said(oracle, tmp_path)
    assert first.startswith(state)
    assert cure in second
    assert "canary" not in first
