"""The example file states every key, and states the defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from sokoul.config import schema
from sokoul.config.load import load
from sokoul.config.model import Config
from sokoul.config.problem import Place
from sokoul.config.yaml_source import read_yaml
from tests import shared

EXAMPLE = Path(__file__).parents[3] / "config" / "sokoul.example.yaml"


def stated(file: Path) -> set[Place]:
    return set(read_yaml(str(file), file.read_bytes()).origins)


@pytest.mark.parametrize("which", ["ours", "contract"])
def test_an_example_states_every_key_with_its_default(which: str) -> None:
    file = EXAMPLE if which == "ours" else shared.contract("config.example.yaml")
    assert set(schema.declared_keys()) <= stated(file)
    config = load(file, {}).config
    relative = {"state_dir", "torrent", "library"}
    assert config.model_dump(exclude=relative) == Config().model_dump(exclude=relative)
    assert config.state_dir == file.parent / "state"
    assert config.library.series == file.parent / "media/series"
