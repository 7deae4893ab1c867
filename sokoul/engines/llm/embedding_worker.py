"""The process that holds the embedding model: texts in on standard input, vectors out on standard output.

Run as `python -m sokoul.engines.llm.embedding_worker MODEL THREADS`. It ends when the daemon closes the pipe.
"""

from __future__ import annotations

import ctypes
import os
import re
import resource
import secrets
import signal
import sys
from typing import Any, Final

import numpy as np
import xllamacpp

from sokoul.engines.ffmpeg import wire

CONTEXT: Final = 512  # pieces of words; BERT models take no more
_PR_SET_PDEATHSIG: Final = 1
_TOO_LONG: Final = re.compile(r"input \((\d+) tokens\) is too large")


class Refusal(Exception):
    """llama.cpp does not embed this."""


def serve(model: str, threads: int) -> None:
    """Answer until the daemon is gone."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not get between the messages
    _confine()
    try:
        server = _load(model, threads)
        wire.write(answers, {"ok": {"dimensions": int(_vector(server, "film").size)}}, b"")
    except (Refusal, RuntimeError) as error:
        wire.write(answers, {"refused": str(error)[:500] or "the model could not be loaded"}, b"")
        return
    while (request := wire.read_head(requests)) is not None:
        try:
            vectors = [_vector(server, str(text)) for text in request["texts"]]
            wire.write(answers, {"ok": {"count": len(vectors)}}, b"".join(one.tobytes() for one in vectors))
        except Refusal as error:
            wire.write(answers, {"refused": str(error)[:500]}, b"")


def _confine() -> None:
    """No core dumps, no files written; it ends when the daemon does."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _load(model: str, threads: int) -> xllamacpp.Server:
    wanted = xllamacpp.CommonParams()
    wanted.model.path = model
    wanted.embedding = True
    wanted.n_ctx = wanted.n_batch = wanted.n_ubatch = CONTEXT
    wanted.n_parallel = 1
    for cores in (wanted.cpuparams, wanted.cpuparams_batch):
        cores.n_threads = threads
        cores.poll = 0  # threads that spin while they wait starve everything else on shared cores
    wanted.n_gpu_layers = 0
    wanted.warmup = wanted.cache_prompt = False
    wanted.verbosity = -1
    # It insists on a door on loopback; nobody has the key.
    wanted.api_keys = [secrets.token_urlsafe(32)]
    wanted.n_threads_http = 1
    wanted.ui = wanted.endpoint_props = wanted.endpoint_slots = False
    return xllamacpp.Server(wanted)


def _vector(server: xllamacpp.Server, text: str) -> np.ndarray[Any, np.dtype[np.float32]]:
    """One text at a time: llama.cpp packs a list into one context, which is slower."""
    for _ in range(4):
        told = server.handle_embeddings({"input": text})
        if "data" in told:
            return np.asarray(told["data"][0]["embedding"], dtype=np.float32)
        said = str(told.get("error", {}).get("message", "no vector came"))
        if (found := _TOO_LONG.search(said)) is None:
            raise Refusal(said)
        text = text[: len(text) * (CONTEXT - 12) // int(found[1])]
    raise Refusal("the text is too long")


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
