"""Whatever a file or a variable holds, the answer is a configuration or an explanation."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sokoul.config.environment import variable
from sokoul.config.load import ConfigError, load
from sokoul.config.problem import dotted
from sokoul.config.schema import declared_keys
from sokoul.config.yaml_source import LARGEST, read_yaml

NAMES = sorted({str(step) for key in declared_keys() for step in key})
VALUES = st.recursive(
    st.sampled_from(
        ["null", "~", "1", "-1", "1.5", "1e9", "true", "no", "x", '"1"', "[", "{", "*a", "&a b", "!!set"]
    )
    | st.text(max_size=8),
    lambda below: (
        st.lists(below, max_size=3).map(lambda some: f"[{', '.join(some)}]")
        | st.dictionaries(st.sampled_from(NAMES), below, max_size=3).map(
            lambda some: "{" + ", ".join(f"{name}: {value}" for name, value in some.items()) + "}"
        )
    ),
    max_leaves=8,
)
FILES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6).map(
    lambda some: "\n".join(f"{name}: {value}" for name, value in some.items())
)


@given(FILES | st.text(max_size=60))
def test_any_text(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "any.yaml")
        file.write_text(text, encoding="utf-8", errors="surrogatepass")
        try:
            load(file, {})
        except ConfigError as error:
            assert error.lines
            assert all(line.startswith(str(file)) for line in error.lines)


@given(st.binary(max_size=60))
def test_any_bytes(content: bytes) -> None:
    layer = read_yaml("any", content)
    assert layer.problems or isinstance(layer.value, dict)


def test_a_file_without_end() -> None:
    assert "larger" in read_yaml("any", b"x" * (LARGEST + 1)).problems[0].message


@given(st.sampled_from(sorted(map(dotted, declared_keys()))), VALUES | st.text(max_size=20))
def test_any_variable(key: str, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "empty.yaml")
        file.touch()
        try:
            load(file, {variable(key): text})
        except ConfigError as error:
            assert all(line.startswith(variable(key)) for line in error.lines)
