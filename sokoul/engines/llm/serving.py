"""The child that holds a model: llama.cpp's own HTTP server on loopback until the daemon is gone.

Run as `python -m sokoul.engines.llm.serving`: the wish is one line of JSON on standard input, the port one
line on standard output; when standard input closes, it ends.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_NICER = 10
_FIRST_TO_GO = "500"  # oom_score_adj: when memory ends, the model goes before the database does
HOST = "127.0.0.1"


def serve() -> None:
    """Load the model, tell the port, serve."""
    wish = json.loads(sys.stdin.readline())
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else prints must not be taken for the port
    _step_back()
    threading.Thread(target=_end_with_daemon, name="daemon", daemon=True).start()
    start = _xllamacpp if find_spec("xllamacpp") else _llama_cpp_python
    start(wish, told)


def _tell(told: Any, port: int) -> None:
    told.write(f"{port}\n")
    told.flush()


def _xllamacpp(wish: dict[str, Any], told: Any) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = wish["gguf"]
    params.model_alias = {wish["name"]}
    params.hostnames, params.port, params.api_keys = [HOST], 0, [wish["key"]]
    params.n_ctx, params.n_parallel = wish["context"], 1
    for threads in (params.cpuparams, params.cpuparams_batch):
        threads.n_threads = wish["threads"]
        threads.poll = 0  # a thread that spins while it waits starves everybody who shares its core
    params.ui, params.endpoint_slots, params.endpoint_props = False, False, False
    params.cache_ram_mib, params.verbosity = 0, 1
    try:
        server = xllamacpp.Server(params)
    except RuntimeError:
        sys.exit(1)  # llama.cpp itself has said why
    _tell(told, int(server.listening_address.rsplit(":", 1)[1]))
    signal.pause()


def _llama_cpp_python(wish: dict[str, Any], told: Any) -> None:
    import uvicorn
    from llama_cpp.server.app import create_app
    from llama_cpp.server.settings import ModelSettings, ServerSettings

    model = ModelSettings(
        model=wish["gguf"],
        model_alias=wish["name"],
        n_ctx=wish["context"],
        n_threads=wish["threads"],
        n_threads_batch=wish["threads"],
        verbose=False,
    )
    app = create_app(
        server_settings=ServerSettings(api_key=wish["key"], host=HOST, port=0), model_settings=[model]
    )
    listening = socket.create_server((HOST, 0))
    _tell(told, listening.getsockname()[1])
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])


def _step_back() -> None:
    """Others first, at the processor and when memory ends; die with the daemon."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    os.nice(_NICER)
    with suppress(OSError):  # a container may forbid it, then memory is shared alike
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)


def _end_with_daemon() -> None:
    while sys.stdin.readline():
        pass
    os._exit(0)


if __name__ == "__main__":
    serve()
