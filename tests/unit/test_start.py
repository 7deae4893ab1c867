"""The lock of a state folder, what is told to the starter, and the demonstration's configuration."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sokoul import lock, notify
from sokoul.config.demo import demo_config
from sokoul.config.load import load
from sokoul.lock import StateInUse, StateLock

HOLD = """
import sys
from pathlib import Path
from sokoul.lock import StateLock
StateLock(Path(sys.argv[1]))
print("held", flush=True)
input()
"""


def test_a_second_process_hears_who_works_there_and_where(tmp_path: Path) -> None:
    with StateLock(tmp_path / "s"):
        lock.write_url(tmp_path / "s", "http://127.0.0.1:3000")
        second = subprocess.run(
            [sys.executable, "-c", HOLD, str(tmp_path / "s")],
            capture_output=True,
            text=True,
            check=False,
            input="",
        )
    assert f"Sokoul already runs here (pid {os.getpid()}, http://127.0.0.1:3000)" in second.stderr


def test_a_killed_holder_leaves_nothing_behind(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StateInUse, match=str(holder.pid)):
            StateLock(tmp_path)
        holder.kill()
    with StateLock(tmp_path):
        assert (tmp_path / "lock").read_text().strip() == str(os.getpid())


def test_the_address_of_an_earlier_run_is_forgotten(tmp_path: Path) -> None:
    lock.write_url(tmp_path, "http://old/")
    with StateLock(tmp_path):
        assert lock.url(tmp_path) == ""


def test_ready_is_one_line_on_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notify.ready("http://127.0.0.1:3000", tmp_path)
    assert capsys.readouterr().out == "Sokoul ready: http://127.0.0.1:3000\n"
    assert lock.url(tmp_path) == "http://127.0.0.1:3000"


async def test_systemd_hears_ready_pings_and_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "20000")
        monkeypatch.delenv("WATCHDOG_PID", raising=False)
        notify.ready("http://h/")
        assert systemd.recv(1000).startswith(b"READY=1\n")
        pings = asyncio.create_task(notify.watchdog())
        for _ in range(3):
            assert await asyncio.to_thread(systemd.recv, 1000) == b"WATCHDOG=1"
        pings.cancel()
        notify.stopping()
        assert await asyncio.to_thread(_last, systemd) == b"STOPPING=1\nSTATUS=Stopping"


def _last(channel: socket.socket) -> bytes:
    while (said := channel.recv(1000)) == b"WATCHDOG=1":
        pass
    return said


async def test_without_a_watchdog_there_are_no_pings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    await asyncio.wait_for(notify.watchdog(), 1)


@pytest.mark.parametrize(
    ("host", "public", "expected"),
    [
        ("0.0.0.0", None, "http://127.0.0.1:3000"),
        ("::", None, "http://127.0.0.1:3000"),
        ("::1", None, "http://[::1]:3000"),
        ("10.0.0.2", None, "http://10.0.0.2:3000"),
        ("0.0.0.0", "https://box.example/", "https://box.example/"),
    ],
)
def test_the_address_told_is_one_that_opens(host: str, public: str | None, expected: str) -> None:
    assert notify.address(host, 3000, public) == expected


def test_a_demonstration_keeps_to_itself(tmp_path: Path) -> None:
    (tmp_path / "box.yaml").write_text("http: {port: 4000}\n")
    config = demo_config(load(tmp_path / "box.yaml", {}))
    state = tmp_path / "state/demo"
    assert config.state_dir == state
    assert (config.http.host, config.http.port) == ("127.0.0.1", 4000)
    assert config.torrent.listen.startswith("127.0.0.1:")
    assert config.dlna.interfaces == ("lo",)
    for folder in (config.torrent.directory, config.library.movies, config.library.series):
        assert folder.is_relative_to(state)


def test_a_demonstration_keeps_what_was_given(tmp_path: Path) -> None:
    (tmp_path / "box.yaml").write_text("http: {host: 0.0.0.0}\nlibrary: {movies: films}\n")
    config = demo_config(load(tmp_path / "box.yaml", {}))
    assert config.http.host == "0.0.0.0"
    assert config.library.movies == tmp_path / "films"
    assert config.dlna.interfaces == ()
