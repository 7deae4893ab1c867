"""`sokoul config check`: try the configuration without starting anything."""

from __future__ import annotations

from typing import TextIO

from sokoul.config.load import Loaded
from sokoul.config.reserved import without_effect


def run(loaded: Loaded, stdout: TextIO) -> int:
    """Say what was read and which keys are given; never a value, which might be secret."""
    where = f"{loaded.file}" if loaded.file else "no file, the defaults"
    stdout.write(f"The configuration is good ({where}).\n")
    if loaded.locked:
        stdout.write(f"Given by file, environment or flags: {', '.join(sorted(loaded.locked))}\n")
    if idle := without_effect(loaded.config):
        stdout.write(f"Without effect in this version: {', '.join(idle)}\n")
    return 0
