"""`sokoul version`."""

from __future__ import annotations

import platform
from typing import TextIO

from sokoul import __version__


def run(stdout: TextIO) -> int:
    """Say the version; imports nothing heavy."""
    stdout.write(f"sokoul {__version__} (Python {platform.python_version()}, {platform.machine()})\n")
    return 0
