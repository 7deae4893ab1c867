"""The most lines that a person may have, held against the names of what they want to download."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from sokoul.domain.errors import Refused
from sokoul.domain.release import parse
from sokoul.domain.rules.ceiling import above_ceiling

CeilingOf = Callable[[uuid.UUID], int | None]


def no_ceiling(_: uuid.UUID) -> None:
    """Everybody may have everything."""
    return


def within(ceiling: int | None, names: Iterable[str]) -> None:
    """Raises `Refused` for a name that states more."""
    if ceiling is None:
        return
    for name in names:
        if refusal := above_ceiling(parse(name), ceiling):
            raise Refused(refusal.code, refusal.message)
