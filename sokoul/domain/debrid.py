"""Debrid services by name, and when a torrent was seen ready at one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Service(StrEnum):
    """A service that fetches torrents and hands them out by HTTP."""

    REAL_DEBRID = "real_debrid"
    ALL_DEBRID = "all_debrid"

    @property
    def called(self) -> str:
        """Its name for people."""
        return {"real_debrid": "Real-Debrid", "all_debrid": "AllDebrid"}[self.value]


@dataclass(frozen=True, slots=True)
class ReadyAt:
    """A torrent was seen ready at a service, then: no swarm is needed for it."""

    service: Service
    learnt_at: datetime
