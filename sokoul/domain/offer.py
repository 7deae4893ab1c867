"""What a source offers, and what was judged of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sokoul.domain.release import Release


class Protocol(StrEnum):
    TORRENT = "torrent"
    HTTP = "http"
    HLS = "hls"
    DEBRID = "debrid"
    LIBRARY = "library"


@dataclass(frozen=True, slots=True)
class Offer:
    """One result of one source, unjudged. Sizes in bytes; `url` is where the .torrent or the bytes are."""

    guid: str
    title: str
    provider: str
    protocol: Protocol = Protocol.TORRENT
    size_bytes: int | None = None
    seeders: int | None = None
    leechers: int | None = None
    info_hash: str | None = None
    magnet_link: str | None = None
    url: str | None = None
    published_at: datetime | None = None
    categories: tuple[int, ...] = ()
    tmdb_id: int | None = None
    imdb_id: str | None = None
    media_id: str | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Some of the score: points, and why, in plain words."""

    points: int
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an offer was turned down: a stable code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Judged:
    """An offer with everything known and thought about it; the reasons' points add up to the score."""

    offer: Offer
    release: Release
    score: int = 0
    reasons: tuple[Reason, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    providers: tuple[str, ...] = field(default=())
    confidence: float = 1.0

    @property
    def rejected(self) -> bool:
        return bool(self.refusals)
