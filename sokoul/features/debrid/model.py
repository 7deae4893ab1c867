"""Debrid services as Sokoul sees them: accounts, torrents that they hold, links, and their ways to say no."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sokoul.domain.debrid import Service
from sokoul.domain.errors import ProviderUnavailable


class Kind(StrEnum):
    """What sort of no it was: what follows from it differs."""

    KEY = "key"  # the key is wrong, or nothing may be done with it
    ACCOUNT = "account"  # the account is blocked, not paid, or used up
    PACE = "pace"  # too many questions, or too much at once
    TAKEN_DOWN = "taken_down"  # refused by name; asking again is of no use
    GONE = "gone"  # the service does not know this id or link (any more)
    TORRENT = "torrent"  # this torrent cannot be had there
    LINK = "link"  # this link cannot be had there
    SERVICE = "service"  # the service itself fails


class DebridTrouble(ProviderUnavailable):
    """A service said no: `code` is its own, the message and the cure are for people."""

    def __init__(self, kind: Kind, code: str, message: str, cure: str, *, timed_out: bool = False) -> None:
        super().__init__(message, cure=cure, timed_out=timed_out)
        self.kind, self.code = kind, code


def taken_down(service: Service, reason: str | None = None) -> DebridTrouble:
    """Refused by name; asking again is of no use."""
    return DebridTrouble(
        Kind.TAKEN_DOWN,
        "taken_down",
        reason or f"{service.called} does not hand this torrent out any more (HTTP 451)",
        "Take it as a torrent, or choose another release.",
    )


@dataclass(frozen=True, slots=True)
class Account:
    """Who the key belongs to; `until` is when the paid time ends."""

    name: str
    premium: bool
    until: datetime | None = None

    def told(self, service: Service) -> str:
        """Whose it is and how long it is paid for, in plain words."""
        if not self.premium:
            return f"{service.called} knows this key: {self.name}, not subscribed."
        until = f", paid until {self.until:%Y-%m-%d}" if self.until else ""
        return f"{service.called} knows this key: {self.name}{until}."

    def cure(self, service: Service) -> str | None:
        """What is missing before anything can be had with it."""
        return None if self.premium else f"Subscribe at {service.called} first."


class Stage(StrEnum):
    """Where a torrent stands at a service."""

    CHOOSE = "choose"  # its files are known, and which are wanted is to be said
    WORKING = "working"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a torrent there; `link` is what `unlock` takes, once it is ready."""

    index: int
    path: str
    size_bytes: int
    link: str | None = None


@dataclass(frozen=True, slots=True)
class RemoteTorrent:
    """A torrent at a service; `progress` in percent."""

    id: str
    name: str
    stage: Stage
    progress: float = 0.0
    files: tuple[RemoteFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An address that gives the bytes themselves; it opens the file to whoever has it."""

    url: str
    name: str
    size_bytes: int | None


class Seen(StrEnum):
    """What was learnt of a torrent at a service."""

    READY = "ready"
    ABSENT = "absent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was seen there, and when; `reason` where it was refused."""

    service: Service
    info_hash: str
    seen: Seen
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A user's stored key, sealed."""

    service: Service
    sealed: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class KeyState:
    """Whether there is a key for a service, and whose; never the key itself."""

    service: Service
    owner: str | None  # "own", "household", None
    set_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TorrentWish:
    """Which torrent, for whom, and which of its files (None: what is worth having)."""

    user_id: uuid.UUID
    magnet: str
    info_hash: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A torrent that is ready at a service: its files with links that `unlock` takes."""

    service: Service
    owner: str
    name: str
    files: tuple[RemoteFile, ...]
