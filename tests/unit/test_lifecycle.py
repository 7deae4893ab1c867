"""Background tasks and what children inherit."""

from __future__ import annotations

import asyncio
import os
import sys

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


def test_a_child_under_uvloop_inherits_nothing() -> None:
    async def fds() -> bytes:
        reading, writing = os.pipe()
        os.set_inheritable(reading, True)
        os.set_inheritable(writing, True)
        keep_descriptors()
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "import os; print(os.listdir('/proc/self/fd'))",
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await child.communicate()
        os.close(reading)
        os.close(writing)
        return output

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        output = runner.run(fds())
    # Standard input, output and error, and the listing itself.
    assert len(eval(output)) == 4
