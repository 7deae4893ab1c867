"""A model of our own: a child process that is started, watched, started again and ended, beside the boot."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import aiohttp
import psutil
import structlog

import sokoul
from sokoul.domain.errors import ProviderUnavailable, Refused
from sokoul.engines.llm import gguf_file
from sokoul.lifecycle import Tasks, keep_descriptors

log = structlog.get_logger(__name__)

START_WITHIN = 120.0  # seconds: some gigabytes from a slow disk
END_WITHIN = 3.0
LONGEST_WAIT = 30.0
_STEADY = 60.0
_FILE_CURE = "Set oracle.server.gguf to a whole model in llama.cpp's GGUF format."
_MOST_KEPT = 3
_CLOCK = re.compile(r"^[\d.]+ [EWI] ")  # llama.cpp's own time and level
_PACKAGE_ROOT = Path(sokoul.__file__).parent.parent
ENGINES = ("xllamacpp", "llama_cpp")


@dataclass(frozen=True, slots=True)
class Model:
    """A model file and how it is run; `context` in tokens, `threads` None: one less than there are cores."""

    gguf: Path
    name: str = "sokoul"
    context: int = 8192
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a model is asked: the base address with `/v1`, and its key."""

    url: str
    key: str = field(default="", repr=False)


def spare_threads() -> int:
    """Physical cores less one, at least one: llama.cpp collapses when its cores are shared."""
    physical = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    return max(1, min(physical, len(os.sched_getaffinity(0))) - 1)


def engine() -> str | None:
    """The installed engine, None where there is none."""
    return next((name for name in ENGINES if find_spec(name)), None)


class ModelServer:
    """Keeps one model served on loopback until closed."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._tasks = Tasks(f"model.{model.name}")
        self._process: asyncio.subprocess.Process | None = None
        self._address: Address | None = None
        self._serves = asyncio.Event()
        self._problem = ProviderUnavailable("the model is being loaded", cure="Wait a moment.")
        self._said: list[str] = []

    @property
    def name(self) -> str:
        """What the model is called in questions."""
        return self._model.name

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    def address(self) -> Address:
        """Where it serves now; another port and key after each start. Raises ProviderUnavailable."""
        if self._address is None:
            raise ProviderUnavailable(str(self._problem), cure=self._problem.cure)
        return self._address

    def start(self) -> None:
        """Begin to keep it running; returns at once."""
        self._tasks.spawn("keep", self._keep())

    async def served(self, timeout: float) -> Address:
        """Wait until it serves. Raises ProviderUnavailable with the reason after `timeout` seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._serves.wait(), timeout)
        return self.address()

    async def close(self) -> None:
        """End it: asked first, killed after some seconds."""
        await self._tasks.close()
        await self._end()

    async def _keep(self) -> None:
        wait, told = 0.5, ""
        clock = asyncio.get_running_loop().time
        while True:
            started = clock()
            try:
                await self._run()
            except ProviderUnavailable as err:
                self._problem = err
                if str(err) != told:
                    log.error("the model does not serve", model=self._model.name, why=str(err), cure=err.cure)
                told = str(err)
            except Exception:
                log.exception("the model's server broke, starting it again", model=self._model.name)
                self._problem = ProviderUnavailable(
                    "The language model's server broke", cure="Look into the log; it is started again."
                )
            finally:
                self._address = None
                self._serves.clear()
                await self._end()
            wait = 0.5 if clock() - started > _STEADY else wait
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _run(self) -> None:
        """One life of the child, from its start to its end. Raises ProviderUnavailable."""
        await asyncio.to_thread(self._check)
        key = secrets.token_urlsafe(24)
        self._said = []
        process = self._process = await self._spawn()
        output = Tasks(f"model.{self._model.name}.output")
        try:
            relay = output.spawn("stderr", self._relay(process))
            address = Address(f"http://127.0.0.1:{await self._begin(process, key, relay)}/v1", key)
            await self._answers(address)
            self._address = address
            self._serves.set()
            log.info("the model serves", model=self._model.name, pid=process.pid)
            code = await process.wait()
            raise ProviderUnavailable(f"the model's server ended (code {code})", cure="It is started again.")
        finally:
            await output.close()

    def _check(self) -> None:
        if engine() is None:
            raise ProviderUnavailable(
                "no engine for language models is installed", cure="Run scripts/setup --ai."
            )
        try:
            gguf_file.read(self._model.gguf)
        except Refused as err:
            raise ProviderUnavailable(str(err), cure=_FILE_CURE) from None

    async def _spawn(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        keep_descriptors()
        try:
            return await asyncio.create_subprocess_exec(
                *[sys.executable, "-B", "-P", "-m", "sokoul.engines.llm.serving"],
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": str(_PACKAGE_ROOT)},
                # Ctrl-C is for the daemon, which then ends it itself.
                start_new_session=True,
            )
        except OSError as err:
            raise ProviderUnavailable(f"the model's server could not be started: {err.strerror}") from None

    async def _begin(self, process: asyncio.subprocess.Process, key: str, relay: asyncio.Task[None]) -> int:
        """Tell the child what to serve; its port once the model is loaded. Raises ProviderUnavailable."""
        assert process.stdin is not None
        assert process.stdout is not None
        model = self._model
        wish = {
            "gguf": str(model.gguf),
            "name": model.name,
            "key": key,
            "context": model.context,
            "threads": model.threads or spare_threads(),
        }
        try:
            process.stdin.write(json.dumps(wish).encode() + b"\n")
            await process.stdin.drain()
            line = await asyncio.wait_for(process.stdout.readline(), START_WITHIN)
        except TimeoutError:
            raise ProviderUnavailable(
                f"the model was not loaded within {START_WITHIN:.0f} s", cure="Choose a smaller one."
            ) from None
        except OSError:
            line = b""
        if not line.strip().isdigit():
            await asyncio.wait([relay], timeout=1)
            raise ProviderUnavailable(
                f"the engine could not load {model.gguf}: {' / '.join(self._said) or 'it said nothing'}",
                cure="Check that the file is whole and that the memory suffices for it.",
            )
        return int(line)

    async def _answers(self, address: Address) -> None:
        """Raises ProviderUnavailable where it does not serve although it said so."""
        headers = {"Authorization": f"Bearer {address.key}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http,
                http.get(f"{address.url}/models", headers=headers) as reply,
            ):
                reply.raise_for_status()
        except (aiohttp.ClientError, TimeoutError):
            raise ProviderUnavailable(
                "the model's server does not answer", cure="It is started again."
            ) from None

    async def _relay(self, process: asyncio.subprocess.Process) -> None:
        """Keep the first lines it said, for the case that it fails: the cause comes before what follows."""
        assert process.stderr is not None
        rest = b""
        while chunk := await process.stderr.read(8192):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[-2000:]
            for line in lines:
                if text := _CLOCK.sub("", line.decode("utf-8", "replace").strip()[:300]):
                    self._said += [text][: _MOST_KEPT - len(self._said)]
                    log.debug("model server says", model=self._model.name, line=text)

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), END_WITHIN)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
