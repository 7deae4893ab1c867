"""Turn a BERT sentence model as it is published (safetensors and word pieces) into a GGUF for llama.cpp."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import gguf
import numpy as np

from sokoul.domain.errors import Refused
from sokoul.engines.llm import safetensors
from sokoul.engines.llm.safetensors import Tensor

Precision = Literal["f16", "q8_0"]
LARGEST_TABLE: Final = 64 * 1024 * 1024  # of what is read as JSON
# llama.cpp marks where a word begins, WordPiece where one goes on.
_WORD_START, _GOES_ON = "\u2581", "##"
_NAMES: Final = {
    "embeddings.word_embeddings": "token_embd",
    "embeddings.position_embeddings": "position_embd",
    "embeddings.token_type_embeddings": "token_types",
    "embeddings.LayerNorm": "token_embd_norm",
}
_BLOCK_NAMES: Final = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
# Not part of a sentence's vector.
_UNUSED: Final = ("embeddings.position_ids", "pooler.")
_PRECISE: Final = ("position_embd", "token_types")
# In eight bits these cost more likeness to the original than all others together; 1.7 MB more keep it.
_SENSITIVE: Final = ("attn_v", "attn_output.")
_SPECIAL: Final = {
    "[CLS]": ("bos", "cls"),
    "[SEP]": ("eos", "seperator"),  # as GGUF spells it
    "[PAD]": ("padding",),
    "[UNK]": ("unknown",),
    "[MASK]": ("mask",),
}


def convert(folder: Path, target: Path, precision: Precision, *, name: str) -> None:
    """Write `target` whole or not at all; raises `Refused` where the folder holds no such model."""
    shape = _json(folder / "config.json")
    _same_kind(folder, shape)
    pieces = _pieces(_json(folder / "tokenizer.json"))
    tensors = list(_renamed(safetensors.read(folder / "model.safetensors")))
    partial = target.with_name(target.name + ".part")
    writer = gguf.GGUFWriter(partial, "bert")
    try:
        _describe(writer, shape, folder, precision, name)
        _add_pieces(writer, pieces)
        for called, numbers in tensors:
            _add(writer, called, numbers, precision)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _same_kind(folder: Path, shape: Mapping[str, Any]) -> None:
    if shape.get("architectures") != ["BertModel"] or shape.get("hidden_act") != "gelu":
        raise Refused("not_bert", f"{folder} holds no BERT sentence model: only such a one can be converted")
    pooling = _json(folder / "1_Pooling" / "config.json")
    if pooling.get("pooling_mode_mean_tokens") is not True:
        raise Refused("not_mean_pooled", f"{folder}: this model does not take the mean of its words")


def _describe(
    writer: gguf.GGUFWriter, shape: Mapping[str, Any], folder: Path, precision: Precision, name: str
) -> None:
    longest = int(_json(folder / "sentence_bert_config.json").get("max_seq_length", 256))
    writer.add_name(name)
    writer.add_context_length(int(shape["max_position_embeddings"]))
    writer.add_embedding_length(int(shape["hidden_size"]))
    writer.add_feed_forward_length(int(shape["intermediate_size"]))
    writer.add_block_count(int(shape["num_hidden_layers"]))
    writer.add_head_count(int(shape["num_attention_heads"]))
    writer.add_layer_norm_eps(float(shape["layer_norm_eps"]))
    writer.add_causal_attention(value=False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_token_type_count(int(shape.get("type_vocab_size", 1)))
    writer.add_file_type(
        gguf.LlamaFileType.MOSTLY_F16 if precision == "f16" else gguf.LlamaFileType.MOSTLY_Q8_0
    )
    writer.add_uint32("sokoul.longest_text", longest)


def _pieces(tokenizer: Mapping[str, Any]) -> Sequence[str]:
    model = tokenizer.get("model", {})
    vocabulary = model.get("vocab")
    if model.get("type") != "WordPiece" or not isinstance(vocabulary, dict):
        raise Refused("not_wordpiece", "the tokenizer does not cut words into pieces the way BERT does")
    pieces = sorted(vocabulary, key=vocabulary.__getitem__)
    if [vocabulary[piece] for piece in pieces] != list(range(len(pieces))):
        raise Refused("not_wordpiece", "the pieces of the tokenizer are not numbered without a gap")
    return pieces


def _add_pieces(writer: gguf.GGUFWriter, pieces: Sequence[str]) -> None:
    control = set(_SPECIAL)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("bert-bge")
    writer.add_token_list([piece if piece in control else _marked(piece) for piece in pieces])
    writer.add_token_types(
        [gguf.TokenType.CONTROL if piece in control else gguf.TokenType.NORMAL for piece in pieces]
    )
    for number, piece in enumerate(pieces):
        for role in _SPECIAL.get(piece, ()):
            writer.add_uint32(f"tokenizer.ggml.{role}_token_id", number)


def _marked(piece: str) -> str:
    return piece.removeprefix(_GOES_ON) if piece.startswith(_GOES_ON) else _WORD_START + piece


def _renamed(tensors: Mapping[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    for given, numbers in tensors.items():
        name = given.removeprefix("bert.")
        if not name.startswith(_UNUSED):
            yield _gguf_name(name), numbers


def _gguf_name(name: str) -> str:
    stem, _, kind = name.rpartition(".")
    if (found := _NAMES.get(stem)) is not None:
        return f"{found}.{kind}"
    _, _, rest = stem.partition("encoder.layer.")
    number, _, part = rest.partition(".")
    if not number.isdecimal() or part not in _BLOCK_NAMES:
        raise Refused("not_bert", f"the model has a part {name[:80]!r} that BERT has not")
    return f"blk.{int(number)}.{_BLOCK_NAMES[part]}.{kind}"


def _add(writer: gguf.GGUFWriter, name: str, numbers: Tensor, precision: Precision) -> None:
    exact = numbers.astype(np.float32)
    if exact.ndim < 2 or name.startswith(_PRECISE):
        writer.add_tensor(name, exact)
    elif precision == "f16" or any(part in name for part in _SENSITIVE):
        writer.add_tensor(name, exact.astype(np.float16))
    else:
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(name, gguf.quants.quantize(exact, kind), raw_dtype=kind)


def _json(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > LARGEST_TABLE:
            raise Refused("too_big", f"{path} is too big to be a description of a model")
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Refused("missing", f"{path} is missing: this folder holds no whole model") from error
    except (OSError, ValueError, RecursionError) as error:
        raise Refused("unreadable", f"{path} cannot be read: {error}") from error
    if not isinstance(told, dict):
        raise Refused("unreadable", f"{path} does not describe a model")
    return told
