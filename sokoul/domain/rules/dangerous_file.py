"""A program or an archive instead of a video."""

from __future__ import annotations

import re

from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.payload import danger_of, shown
from sokoul.domain.rules.context import Context

_INSIDE = re.compile(
    r"\.(exe|scr|lnk|bat|cmd|msi|vbs|ps1|apk|zipx?|rar|7z|arj|lzh|jar|hta)(?=$|[\s\])}.])", re.IGNORECASE
)


def dangerous_file(context: Context) -> Refusal | None:
    """Refuse by the suffix of the name or of a listed file, and by program suffixes inside the name."""
    name = context.release.name[:255].strip()
    if found := _INSIDE.search(name):
        return refuse("dangerous_file.word", suffix=found.group(1))
    for path in context.offer.files[:200]:
        if danger := danger_of(path):
            return refuse("dangerous_file.file", path=shown(path), danger=danger)
    return None
