"""One media worker: a process of its own that serves jobs from standard input until it is told to end.

Hostile files may crash it, fill its memory or hold it for ever; the daemon then ends it and loses one job.
Run as `python -m sokoul.engines.ffmpeg.worker MEMORY_BYTES`.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import av

from sokoul.engines.ffmpeg import wire
from sokoul.engines.ffmpeg.coding import make_coded_init, make_coded_segment
from sokoul.engines.ffmpeg.indexing import read_index
from sokoul.engines.ffmpeg.probing import probe
from sokoul.engines.ffmpeg.refusal import JobRefused
from sokoul.engines.ffmpeg.segments import make_init, make_segment
from sokoul.engines.ffmpeg.subtitles import embedded_subtitle, sidecar_subtitle

Answer = tuple[wire.Head, bytes]
_PR_SET_PDEATHSIG = 1


def _probe(asked: dict[str, Any]) -> Answer:
    return probe(asked).as_dict(), b""


def _index(asked: dict[str, Any]) -> Answer:
    index = asdict(read_index(asked))
    base = index["time_base"]
    return index | {"time_base": [base.numerator, base.denominator]}, b""


def _bytes_of(job: Callable[[dict[str, Any]], bytes]) -> Callable[[dict[str, Any]], Answer]:
    return lambda asked: ({}, job(asked))


JOBS: dict[str, Callable[[dict[str, Any]], Answer]] = {
    "probe": _probe,
    "index": _index,
    "init": _bytes_of(make_init),
    "segment": _bytes_of(make_segment),
    "coded_init": _bytes_of(make_coded_init),
    "coded_segment": _bytes_of(make_coded_segment),
    "embedded": _bytes_of(embedded_subtitle),
    "sidecar": _bytes_of(sidecar_subtitle),
}


def serve(memory: int) -> None:
    """Answer jobs until the daemon closes the pipe."""
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever prints must not get between the messages.
    os.dup2(2, 1)
    _confine(memory)
    while (request := wire.read_head(requests)) is not None:
        head, body = _do(request)
        wire.write(answers, head, body)


def _do(request: wire.Head) -> Answer:
    try:
        head, body = JOBS[request["job"]](request["arguments"])
    except JobRefused as refusal:
        return _refused(refusal.code, refusal.message)
    except av.FFmpegError as error:
        return _refused("damaged", f"the file can't be read: {error.strerror or type(error).__name__}")
    except MemoryError:
        return _refused("too_big", "the file needs more memory than a media job may have")
    except Exception:  # noqa: BLE001 - a broken job must not take the worker and its other jobs along
        head, body = _refused("broken", "the media worker failed on this file")
        return head | {"trace": traceback.format_exc()[-4000:]}, body
    return {"ok": head, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}, body


def _refused(code: str, message: str) -> Answer:
    return {"refused": code, "message": message}, b""


def _confine(memory: int) -> None:
    """No files written, no core dumps, bounded memory; ends when the daemon does."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    av.logging.set_level(av.logging.PANIC)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
