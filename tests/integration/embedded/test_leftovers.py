"""Whatever a killed daemon left behind, the next start is ready within ten seconds and loses nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.integration.embedded.conftest import Start, all_answer, count

DAEMON = Path(__file__).with_name("daemon.py")
READY_WITHIN = 10.0


def alive(pid: int) -> bool:
    """Whether it runs; what only waits to be noticed by its parent does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Daemon:
    """A process of its own with the servers of `state_dir`."""

    def __init__(self, state_dir: Path, *flags: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, DAEMON, state_dir, *flags], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        said = json.loads(self._process.stdout.readline())
        self.postgres: str = said["postgres"]
        self.pids: list[int] = list(said["pids"].values())

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def kill_all(self) -> None:
        family = psutil.Process(self._process.pid).children(recursive=True)
        self.kill()
        for one in family:
            if one.is_running():
                one.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        for pid in self.pids:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def daemons() -> Iterator[list[Daemon]]:
    started: list[Daemon] = []
    yield started
    for one in started:
        one.close()


async def ready_again(state_dir: Path, start: Start) -> None:
    began = time.monotonic()
    _, urls = await start(state_dir)
    assert time.monotonic() - began < READY_WITHIN
    assert await count(urls.postgres) == 2
    await all_answer(urls)


@pytest.mark.parametrize("flags", [(), ("staying",)], ids=["servers-follow", "servers-stay"])
async def test_after_the_daemon_alone_was_killed(
    state_dir: Path, start: Start, daemons: list[Daemon], flags: tuple[str, ...]
) -> None:
    daemon = Daemon(state_dir, *flags)
    daemons.append(daemon)
    assert await count(daemon.postgres) == 1
    daemon.kill()
    if flags:
        assert all(alive(pid) for pid in daemon.pids)
    await ready_again(state_dir, start)
    assert not any(alive(pid) for pid in daemon.pids)


async def test_after_everything_was_killed(state_dir: Path, start: Start, daemons: list[Daemon]) -> None:
    daemon = Daemon(state_dir)
    daemons.append(daemon)
    assert await count(daemon.postgres) == 1
    daemon.kill_all()
    await ready_again(state_dir, start)


async def test_after_all_but_the_children_of_the_database_were_killed(
    state_dir: Path, start: Start, daemons: list[Daemon]
) -> None:
    daemon = Daemon(state_dir, "staying")
    daemons.append(daemon)
    assert await count(daemon.postgres) == 1
    daemon.kill()
    for pid in daemon.pids:
        os.kill(pid, signal.SIGKILL)
    await ready_again(state_dir, start)


async def test_a_stale_lock_file_that_names_a_living_stranger(
    state_dir: Path, start: Start, daemons: list[Daemon]
) -> None:
    daemon = Daemon(state_dir)
    daemons.append(daemon)
    assert await count(daemon.postgres) == 1
    file = state_dir / "postgres/data/postmaster.pid"
    lines = file.read_text().splitlines()
    daemon.kill_all()
    file.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    await ready_again(state_dir, start)


async def test_half_a_database_is_made_anew(state_dir: Path, start: Start) -> None:
    half = state_dir / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    _, urls = await start(state_dir)
    assert await count(urls.postgres) == 1
    assert not half.exists()


@pytest.fixture
def stranger(state_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another program that works in the folder of the database."""
    (state_dir / "postgres").mkdir(parents=True)
    with subprocess.Popen(["/bin/sleep", "60"], cwd=state_dir / "postgres") as process:
        yield process
        process.kill()


async def test_strangers_in_the_folder_are_left_alone(
    state_dir: Path, start: Start, stranger: subprocess.Popen[bytes]
) -> None:
    _, urls = await start(state_dir)
    assert await count(urls.postgres) == 1
    assert stranger.poll() is None
