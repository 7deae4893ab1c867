"""The log of changes: one row for each, written with the change itself."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Mapping
from typing import Any

from sokoul.store.database import Connection, queries

SQL = queries("accounts")


async def note(
    transaction: Connection,
    what: tuple[str, str, str | None],
    *,
    user_id: uuid.UUID | None,
    ip: str | None,
    request_id: str | None,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> None:
    """Write down a change; `what` is the action, the type of the object and its id."""
    await transaction.run(SQL["audit"], user_id, *what, old, new, address(ip), request_id)


def address(text: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IP address for the database; None for what is none."""
    if text is None:
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
