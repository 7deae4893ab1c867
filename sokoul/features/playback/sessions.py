"""Who is watching what, right now: kept in memory, forgotten when nothing is asked for any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sokoul.domain.errors import NotFound
from sokoul.domain.mediafacts import MediaFacts, MediaSource
from sokoul.features.playback.cuts import KeyframeIndex, Segment
from sokoul.features.playback.decision import Mode

# A player that shows a picture asks for something far more often.
SEGMENTS_IDLE = 30 * 60.0
# One that reads the file itself asks us for nothing more.
DIRECT_LASTS = 6 * 3600.0
MOST_PER_USER = 16


@dataclass(frozen=True, slots=True)
class SubtitleTrack:
    """A text subtitle that can be had as WebVTT: a track of the film, or a file beside it."""

    index: int
    language: str | None
    title: str | None
    forced: bool
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Cutting:
    """What it takes to make segments: where to cut, which sound goes along, and which were asked for.

    Without an `index` the picture is coded anew, at most `height` lines high.
    """

    index: KeyframeIndex | None
    segments: tuple[Segment, ...]
    audio: int | None
    height: int | None = None
    asked: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Session:
    """One playback by one user; `item_id` is a library file or a download; times are of a steady clock."""

    id: UUID
    user_id: UUID
    item_id: UUID
    file_index: int | None
    source: MediaSource
    facts: MediaFacts
    mode: Mode
    reasons: tuple[str, ...]
    subtitles: tuple[SubtitleTrack, ...]
    cutting: Cutting | None
    used_at: float = 0.0

    def lasts(self) -> float:
        """Seconds without a request after which it is over."""
        return SEGMENTS_IDLE if self.cutting is not None else DIRECT_LASTS


@dataclass(slots=True)
class Sessions:
    """All sessions of this process; `ended` is called once for each that is over."""

    clock: Callable[[], float]
    ended: Callable[[UUID], None]
    _open: dict[UUID, Session] = field(default_factory=dict)

    def add(self, session: Session) -> None:
        """Begin; a user who begins too many loses the one unused for longest."""
        self.sweep()
        own = sorted(
            (s for s in self._open.values() if s.user_id == session.user_id), key=lambda s: s.used_at
        )
        for surplus in own[: max(0, len(own) - MOST_PER_USER + 1)]:
            self.remove(surplus.id)
        session.used_at = self.clock()
        self._open[session.id] = session

    def use(self, session_id: UUID, user_id: UUID) -> Session:
        """The session, which thereby lives on; raises NotFound when it is over, or another user's."""
        self.sweep()
        session = self._open.get(session_id)
        if session is None or session.user_id != user_id:
            raise NotFound("this playback has ended; start it again")
        session.used_at = self.clock()
        return session

    def remove(self, session_id: UUID) -> None:
        """End it now."""
        if self._open.pop(session_id, None) is not None:
            self.ended(session_id)

    def sweep(self) -> None:
        """End those that nobody used for long."""
        now = self.clock()
        for session in list(self._open.values()):
            if now - session.used_at > session.lasts():
                self.remove(session.id)

    def all(self) -> list[Session]:
        """Those that are open."""
        self.sweep()
        return list(self._open.values())
