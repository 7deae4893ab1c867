"""Texts as vectors of length one, by a GGUF model that llama.cpp runs in a process of its own."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog

from sokoul import metrics
from sokoul.domain.errors import Refused, Unavailable
from sokoul.engines.ffmpeg import wire
from sokoul.engines.llm import gguf_file
from sokoul.lifecycle import Tasks, keep_descriptors

log = structlog.get_logger(__name__)

if TYPE_CHECKING:
    # Numpy is loaded with the model: a household without one never pays for it.
    import numpy as np

    Vectors = np.ndarray[Any, np.dtype[np.float32]]

LOADING: Final = 60.0  # seconds
PER_TEXT: Final = 2.0
AGAIN_AFTER: Final = 60.0  # seconds in which a model that did not load is not tried again
LONGEST_TEXT: Final = 4000  # characters; the model reads about 2,000 of them
_PACKAGE_ROOT: Final = Path(__file__).parents[3]


class GgufEmbedder:
    """Starts its process at the first question and ends it when none has come for a while."""

    def __init__(self, model: Path, *, dimensions: int = 384, idle_seconds: float = 600.0) -> None:
        self._path, self._dimensions, self._idle_seconds = model, dimensions, idle_seconds
        self._key = ""
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._tasks = Tasks("embeddings")
        self._retirement: asyncio.TimerHandle | None = None
        self._failed_at, self._failure = 0.0, ""
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process that runs now."""
        return self._process.pid if self._process and self._process.returncode is None else None

    @property
    def failure(self) -> str:
        """Why it could not be used the last time, in plain words; empty when it could."""
        return self._failure

    async def key(self) -> str:
        """What tells this model from every other: vectors of different keys cannot be compared."""
        if not self._key:
            try:
                self._key = await asyncio.to_thread(_digest, self._path)
            except OSError as error:
                raise Unavailable(f"{self._path} cannot be read: {error.strerror}") from error
        return self._key

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text; raises `Unavailable` where the model cannot be used."""
        import numpy as np

        if not texts:
            return np.empty((0, self._dimensions), np.float32)
        async with self._turn:
            process = await self._started()
            began = time.perf_counter()
            try:
                async with asyncio.timeout(5 + PER_TEXT * len(texts)):
                    asked: wire.Head = {"texts": [_clean(text) for text in texts]}
                    head, body = await _exchange(process, asked)
            except BaseException as error:
                await self._end()  # its answer, were it to come, would be taken for the next one's
                if isinstance(
                    error, (asyncio.IncompleteReadError, ConnectionError, wire.BadMessage, TimeoutError)
                ):
                    raise Unavailable("the embedding model crashed or took too long") from error
                raise
            self._retire_later()
        metrics.AI_DURATION.labels("embedding", "refused" if "refused" in head else "ok").observe(
            time.perf_counter() - began
        )
        if "refused" in head:
            raise Unavailable(f"the embedding model refused a text: {head['refused']}")
        if len(body) != len(texts) * self._dimensions * 4:
            raise Unavailable("the embedding model answered with something else than vectors")
        return _normalised(np.frombuffer(body, np.float32).reshape(len(texts), self._dimensions))

    async def close(self) -> None:
        """End the process."""
        self._closed = True
        async with self._turn:
            await self._end()
        await self._tasks.close()

    async def _started(self) -> asyncio.subprocess.Process:
        if self._retirement is not None:
            self._retirement.cancel()
        if self._closed:
            raise Unavailable("the embedding model is stopping")
        if self._process is not None and self._process.returncode is None:
            return self._process
        if self._failure and time.monotonic() - self._failed_at < AGAIN_AFTER:
            raise Unavailable(self._failure)
        try:
            self._process = await self._start()
        except Unavailable as error:
            self._failure, self._failed_at = str(error), time.monotonic()
            log.error("the embedding model cannot be used", model=str(self._path), why=str(error))
            raise
        self._failure = ""
        return self._process

    async def _start(self) -> asyncio.subprocess.Process:
        await asyncio.to_thread(usable, self._path, self._dimensions)
        began = time.perf_counter()
        command = [sys.executable, "-B", "-P", "-m", "sokoul.engines.llm.embedding_worker"]
        pipe = asyncio.subprocess.PIPE
        try:
            keep_descriptors()
            process = await asyncio.create_subprocess_exec(
                *command,
                str(self._path),
                str(threads()),
                stdin=pipe,
                stdout=pipe,
                stderr=asyncio.subprocess.DEVNULL,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": str(_PACKAGE_ROOT)},
                start_new_session=True,
            )
        except OSError as error:
            raise Unavailable(
                f"no process for the embedding model could be started: {error.strerror}"
            ) from error
        self._process = process
        await self._greeting(process)
        log.info(
            "embedding model loaded", model=self._path.name, seconds=round(time.perf_counter() - began, 3)
        )
        return process

    async def _greeting(self, process: asyncio.subprocess.Process) -> None:
        try:
            async with asyncio.timeout(LOADING):
                head, _ = await _answer(process)
        except BaseException as error:
            await self._end()
            if isinstance(
                error, (asyncio.IncompleteReadError, ConnectionError, wire.BadMessage, TimeoutError)
            ):
                raise Unavailable(
                    f"llama.cpp cannot load {self._path.name}: try `sokoul models check {self._path}`"
                ) from error
            raise
        told = head.get("ok", {}).get("dimensions")
        if told != self._dimensions:
            await self._end()
            why = head.get("refused") or f"it makes vectors of {told} numbers, {self._dimensions} are needed"
            raise Unavailable(f"{self._path.name} cannot be used for embeddings: {why}")

    def _retire_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._retirement = loop.call_later(
            self._idle_seconds, lambda: self._tasks.spawn("retire", self._retire())
        )

    async def _retire(self) -> None:
        async with self._turn:
            await self._end()

    async def _end(self) -> None:
        if self._retirement is not None:
            self._retirement.cancel()
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            try:
                process.kill()
            except ProcessLookupError:
                log.debug("the embedding process was gone already")
            await process.wait()
            if process.stdout is not None:
                await process.stdout.read()  # to its end, or the pipe stays open


def usable(model: Path, dimensions: int) -> gguf_file.GgufFacts:
    """What the file says of itself; raises `Unavailable` with the cure where it is no embedding model."""
    try:
        facts = gguf_file.read(model)
    except Refused as error:
        raise Unavailable(f"{error}. `sokoul models convert` or `sokoul models fetch` brings one") from error
    if not facts.pooled:
        raise Unavailable(
            f"{model.name} is no embedding model (its architecture is {facts.architecture}): "
            "use all-MiniLM-L6-v2, which `sokoul models convert` makes"
        )
    if facts.dimensions != dimensions:
        raise Unavailable(
            f"{model.name} makes vectors of {facts.dimensions} numbers, and the database holds {dimensions}: "
            "use all-MiniLM-L6-v2 or another model of that size"
        )
    return facts


def threads() -> int:
    """All cores but one, and at least one: llama.cpp collapses where it has to share them all."""
    return max(1, len(os.sched_getaffinity(0)) - 1)


def _digest(model: Path) -> str:
    with model.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _clean(text: str) -> str:
    return text[:LONGEST_TEXT].replace("\0", " ").encode("utf-8", "replace").decode()


def _normalised(vectors: Vectors) -> Vectors:
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not lengths.all():
        raise Unavailable("the embedding model answered with numbers that are none")
    unit: Vectors = vectors / lengths
    return unit


async def _exchange(process: asyncio.subprocess.Process, head: wire.Head) -> tuple[wire.Head, bytes]:
    assert process.stdin is not None
    process.stdin.write(wire.pack(head, 0))
    await process.stdin.drain()
    return await _answer(process)


async def _answer(process: asyncio.subprocess.Process) -> tuple[wire.Head, bytes]:
    assert process.stdout is not None
    lengths = await process.stdout.readexactly(wire.LENGTHS.size)
    head_length, body_length = wire.unpack_lengths(lengths)
    head = wire.unpack_head(await process.stdout.readexactly(head_length))
    return head, await process.stdout.readexactly(body_length)
