"""How much memory a process and all below it take."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

_LOOKS, _PAUSE = 8, 0.5
_NAMES: Final = ("Pss", "Pss_Anon", "Pss_Shmem")


@dataclass(frozen=True, slots=True)
class Memory:
    """MB of proportional set size; `held` without pages of files.

    Pages of files count by how many programs map them: another Chromium on the machine makes ours look
    smaller by a hundred MB. What a leak holds is anonymous or shared memory.
    """

    whole: float = 0.0
    held: float = 0.0

    def __add__(self, other: Memory) -> Memory:
        return Memory(self.whole + other.whole, self.held + other.held)


def measured() -> Memory:
    """Of this process and of everything that it has started."""
    me = psutil.Process()
    return sum((_of(each.pid) for each in (me, *me.children(recursive=True))), Memory())


async def settled() -> Memory:
    """The least of several looks: after what was set free is given back."""
    gc.collect()
    looks = []
    for _ in range(_LOOKS):
        await asyncio.sleep(_PAUSE)
        looks.append(await asyncio.to_thread(measured))
    return min(looks, key=lambda look: look.held)


def _of(pid: int) -> Memory:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return Memory()
    told = {name: value for name, _, value in (line.partition(":") for line in lines)}
    whole, anonymous, shared = (int(told[name].split()[0]) / 1024 for name in _NAMES)
    return Memory(whole, anonymous + shared)
