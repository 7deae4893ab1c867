"""Background tasks and what children inherit."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import uvloop

from sokoul.lifecycle import Tasks, keep_descriptors


async def test_a_supervised_part_is_started_again_after_a_failure() -> None:
    tasks, starts, enough = Tasks("test"), [0], asyncio.Event()

    async def part() -> None:
        starts[0] += 1
        if starts[0] == 1:
            raise RuntimeError("the first time it fails")
        enough.set()
        await asyncio.Event().wait()

    tasks.supervise("part", part)
    await asyncio.wait_for(enough.wait(), 5)
    await tasks.close()
    assert starts == [2]


LINKS = """
import os, pathlib
entries = [entry for entry in pathlib.Path("/proc/self/fd").iterdir() if int(entry.name) > 2]
print([os.readlink(entry) for entry in entries if entry.is_symlink()])
"""


def test_a_child_under_uvloop_does_not_inherit_what_a_library_opened() -> None:
    async def inherited() -> tuple[str, str]:
        reading, writing = os.pipe()
        os.set_inheritable(reading, True)
        os.set_inheritable(writing, True)
        ours = str(Path(f"/proc/self/fd/{reading}").readlink())
        keep_descriptors()
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", LINKS, stdout=pipe)
        output, _ = await child.communicate()
        os.close(reading)
        os.close(writing)
        return ours, output.decode()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        ours, seen = runner.run(inherited())
    assert seen.startswith("[")
    assert ours not in seen
