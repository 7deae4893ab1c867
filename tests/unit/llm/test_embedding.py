"""The embedding process: crash, bad models, odd texts, rest."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
from pathlib import Path

import numpy as np
import pytest

from sokoul.domain.errors import Refused, Unavailable
from sokoul.engines.llm import gguf_file
from sokoul.engines.llm.embedding import GgufEmbedder
from tests.sentence_model import converted
from tests.waiting import until


async def test_odd_texts_all_get_a_vector() -> None:
    embedder = GgufEmbedder(converted("q8_0"))
    odd = [
        "",
        "\0",
        "\ud800",
        "字" * 3000,
        "x" * 10_000,
        "word " * 900,
        "[CLS] [SEP]",
        "'; DROP TABLE media; --",
    ]

    vectors = await embedder.embed(odd)
    await embedder.close()

    assert vectors.shape == (len(odd), 384) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


async def test_many_askers_get_their_own_answers() -> None:
    embedder = GgufEmbedder(converted("q8_0"))
    texts = [f"film number {number}" for number in range(8)]
    together = (await embedder.embed(texts)).copy()

    apart = await asyncio.gather(*(embedder.embed([text]) for text in texts))
    await embedder.close()

    assert all(np.allclose(one[0], whole, atol=1e-6) for one, whole in zip(apart, together, strict=True))


async def test_a_killed_process_costs_one_question() -> None:
    embedder = GgufEmbedder(converted("q8_0"))
    before = await embedder.embed(["the sea"])
    assert embedder.pid is not None
    os.kill(embedder.pid, signal.SIGKILL)

    try:
        await embedder.embed(["the sea"])
    except Unavailable as error:
        assert "crashed" in str(error)
    after = await embedder.embed(["the sea"])
    await embedder.close()

    assert np.array_equal(before, after) and embedder.pid is None


async def test_an_abandoned_question_does_not_answer_the_next() -> None:
    embedder = GgufEmbedder(converted("q8_0"))
    expected = await embedder.embed(["the sea"])
    asking = asyncio.create_task(embedder.embed(["a desert"] * 50))
    await asyncio.sleep(0.02)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    found = await embedder.embed(["the sea"])
    await embedder.close()

    assert np.array_equal(found, expected)


async def test_the_process_ends_when_nobody_asks() -> None:
    embedder = GgufEmbedder(converted("q8_0"), idle_seconds=0.05)
    await embedder.embed(["the sea"])
    await until(lambda: embedder.pid is None, within=10)

    assert (await embedder.embed(["the sea"])).shape == (1, 384)
    await embedder.close()


async def test_a_file_that_is_no_model_is_named_with_its_cure(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + b"\0" * 64)
    for model in (path, tmp_path / "absent.gguf"):
        embedder = GgufEmbedder(model)
        with pytest.raises(Unavailable, match="sokoul models"):
            await embedder.embed(["x"])
        await embedder.close()


async def test_a_damaged_model_is_no_crash_of_ours(tmp_path: Path) -> None:
    """A whole head over nonsense: llama.cpp refuses or dies, the daemon goes on."""
    path = tmp_path / "model.gguf"
    whole = bytearray(converted("q8_0").read_bytes())
    at = whole.index(b"blk.0.attn_q.weight")
    whole[at : at + 5] = b"klb.0"
    path.write_bytes(whole)
    embedder = GgufEmbedder(path)

    with pytest.raises(Unavailable, match="cannot"):
        await embedder.embed(["x"])
    with pytest.raises(Unavailable, match="cannot"):  # and is not tried again at once
        await embedder.embed(["x"])
    assert embedder.pid is None
    await embedder.close()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"GGUF",
        b"GGUX" + b"\0" * 60,
        b"GGUF" + struct.pack("<IQQ", 99, 1, 1),
        b"GGUF" + struct.pack("<IQQ", 3, 2**60, 1),
        b"GGUF" + struct.pack("<IQQ", 3, 1, 2**60),
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 2**62) + b"a" * 100,
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 1) + b"a" + struct.pack("<IIQ", 9, 8, 2**50),
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 1) + b"a" + struct.pack("<IIQ", 9, 9, 100) + b"\x09" * 2000,
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 1) + b"a" + struct.pack("<II", 77, 8),
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"a" + struct.pack("<I", 4_000_000),
    ],
)
def test_a_hostile_head_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(raw)

    with pytest.raises(Refused, match="cannot be used as a model"):
        gguf_file.read(path)


def test_a_model_whose_end_is_missing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(converted("q8_0").read_bytes()[:20_000_000])

    with pytest.raises(Refused, match="its end is missing"):
        gguf_file.read(path)
