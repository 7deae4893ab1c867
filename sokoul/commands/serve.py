"""`sokoul serve`: the daemon in the foreground, from lock to last log line."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

import structlog
import uvloop

from sokoul import lock, log, notify
from sokoul.config.demo import demo_config
from sokoul.config.load import Loaded
from sokoul.config.model import Config
from sokoul.config.reserved import without_effect
from sokoul.domain.errors import SokoulError
from sokoul.lock import StateInUse, StateLock

logger = structlog.get_logger(__name__)

STOPPED, FAILED, IN_USE = 0, 1, 3
_MOST_FILES = 65536
_ARENAS = -8  # M_ARENA_MAX


def run(loaded: Loaded, *, demo: bool) -> int:
    """Serve until a signal; returns the exit code."""
    config = demo_config(loaded) if demo else loaded.config
    log.configure(config.log.level, config.log.format, secrets=log.secrets_of(config))
    if idle := without_effect(loaded.config):
        logger.warning("these settings have no effect in this version", keys=idle)
    try:
        with StateLock(config.state_dir):
            return _serve(config, loaded.locked, demo=demo)
    except StateInUse as error:
        print(error, file=sys.stderr)  # noqa: T201  for a person, before anything runs
        return IN_USE
    except OSError as error:
        logger.error("the state folder cannot be used", folder=str(config.state_dir), why=error.strerror)
        return FAILED


def _serve(config: Config, locked: frozenset[str], *, demo: bool) -> int:
    _tune()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(_until_stopped(config, locked, demo=demo))
        except SokoulError as error:
            logger.error("cannot serve", why=str(error))
            return FAILED
        except Exception:
            logger.exception("the daemon failed")
            return FAILED
    return STOPPED


async def _until_stopped(config: Config, locked: frozenset[str], *, demo: bool) -> None:
    """The first signal asks (during the start: cancels), the second cancels, the third ends at once."""
    from sokoul.app import serve

    gc.freeze()  # what was imported lives for ever and need not be looked at again
    gc.enable()
    stop, task = asyncio.Event(), asyncio.current_task()
    assert task is not None
    _on_signals(stop, task, config.state_dir)
    try:
        await serve(config, locked=locked, demo=demo, stop=stop)
    except asyncio.CancelledError:
        logger.warning("stopped before everything was done")


def _on_signals(stop: asyncio.Event, task: asyncio.Task[Any], state_dir: Path) -> None:
    asked = 0

    def on_signal(number: int) -> None:
        nonlocal asked
        asked += 1
        starting = not lock.url(state_dir)
        logger.info("stopping", signal=signal.Signals(number).name, asked=asked, starting=starting)
        notify.stopping()
        stop.set()
        if asked > 2:
            os._exit(FAILED)
        if asked == 2 or starting:
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, on_signal, number)


def _tune() -> None:
    """Room for many sockets, and no heap of its own for every thread."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_ARENAS, 2)
