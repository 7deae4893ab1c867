"""A language model of half a megabyte that knows nothing: `python -m sokoul.testing.tiny_model FILE`.

Two layers of fixed random numbers over single bytes, in llama.cpp's own format: what it says is nonsense, so
whatever shape its answers have was forced on it by the grammar.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import gguf
import numpy as np

_WIDTH: Final = 64
_HEADS: Final = 4
_INNER: Final = 128
_LAYERS: Final = 2
_CONTEXT: Final = 16_384
_SEED: Final = 7
_SPECIAL: Final = (b"<unk>", b"<s>", b"</s>")


def write(path: Path) -> Path:
    """Write it, whole or not at all; the same bytes each time."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    os.close(handle)
    writer = gguf.GGUFWriter(part, "llama")
    _facts(writer)
    _vocabulary(writer)
    _weights(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return Path(part).rename(path)


def _facts(writer: Any) -> None:
    writer.add_name("tiny")
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)


def _vocabulary(writer: Any) -> None:
    """Every byte is a word."""
    words = [*_SPECIAL, *(f"<0x{byte:02X}>".encode() for byte in range(256))]
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    writer.add_vocab_size(len(words))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(words)
    writer.add_token_scores([0.0] * len(words))
    writer.add_token_types([*kinds, *[gguf.TokenType.BYTE] * 256])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)  # noqa: FBT003  the library's own signature
    writer.add_add_space_prefix(False)  # noqa: FBT003


def _weights(writer: Any) -> None:
    random = np.random.default_rng(_SEED)

    def noise(name: str, *shape: int) -> None:
        writer.add_tensor(name, (random.standard_normal(shape) * 0.2).astype(np.float32))

    def ones(name: str) -> None:
        writer.add_tensor(name, np.ones(_WIDTH, np.float32))

    words = len(_SPECIAL) + 256
    noise("token_embd.weight", words, _WIDTH)
    noise("output.weight", words, _WIDTH)
    ones("output_norm.weight")
    for layer in range(_LAYERS):
        block = f"blk.{layer}"
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            noise(f"{block}.{part}.weight", _WIDTH, _WIDTH)
        ones(f"{block}.attn_norm.weight")
        ones(f"{block}.ffn_norm.weight")
        noise(f"{block}.ffn_gate.weight", _INNER, _WIDTH)
        noise(f"{block}.ffn_up.weight", _INNER, _WIDTH)
        noise(f"{block}.ffn_down.weight", _WIDTH, _INNER)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
