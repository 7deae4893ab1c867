"""The program as people and systemd use it: arguments in, lines and exit codes out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sokoul.lock import StateLock

Run = Callable[..., subprocess.CompletedProcess[str]]
READY = "Sokoul ready: "


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the program to its end in an empty folder."""

    def running(*arguments: str, given: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", "-m", "sokoul", *arguments],
            cwd=tmp_path,
            env={**_environment(), **environ},
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return running


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the program in the foreground; it ends with the test, whatever happens."""
    started: list[subprocess.Popen[str]] = []

    def starting(*arguments: str) -> subprocess.Popen[str]:
        with (tmp_path / "log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "sokoul", *arguments],
                cwd=tmp_path,
                env=_environment(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        started.append(process)
        return process

    yield starting
    for process in started:
        process.kill()
        with process:
            pass


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOKOUL_")}
    return kept | {"SOKOUL_TORRENT__LISTEN": "127.0.0.1:0", "SOKOUL_DLNA__ENABLED": "false"}


def test_version_is_quick_to_say(run: Run) -> None:
    done = run("version")
    assert done.returncode == 0
    assert done.stdout.startswith("sokoul 0.")


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["serve"],
        ["demo"],
        ["doctor"],
        ["parse"],
        ["judge"],
        ["version"],
        ["config"],
        ["config", "check"],
        ["user"],
        ["user", "add"],
        ["user", "passwd"],
        ["profiles"],
        ["profiles", "import"],
    ],
    ids=" ".join,
)
def test_every_command_explains_itself(run: Run, command: list[str]) -> None:
    done = run(*command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: sokoul")


@pytest.mark.parametrize(
    "arguments",
    [["config", "check"], ["serve"], [], ["--demo"], ["doctor"], ["user", "passwd", "x"]],
    ids=" ".join,
)
def test_a_bad_configuration_is_told_line_by_line_and_ends_with_2(
    run: Run, tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "sokoul.yaml").write_text("http:\n  prot: 3000\nlog: {level: loud}\n")
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "sokoul.yaml:2: http.prot: unknown key; did you mean http.port?",
        "sokoul.yaml:3: log.level: should be one of debug, info, warning, error",
    ]
    assert done.stdout == ""
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--config", "gone.yaml"], "gone.yaml: cannot be read: no such file or directory"),
        (["--roles", "api,scuot"], "command line: roles.1: should be one of"),
        (["--port", "99999"], "command line: http.port: should be less than or equal to 65535"),
        (["--port", "x"], "invalid int value"),
        (["serve", "--prot", "1"], "unrecognized arguments"),
        (["sevre"], "invalid choice"),
        (["user", "add", "x"], "--email"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_arguments_end_with_2(run: Run, arguments: list[str], told: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_wrong_variable_is_a_bad_configuration(run: Run) -> None:
    done = run("config", "check", SOKOUL_HTTP__PROT="1")
    assert done.returncode == 2
    assert "did you mean SOKOUL_HTTP__PORT?" in done.stderr


def test_a_good_configuration_is_said_without_its_values(run: Run, tmp_path: Path) -> None:
    (tmp_path / "my.yaml").write_text("metrics: {token: hush-hush}\n")
    done = run("config", "check", "--config", "my.yaml")
    assert done.returncode == 0
    assert "metrics.token" in done.stdout
    assert "hush" not in done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [["serve"], ["--port", "0"], ["serve", "--config", "sokoul.yaml"]])
def test_a_second_start_says_so_and_ends_with_3(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "sokoul.yaml").write_text("")
    with StateLock(tmp_path / "state"):
        done = run(*arguments)
    assert done.returncode == 3
    assert f"Sokoul already runs here (pid {os.getpid()})" in done.stderr
    assert done.stdout == ""


def test_doctor_names_what_is_missing_and_how_to_get_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sokoul.yaml").write_text("playback: {ffmpeg: ./nowhere/ffmpeg}\nhttp: {port: 0}\n")
    done = run("doctor")
    assert done.returncode == 1
    assert "missing  ffmpeg" in done.stdout
    assert "playback.ffmpeg" in done.stdout
    assert "postgres: private" in done.stdout


def test_names_in_facts_out(run: Run) -> None:
    done = run("parse", given="Dune.Part.Two.2024.1080p.WEB-DL.x265-X\nÉté 1993\n")
    assert done.returncode == 0
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    assert facts[0]["year"] == 2024
    assert len(facts) == 2


def test_a_password_that_is_too_short_starts_nothing(run: Run, tmp_path: Path) -> None:
    done = run("user", "add", "ann", "--email", "ann@example.org", "--password-stdin", given="short\n")
    assert done.returncode == 1
    assert "at least 8 characters" in done.stderr
    assert not (tmp_path / "state").exists()


def test_the_daemon_from_first_line_to_last(
    run: Run, tmp_path: Path, serving: Callable[..., subprocess.Popen[str]]
) -> None:
    added = run("user", "add", "ann", "--email", "a@example.org", "--password-stdin", given="long enough\n")
    assert (added.returncode, added.stdout) == (0, "Added ann (user).\n")

    daemon = serving("--host", "127.0.0.1", "--port", "0")
    assert daemon.stdout is not None
    line = daemon.stdout.readline()
    assert line.startswith(READY), (tmp_path / "log").read_text()
    url = line.removeprefix(READY).strip()
    with urllib.request.urlopen(f"{url.rstrip('/')}/health") as answer:
        assert json.load(answer)["status"] == "ok"

    second = run("serve")
    assert second.returncode == 3
    assert f"Sokoul already runs here (pid {daemon.pid}, {url})" in second.stderr

    changed = run("user", "passwd", "ann", "--password-stdin", given="even longer\n")
    assert changed.returncode == 0, changed.stderr
    twice = run("user", "add", "ann", "--email", "b@example.org", "--password-stdin", given="long enough\n")
    assert twice.returncode == 1

    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(30) == 0
    assert daemon.stdout.read() == ""
    for event in (tmp_path / "log").read_text().splitlines():
        assert "long enough" not in event
        assert json.loads(event)["event"]
    assert _servers_of(tmp_path) == []


def test_interrupted_while_starting_it_ends_cleanly(
    tmp_path: Path, serving: Callable[..., subprocess.Popen[str]]
) -> None:
    daemon = serving("--host", "127.0.0.1", "--port", "0")
    while not (tmp_path / "state/postgres").exists():
        assert daemon.poll() is None
    daemon.send_signal(signal.SIGINT)
    assert daemon.wait(30) == 0
    assert _servers_of(tmp_path) == []


def _servers_of(folder: Path) -> list[str]:
    """The programs that still work below `folder`."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            try:
                works_in = (process / "cwd").readlink()
            except OSError:
                continue
            if works_in.is_relative_to(folder) and "(deleted)" not in str(works_in):
                found.append((process / "comm").read_text())
    return found


def test_profiles_of_others_are_taken_in_and_their_gaps_are_told(run: Run, tmp_path: Path) -> None:
    profile = {
        "name": "WEB",
        "cutoff": "WEBDL-1080p",
        "items": [{"name": "WEBDL-1080p", "allowed": True}],
        "formatItems": {"Missing": "f2"},
    }
    given = tmp_path / "web.json"
    given.write_text(json.dumps(profile), encoding="utf-8")
    done = run("profiles", "import", str(given))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Imported WEB: 0 formats",
        "Note: WEB: the format “Missing” was not given; import its file along",
    ]
    assert run("profiles", "list").stdout.splitlines() == ["hd (configuration file)", "WEB"]
    given.write_text("{", encoding="utf-8")
    broken = run("profiles", "import", str(given))
    assert (broken.returncode, "is not JSON" in broken.stderr) == (1, True)
