"""What settings need from outside: a table, a seal, a bell for the other processes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class By:
    """On whose behalf and from where something is changed."""

    user_id: uuid.UUID | None = None
    ip: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """One changed key for the audit log, without secrets."""

    key: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Rows:
    """What is stored, sealed, by dotted key; `version` grows with every change."""

    version: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Write:
    """What is to be stored (sealed) and dropped, and what the audit log says of it."""

    put: Mapping[str, Any]
    drop: Sequence[str]
    noted: Sequence[Noted]


class SettingStore(Protocol):
    """Where settings made on the web are kept."""

    async def rows(self) -> Rows: ...

    async def version(self) -> int: ...

    async def change(self, decide: Callable[[Rows], Write], by: By) -> int:
        """Write what `decide` makes of the rows, alone with them, with its audit rows; the new version.

        What `decide` raises ends it without a change.
        """
        ...


class Vault(Protocol):
    """Seals secrets; `open` raises a `SokoulError` for one that it cannot open."""

    def seal(self, text: str, context: str) -> str: ...

    def open(self, sealed: str, context: str) -> str: ...


class Bell(Protocol):
    """Nudges the other processes of the household."""

    async def signal(self, name: str, data: Mapping[str, Any]) -> None: ...
