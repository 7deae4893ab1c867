"""A plain BERT forward pass in numpy with its word pieces: what converted models are compared with."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sokoul.engines.llm import safetensors

Array = np.ndarray[Any, np.dtype[Any]]
LAYERS, HEADS, WIDTH = 6, 12, 384
_erf = np.vectorize(math.erf, otypes=[np.float32])


class Reference:
    """The published numbers, used as the paper says."""

    def __init__(self, folder: Path) -> None:
        self._weights = safetensors.read(folder / "model.safetensors")
        tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        self._vocabulary: dict[str, int] = tokenizer["model"]["vocab"]

    def vector(self, text: str) -> Array:
        """Of length one."""
        ids = self.pieces(text)
        states = self._norm(
            self._weights["embeddings.word_embeddings.weight"][ids]
            + self._weights["embeddings.position_embeddings.weight"][: len(ids)]
            + self._weights["embeddings.token_type_embeddings.weight"][0],
            "embeddings.LayerNorm",
        )
        for number in range(LAYERS):
            states = self._layer(states, f"encoder.layer.{number}.")
        mean: Array = states.mean(axis=0)
        return mean / np.linalg.norm(mean)

    def pieces(self, text: str) -> list[int]:
        """The numbers of the word pieces between [CLS] and [SEP]."""
        found = [piece for word in _words(text) for piece in self._cut(word)]
        return [self._vocabulary["[CLS]"], *found[:510], self._vocabulary["[SEP]"]]

    def _cut(self, word: str) -> list[int]:
        """The longest known beginning, again and again."""
        found, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = ("##" if start else "") + word[start:end]
                if piece in self._vocabulary:
                    found.append(self._vocabulary[piece])
                    start = end
                    break
            else:
                return [self._vocabulary["[UNK]"]]
        return found

    def _layer(self, states: Array, name: str) -> Array:
        head = WIDTH // HEADS
        query, key, value = (
            self._dense(states, f"{name}attention.self.{part}").reshape(-1, HEADS, head).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(head)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        seen = (weights @ value).transpose(1, 0, 2).reshape(-1, WIDTH)
        states = self._norm(
            states + self._dense(seen, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm"
        )
        wide = self._dense(states, f"{name}intermediate.dense")
        wide = wide * 0.5 * (1 + _erf(wide / math.sqrt(2)))
        return self._norm(states + self._dense(wide, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _dense(self, states: Array, name: str) -> Array:
        return states @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _norm(self, states: Array, name: str) -> Array:
        centred = states - states.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        return scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _words(text: str) -> Iterator[str]:
    """Lower case without accents, cut at spaces and around every sign of punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    word = ""
    for char in bare:
        if char.isspace() or _stands_alone(char):
            if word:
                yield word
            word = ""
            if not char.isspace():
                yield char
        else:
            word += char
    if word:
        yield word


def _stands_alone(char: str) -> bool:
    ascii_sign = char.isascii() and not char.isalnum() and char.isprintable()
    return ascii_sign or unicodedata.category(char).startswith("P") or "\u4e00" <= char <= "\u9fff"
