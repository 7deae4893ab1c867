"""Waiting for a condition with a deadline, instead of sleeping and hoping."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(condition: Callable[[], Awaitable[T] | T], *, within: float = 30.0) -> T:
    """The first truthy value of `condition`; fails the test after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        value = condition()
        found = await value if isinstance(value, Awaitable) else value
        if found:
            return found
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)
