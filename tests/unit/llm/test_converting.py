"""The published sentence model becomes a GGUF that answers with the same vectors."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import pytest

from sokoul.domain.errors import Refused
from sokoul.engines.llm import gguf_file, safetensors
from sokoul.engines.llm.converting import Precision, convert
from sokoul.engines.llm.embedding import GgufEmbedder
from tests.bert import Reference
from tests.sentence_model import converted, published

TEXTS = (
    "a heist inside dreams",
    "Two hours of silence: nobody's talking, and then the storm comes.",
    "Un détective désabusé enquête sur la disparition d’une héritière à Marseille.",
    "Über den Dächern von Nizza – a jewel thief, retired, must catch the one who copies him (1955).",
    "三人の子供が森で迷う",
    "internationalisation, counterrevolutionaries & 3,141.59 %",
    "A farmer. " * 30,
)


@pytest.mark.parametrize(("precision", "least", "size"), [("f16", 0.99998, 46.3e6), ("q8_0", 0.9997, 27e6)])
async def test_vectors_are_those_of_the_original(precision: Precision, least: float, size: float) -> None:
    model, reference = converted(precision), Reference(published())
    assert model.stat().st_size < size
    embedder = GgufEmbedder(model)
    try:
        vectors = await embedder.embed(TEXTS)
    finally:
        await embedder.close()

    likeness = [float(vector @ reference.vector(text)) for vector, text in zip(vectors, TEXTS, strict=True)]

    assert min(likeness) >= least, likeness


def test_the_head_tells_what_it_is() -> None:
    facts = gguf_file.read(converted("q8_0"))

    assert (facts.architecture, facts.name, facts.dimensions) == ("bert", "all-MiniLM-L6-v2", 384)
    assert (facts.layers, facts.context, facts.quantisation, facts.pooled) == (6, 512, "Q8_0", True)
    assert (facts.tokenizer, facts.pieces) == ("bert", 30522)
    assert gguf_file.read(converted("f16")).quantisation == "F16"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"architectures": ["LlamaForCausalLM"]}, "no BERT sentence model"),
        ({"hidden_act": "relu"}, "no BERT sentence model"),
    ],
)
def test_another_kind_of_model_is_refused(tmp_path: Path, change: dict[str, object], words: str) -> None:
    folder = _without_numbers(tmp_path)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | change))

    with pytest.raises(Refused, match=words):
        convert(folder, tmp_path / "out.gguf", "f16", name="x")
    assert not list(tmp_path.glob("out*"))


def test_a_folder_without_its_numbers_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = _without_numbers(tmp_path)
    (folder / "model.safetensors").write_bytes(b"\x05\0\0\0\0\0\0\0{}")

    with pytest.raises(Refused, match="not a whole safetensors file"):
        convert(folder, tmp_path / "out.gguf", "f16", name="x")
    with pytest.raises(Refused, match=r"config\.json is missing"):
        convert(tmp_path, tmp_path / "out.gguf", "f16", name="x")
    assert not list(tmp_path.glob("out*"))


def _without_numbers(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    shutil.copytree(published(), folder, ignore=shutil.ignore_patterns("model.safetensors"))
    return folder


@pytest.mark.parametrize(
    "table",
    [
        b"[]",
        b"{",
        b"[" * 20_000,
        b'{"a": 3}',
        b'{"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 400]}}',
        b'{"a": {"dtype": "F32", "shape": [-1, -4], "data_offsets": [0, 16]}}',
        b'{"a": {"dtype": "F32", "shape": [99999999999999999999], "data_offsets": [0, 16]}}',
        b'{"a": {"dtype": "F32", "shape": [4], "data_offsets": [-16, 0]}}',
        b'{"a": {"dtype": "X", "shape": [4], "data_offsets": [0, 16]}}',
        b'{"a": {"dtype": "F32", "shape": 4, "data_offsets": [0]}}',
    ],
)
def test_a_hostile_safetensors_is_refused(tmp_path: Path, table: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(struct.pack("<Q", len(table)) + table + b"\0" * 16)

    with pytest.raises(Refused, match="not a whole safetensors file"):
        safetensors.read(path)


@pytest.mark.parametrize("length", [0, 7, 8, 12, 100, 5000])
def test_a_safetensors_that_was_cut_off_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes((published() / "model.safetensors").read_bytes()[:length])

    with pytest.raises(Refused, match="not a whole safetensors file"):
        safetensors.read(path)
