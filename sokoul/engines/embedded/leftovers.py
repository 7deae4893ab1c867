"""Servers that a killed daemon left running.

Found by what cannot lie: the program file and the working folder of each process. Process ids in files
could mean somebody else by now; signals go through a pidfd opened before the second look.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Leftover:
    """A running process and the handle that stays its own."""

    pid: int
    handle: int
    leader: bool


def end(programs: Iterable[str], folder: Path, ask: signal.Signals, *, patience: float = 4.0) -> int:
    """End every process of `programs` that works in or below `folder`; blocks; returns how many there were.

    Leaders (whose parent is none of them) are asked first; what is left after `patience` seconds is killed.
    """
    found = _find(frozenset(programs), folder)
    try:
        for one in found:
            if one.leader:
                _send(one, ask)
        left = _wait(found, patience)
        for one in left:
            _send(one, signal.SIGKILL)
        _wait(left, 2.0)
    finally:
        for one in found:
            os.close(one.handle)
    if found:
        log.warning(
            "ended what a killed daemon left running",
            folder=str(folder),
            processes=[one.pid for one in found],
        )
    return len(found)


def _find(programs: frozenset[str], folder: Path) -> list[Leftover]:
    root = str(folder.resolve())
    pids = [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal()]
    ours = {pid for pid in pids if _matches(pid, programs, root)}
    found: list[Leftover] = []
    for pid in ours:
        with suppress(ProcessLookupError):
            handle = os.pidfd_open(pid)
            if _matches(pid, programs, root):
                found.append(Leftover(pid, handle, _parent(pid) not in ours))
            else:
                os.close(handle)
    return found


def _matches(pid: int, programs: frozenset[str], root: str) -> bool:
    try:
        program = (_PROC / str(pid) / "exe").readlink()
        works_in = str((_PROC / str(pid) / "cwd").readlink())
    except OSError:
        return False
    name = program.name.removesuffix(" (deleted)")
    return name in programs and (works_in == root or works_in.startswith(root + "/"))


def _parent(pid: int) -> int:
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])


def _send(one: Leftover, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(one.handle, what)


def _wait(some: list[Leftover], seconds: float) -> list[Leftover]:
    """Those still running after at most `seconds`."""
    left = {one.handle: one for one in some}
    poll = select.poll()
    for handle in left:
        poll.register(handle, select.POLLIN)
    deadline = time.monotonic() + seconds
    while left and (remaining := deadline - time.monotonic()) > 0:
        for handle, _ in poll.poll(remaining * 1000):
            poll.unregister(handle)
            del left[handle]
    return list(left.values())
