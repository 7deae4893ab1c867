"""What a source offers, and what was judged of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sokoul.domain.debrid import ReadyAt
from sokoul.domain.release import Release
from sokoul.domain.words import Phrase, phrase, say
from sokoul.domain.words.phrase import Value


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
    tvdb_id: int | None = None
    flags: tuple[str, ...] = ()
    debrid: tuple[ReadyAt, ...] = ()
    # How a stream is to be asked for, and its subtitles as (language, address); never shown to readers.
    headers: tuple[tuple[str, str], ...] = ()
    subtitles: tuple[tuple[str, str], ...] = ()


class Weight(StrEnum):
    """How much a refusal means: for good, only for now, or nothing but something to know."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    INFORMS = "informs"


@dataclass(frozen=True, slots=True)
class Reason:
    """Some of the score: points, and why."""

    points: int
    said: Phrase

    @property
    def code(self) -> str:
        """The part of the score: stable."""
        return self.said.code

    @property
    def reason(self) -> str:
        """The English words."""
        return say("en", self.said)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an offer was turned down."""

    said: Phrase
    weight: Weight = Weight.PERMANENT

    @property
    def code(self) -> str:
        """What is wrong: stable."""
        return self.said.code

    @property
    def message(self) -> str:
        """The English sentence."""
        return say("en", self.said)


def reason(points: int, kind: str, /, **values: Value) -> Reason:
    """Points for the sentence `kind` of `words.reasons`."""
    return Reason(points, phrase(kind, **values))


def refuse(kind: str, /, **values: Value) -> Refusal:
    """A refusal for good by the sentence `kind` of `words.refusals`."""
    return Refusal(phrase(kind, **values))


def for_now(kind: str, /, **values: Value) -> Refusal:
    """A refusal that time may lift."""
    return Refusal(phrase(kind, **values), Weight.TEMPORARY)


@dataclass(frozen=True, slots=True)
class Judged:
    """An offer with everything known and thought about it; the reasons' points add up to the score.

    `refusals` turn it down; `notes` would have, had nobody searched by hand.
    """

    offer: Offer
    release: Release
    score: int = 0
    reasons: tuple[Reason, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[Refusal, ...] = ()
    providers: tuple[str, ...] = field(default=())
    confidence: float = 1.0
    format_score: int = 0

    @property
    def rejected(self) -> bool:
        return bool(self.refusals)
