"""Passwords are hashed by bcrypt in two threads of their own: it takes half a second and must not block."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import bcrypt

from sokoul.domain.errors import Invalid, TooMany

SHORTEST = 8  # characters
LONGEST = 72  # bytes: bcrypt looks at no more
_THREADS = 2
_QUEUE = 10
# Salt and digest of a password that nobody has.
_NOBODY = "Aa4rJJ53qE2runbbrYsYRO43A0TEy60oct9KXoIgpB3YCaOYtKtVS"

T = TypeVar("T")


class Passwords:
    """Hashes and compares; beyond two at work and ten waiting it raises `TooMany`."""

    def __init__(self, *, cost: int = 12) -> None:
        self._cost = cost
        self._pool = ThreadPoolExecutor(_THREADS, "passwords", initializer=_give_way)
        self._inside = 0
        # What an unknown user's password is compared with, so that the answer takes as long.
        self._nobody = f"$2b${cost:02d}${_NOBODY}".encode()

    async def hash(self, password: str) -> str:
        """The hash to keep; raises `Invalid` for one that is too short or too long."""
        raw = acceptable(password)
        return await self._run(lambda: bcrypt.hashpw(raw, bcrypt.gensalt(self._cost)).decode())

    async def matches(self, password: str, hashed: str | None) -> bool:
        """Whether it is the password; takes the same time where there is no user (`hashed` None)."""
        raw = _short_enough(password)
        known = self._nobody if hashed is None else hashed.encode()
        same = await self._run(lambda: bcrypt.checkpw(raw, known))
        return same and hashed is not None

    def close(self) -> None:
        """End the threads; what waits is not done."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._inside >= _THREADS + _QUEUE:
            raise TooMany("Too many people sign in at this moment", retry_after=3)
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._inside -= 1


def acceptable(password: str) -> bytes:
    """The password's bytes; raises `Invalid` below 8 characters or above 72 bytes."""
    if len(password) < SHORTEST:
        raise Invalid("password", f"should have at least {SHORTEST} characters")
    return _short_enough(password)


def _short_enough(password: str) -> bytes:
    raw = password.encode()
    if len(raw) > LONGEST:
        raise Invalid("password", f"should have at most {LONGEST} bytes")
    if b"\0" in raw:
        raise Invalid("password", "holds a NUL character")
    return raw


def _give_way() -> None:
    # A flood of sign-ins must not slow down what everybody else is doing.
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
