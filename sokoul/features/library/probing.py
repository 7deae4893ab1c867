"""What a file holds, or in plain words why it cannot be played."""

from __future__ import annotations

from pathlib import Path

from sokoul.domain.errors import Refused, Unavailable
from sokoul.domain.mediafacts import MediaFacts
from sokoul.features.library.ports import Prober

_NOT_THE_FILES_FAULT = frozenset({"not_found", "source_failed"})


async def examine(prober: Prober, path: Path) -> tuple[MediaFacts | None, str | None]:
    """The facts, or the problem with the file; raises `Unavailable` when it could not be looked at."""
    try:
        return await prober.probe(path), None
    except Refused as error:
        if error.code in _NOT_THE_FILES_FAULT:
            raise Unavailable(f"{path.name} could not be read: {error}") from error
        return None, str(error)
