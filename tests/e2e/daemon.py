"""A daemon as its users start it: a child process, a configuration file, and the REST contract."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psutil
import yaml
from aiohttp import ClientSession

ADMIN = {"username": "admin", "email": "admin@example.org", "password": "correct horse battery"}


def free_port() -> int:
    """A TCP port that nobody listens on right now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the values of `over`, folder by folder."""
    result = dict(base)
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if both else value
    return result


@dataclass
class Daemon:
    """One daemon; `folder` keeps everything it writes."""

    folder: Path
    settings: Mapping[str, Any] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    environ: Mapping[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None
    ready_after: float = 0.0
    token: str = ""
    _http: ClientSession | None = None
    _output: asyncio.Task[None] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log_file(self) -> Path:
        return self.folder / "daemon.log"

    @property
    def config_file(self) -> Path:
        return self.folder / "sokoul.yaml"

    def write_config(self) -> None:
        """The quiet defaults of a test: loopback, no peer discovery, nothing outside."""
        quiet = {
            "state_dir": "./state",
            "http": {"host": "127.0.0.1", "port": self.port},
            "providers": {"tvmaze": {"enabled": False}, "wikidata": {"enabled": False}},
            "limits": {
                "user_per_minute": 0,
                "search_per_minute": 0,
                "ip_per_minute": 0,
                "logins_per_minute": 0,
            },
            "torrent": {
                "listen": f"127.0.0.1:{free_port()}",
                "dht": False,
                "lsd": False,
                "directory": "./downloads",
                "min_free_bytes": 0,
            },
            "library": {"movies": "./media/movies", "series": "./media/series"},
            "dlna": {"enabled": False},
            "cast": {"enabled": False},
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config_file.write_text(yaml.safe_dump(merged(quiet, self.settings)), encoding="utf-8")

    async def start(self, *, within: float = 60) -> Self:
        """Start it and wait for the ready line."""
        if not self.config_file.exists():
            self.write_config()
        started = time.monotonic()
        with self.log_file.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "sokoul",
                "serve",
                "--config",
                str(self.config_file),
                *self.arguments,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env={**os.environ, **self.environ},
                start_new_session=True,
            )
        assert self.process.stdout is not None
        try:
            async with asyncio.timeout(within):
                while line := await self.process.stdout.readline():
                    if line.startswith(b"Sokoul ready: "):
                        self.ready_after = time.monotonic() - started
                        self._output = asyncio.create_task(_drain(self.process.stdout))
                        return self
        except TimeoutError:
            self.kill_all()
            raise AssertionError(f"not ready within {within} s\n{self.tail()}") from None
        raise AssertionError(f"ended with {await self.process.wait()} before it was ready\n{self.tail()}")

    def tail(self, lines: int = 40) -> str:
        """The end of its log."""
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-lines:])

    async def stop(self) -> int:
        """SIGTERM, and wait for the end."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(self.process.wait(), 40)
        await self._forget()
        return code

    async def kill(self, *, descendants: bool = False) -> None:
        """SIGKILL to the daemon alone, or to all of its descendants too."""
        assert self.process is not None
        if descendants:
            self.kill_all()
        else:
            self.process.kill()
        await self.process.wait()
        await self._forget()

    async def end(self) -> None:
        """Leave nothing running, whatever happened before."""
        if self.process is not None and self.process.returncode is None:
            await self.kill(descendants=True)
        await self._forget()

    def kill_all(self) -> None:
        """SIGKILL to the daemon and everything below it."""
        assert self.process is not None
        try:
            root = psutil.Process(self.process.pid)
            family = [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for one in family:
            try:
                one.kill()
            except psutil.NoSuchProcess:
                continue

    async def _forget(self) -> None:
        if self._http is not None:
            await self._http.close()
            self._http = None
        if self._output is not None:
            self._output.cancel()
            self._output = None

    @property
    def http(self) -> ClientSession:
        if self._http is None:
            self._http = ClientSession()
        return self._http

    async def call(self, method: str, path: str, body: Any = None, *, status: int | None = None) -> Any:
        """One call of the REST contract; `path` is below /api/v1 unless it begins with //."""
        url = self.base + (path[1:] if path.startswith("//") else "/api/v1" + path)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.http.request(method, url, json=body, headers=headers) as reply:
            text = await reply.text()
            if status is not None:
                assert reply.status == status, f"{method} {path}: {reply.status} {text}"
            else:
                assert reply.status < 400, f"{method} {path}: {reply.status} {text}"
            return json.loads(text) if text and "json" in reply.headers.get("Content-Type", "") else text

    async def sign_in(self) -> None:
        """The first account when there is none yet, then a token of it."""
        async with self.http.get(self.base + "/api/v1/setup") as reply:
            if reply.status == 200 and (await reply.json())["needed"]:
                await self.call("POST", "/setup", ADMIN, status=201)
        wish = {"username": ADMIN["username"], "password": ADMIN["password"]}
        self.token = (await self.call("POST", "/auth/login", wish))["access_token"]

    async def until(self, path: str, condition: Any, *, within: float = 30, every: float = 0.1) -> Any:
        """Ask again until the answer fits; the last answer is in the failure."""
        answer: Any = None
        try:
            async with asyncio.timeout(within):
                while True:
                    answer = await self.call("GET", path)
                    if condition(answer):
                        return answer
                    await asyncio.sleep(every)
        except TimeoutError:
            raise AssertionError(f"{path} within {within} s, last: {answer}\n{self.tail()}") from None


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.readline():
        continue
