"""Playing what the library has and what is still downloading, in the way the client needs it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sokoul.domain.errors import NotFound, Refused, Unavailable
from sokoul.domain.media import MediaType
from sokoul.domain.mediafacts import AudioFacts, LocalFile, MediaFacts, MediaSource
from sokoul.features.playback import cuts
from sokoul.features.playback.decision import BROWSER, Client, Mode, Verdict, decide
from sokoul.features.playback.ports import (
    DownloadFile,
    Downloads,
    MediaFiles,
    MediaReader,
    SidecarFile,
    Signer,
    StoredFile,
)
from sokoul.features.playback.segment_cache import SegmentCache
from sokoul.features.playback.sessions import Cutting, Session, Sessions, SubtitleTrack
from sokoul.lifecycle import Tasks

ADDRESS_SECONDS = 21_600
SIDECARS_FROM = 1000
SWEEP_SECONDS = 60.0
_MOVED = frozenset({"not_found", "source_failed", "too_slow"})
_CHEAPEST = {mode: rank for rank, mode in enumerate(Mode)}


@dataclass(frozen=True, slots=True)
class Direct:
    """Where the bytes of a file are, and what this client would have to have done to them."""

    url: str
    container: str
    mode: Mode
    reasons: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Provider:
    """One place a title can be played from; `quality` is like 1080p."""

    kind: str
    quality: str | None
    url: str
    item_id: UUID
    file_index: int | None
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What to play: a library file or a file of a download, and how."""

    item_id: UUID
    file_index: int | None = None
    client: Client = BROWSER
    audio: int | None = None
    height: int | None = None
    start_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Started:
    """A session as its player needs it; `subtitles` with their addresses."""

    session: Session
    url: str
    subtitles: tuple[tuple[SubtitleTrack, str], ...]
    audio: AudioFacts | None


class PlaybackService:
    """Decides how to play, keeps the sessions, makes playlists and segments on demand."""

    def __init__(
        self,
        *,
        files: MediaFiles,
        downloads: Downloads,
        reader: MediaReader,
        signer: Signer,
        clock: Callable[[], float] = time.monotonic,
        cache_bytes: int = 32 * 1024 * 1024,
    ) -> None:
        self._files = files
        self._downloads = downloads
        self._reader = reader
        self._signer = signer
        self._tasks = Tasks("playback")
        self._cache = SegmentCache(self._tasks, limit=cache_bytes)
        self._sessions = Sessions(clock, self._cache.forget)
        self._clock = clock
        self._sweeping = False

    async def close(self) -> None:
        """End everything."""
        await self._tasks.close()

    async def file(self, file_id: UUID) -> StoredFile:
        """A library file to be sent as it is; raises NotFound."""
        return await self._files.get(file_id)

    async def direct(self, media_id: UUID, *, user_id: UUID, client: Client = BROWSER) -> Direct:
        """The file of this title that is cheapest to play, then the best one; raises NotFound."""
        judged = []
        for file in await self._files.of_media(media_id):
            facts = await self._facts(file)
            judged.append((file, facts, decide(facts, client)))
        if not judged:
            raise NotFound("there is no file of this title")
        file, facts, verdict = min(
            judged, key=lambda j: (_CHEAPEST[j[2].mode], -j[1].video.height, -j[0].size_bytes)
        )
        url = self._file_url(file.file_id, user_id)
        expires = datetime.now(UTC) + timedelta(seconds=ADDRESS_SECONDS)
        return Direct(url, facts.container, verdict.mode, verdict.reasons, expires)

    async def direct_by_tmdb(
        self, media_type: MediaType, tmdb_id: int, *, user_id: UUID, client: Client = BROWSER
    ) -> Direct:
        """As `direct`, for a TMDB id."""
        media_id = await self._files.media_id(media_type, tmdb_id)
        return await self.direct(media_id, user_id=user_id, client=client)

    async def providers(self, media_id: UUID, *, user_id: UUID) -> list[Provider]:
        """Everywhere this title can be played from, library first."""
        stored = [
            Provider(
                "file",
                f"{file.facts.video.height}p" if file.facts else None,
                self._file_url(file.file_id, user_id),
                file.file_id,
                None,
                file.size_bytes,
            )
            for file in await self._files.of_media(media_id)
        ]
        coming = [
            Provider(
                "download",
                None,
                self._download_url(file, user_id),
                file.download_id,
                file.index,
                file.size_bytes,
            )
            for file in await self._downloads.of_media(media_id, user_id=user_id)
        ]
        return stored + coming

    async def start(self, wish: Wish, *, user_id: UUID) -> Started:
        """Begin a session; raises NotFound, or Refused when the film can't be played by this client."""
        item, source, sidecars = await self._find(wish, user_id)
        facts = await self._facts(item)
        if wish.audio is not None and all(track.index != wish.audio for track in facts.audio):
            raise Refused("no_track", f"there is no sound track {wish.audio}")
        verdict = decide(facts, wish.client, audio=wish.audio, height=wish.height)
        cutting = await self._cutting(source, facts, verdict, wish.height)
        if cutting is not None and not facts.duration:
            facts = replace(facts, duration=cutting.segments[-1].ends)
        session = Session(
            id=uuid4(),
            user_id=user_id,
            item_id=wish.item_id,
            file_index=item.index if isinstance(item, DownloadFile) else None,
            source=source,
            facts=facts,
            mode=verdict.mode,
            reasons=verdict.reasons,
            subtitles=_subtitles(facts, sidecars, complete=isinstance(source, LocalFile)),
            cutting=cutting,
        )
        self._sessions.add(session)
        if not self._sweeping:
            self._sweeping = True
            self._tasks.supervise("sweep", self._sweep)
        self._prepare_at(session, wish.start_at)
        return self._started(session, item, verdict)

    async def stop(self, session_id: UUID, *, user_id: UUID) -> None:
        """End a session; raises NotFound for another user's."""
        self._sessions.use(session_id, user_id)
        self._sessions.remove(session_id)

    def watching(self) -> list[Session]:
        """The sessions that are open."""
        return self._sessions.all()

    def playlist(self, session_id: UUID, token: str, *, user_id: UUID) -> str:
        """The HLS playlist; `token` follows every address in it."""
        _, cutting = self._segmented(session_id, user_id)
        return cuts.playlist(cutting.segments, f"?token={token}" if token else "")

    async def init(self, session_id: UUID, *, user_id: UUID) -> bytes:
        """The initialisation segment."""
        session, cutting = self._segmented(session_id, user_id)
        return await self._cache.get(
            (session_id, "init"),
            lambda: self._retrying(session, lambda source: self._init(source, cutting)),
        )

    async def segment(self, session_id: UUID, number: int, *, user_id: UUID) -> bytes:
        """One media segment; raises NotFound beyond the last."""
        session, cutting = self._segmented(session_id, user_id)
        if not 0 <= number < len(cutting.segments):
            raise NotFound("the film has no such segment")
        made = await self._cache.get(*self._recipe(session, cutting, number))
        # What a download has not got yet would be waited for, and would draw its pieces away from the viewer.
        if isinstance(session.source, LocalFile) and number + 1 < len(cutting.segments):
            self._cache.prepare(*self._recipe(session, cutting, number + 1))
        return made

    async def subtitle(self, session_id: UUID, index: int, *, user_id: UUID) -> bytes:
        """A subtitle track as WebVTT; raises NotFound."""
        session = self._sessions.use(session_id, user_id)
        track = next((track for track in session.subtitles if track.index == index), None)
        if track is None:
            raise NotFound("there is no such subtitle")
        return await self._cache.get((session_id, f"subtitle {index}"), lambda: self._vtt(session, track))

    async def _vtt(self, session: Session, track: SubtitleTrack) -> bytes:
        if track.path is not None:
            return await self._reader.sidecar_subtitle(track.path, track.language)
        return await self._reader.embedded_subtitle(session.source, track.index, track.language)

    async def _find(
        self, wish: Wish, user_id: UUID
    ) -> tuple[StoredFile | DownloadFile, MediaSource, tuple[SidecarFile, ...]]:
        if wish.file_index is None:
            try:
                file = await self._files.get(wish.item_id)
            except NotFound:
                pass  # then it is the id of a download
            else:
                return file, LocalFile(file.path), file.sidecars
        download = await self._downloads.file(wish.item_id, wish.file_index, user_id=user_id)
        return download, download.source, ()

    async def _facts(self, item: StoredFile | DownloadFile) -> MediaFacts:
        if isinstance(item, DownloadFile):
            return await self._reader.facts(item.source)
        return item.facts if item.facts is not None else await self._reader.facts(LocalFile(item.path))

    async def _cutting(
        self, source: MediaSource, facts: MediaFacts, verdict: Verdict, height: int | None
    ) -> Cutting | None:
        if verdict.mode is Mode.DIRECT:
            return None
        audio = verdict.audio.index if verdict.audio else None
        if verdict.mode is Mode.TRANSCODE and facts.duration:
            return Cutting(None, cuts.even(facts.duration), audio, height)
        if verdict.mode is Mode.TRANSCODE:
            raise Refused("no_index", "this film does not tell how long it lasts")
        index = await self._reader.index(source)
        usual = cuts.USUAL if isinstance(source, LocalFile) else cuts.COMING
        return Cutting(index, cuts.cut(index, usual=usual), audio)

    def _segmented(self, session_id: UUID, user_id: UUID) -> tuple[Session, Cutting]:
        session = self._sessions.use(session_id, user_id)
        if session.cutting is None:
            raise NotFound("this playback has no segments")
        return session, session.cutting

    def _recipe(
        self, session: Session, cutting: Cutting, number: int
    ) -> tuple[tuple[UUID, str], Callable[[], Awaitable[bytes]]]:
        wanted = cutting.segments[number]
        # Sound that joins needs some of what lies before: after a jump that would have to be waited for.
        joined = isinstance(session.source, LocalFile) or number - 1 in cutting.asked
        cutting.asked.add(number)

        def make() -> Awaitable[bytes]:
            return self._retrying(
                session,
                lambda source: self._segment(source, cutting, wanted, joined=joined),
            )

        return (session.id, f"segment {number}"), make

    async def _init(self, source: MediaSource, cutting: Cutting) -> bytes:
        if cutting.index is None:
            return await self._reader.coded_init(source, cutting.audio, cutting.height)
        return await self._reader.init(source, cutting.audio)

    async def _segment(
        self, source: MediaSource, cutting: Cutting, wanted: cuts.Segment, *, joined: bool
    ) -> bytes:
        if cutting.index is None:
            return await self._reader.coded_segment(source, cutting.audio, wanted, cutting.height)
        return await self._reader.segment(source, cutting.audio, cutting.index, wanted, joined=joined)

    async def _retrying(self, session: Session, make: Callable[[MediaSource], Awaitable[bytes]]) -> bytes:
        """A download's bytes move when it ends or its worker changes: look again once."""
        try:
            return await make(session.source)
        except Refused as refusal:
            if refusal.code not in _MOVED:
                raise
        wish = Wish(session.item_id, session.file_index)
        _, session.source, _ = await self._find(wish, session.user_id)
        try:
            return await make(session.source)
        except Refused as refusal:
            if refusal.code not in _MOVED or isinstance(session.source, LocalFile):
                raise
            raise Unavailable(
                "this part of the download does not come in right now", retry_after=2
            ) from refusal

    def _prepare_at(self, session: Session, seconds: float) -> None:
        if session.cutting is not None:
            number = cuts.segment_at(session.cutting.segments, seconds).number
            self._cache.prepare(*self._recipe(session, session.cutting, number))

    def _started(self, session: Session, item: StoredFile | DownloadFile, verdict: Verdict) -> Started:
        base = f"/api/v1/streaming/sessions/{session.id}/"
        token = self._signer.sign(base, user_id=session.user_id, seconds=ADDRESS_SECONDS)
        if session.cutting is not None:
            url = f"{base}main.m3u8?token={token}"
        elif isinstance(item, DownloadFile):
            url = self._download_url(item, session.user_id)
        else:
            url = self._file_url(item.file_id, session.user_id)
        subtitles = tuple((t, f"{base}subtitles/{t.index}.vtt?token={token}") for t in session.subtitles)
        return Started(session, url, subtitles, verdict.audio)

    def _file_url(self, file_id: UUID, user_id: UUID) -> str:
        return self._signer.address(
            f"/api/v1/files/{file_id}/stream", user_id=user_id, seconds=ADDRESS_SECONDS
        )

    def _download_url(self, file: DownloadFile, user_id: UUID) -> str:
        path = f"/api/v1/downloads/{file.download_id}/files/{file.index}/stream"
        return self._signer.address(path, user_id=user_id, seconds=ADDRESS_SECONDS)

    async def _sweep(self) -> None:
        """Forget ended sessions, and the segments of resting ones, without waiting for the next request."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            for session in self._sessions.all():
                if self._clock() - session.used_at > SWEEP_SECONDS:
                    self._cache.drop(session.id)


def _subtitles(
    facts: MediaFacts, sidecars: Sequence[SidecarFile], *, complete: bool
) -> tuple[SubtitleTrack, ...]:
    """Text subtitles only; those inside a film lie all over it, so it has to be here completely."""
    inside = [
        SubtitleTrack(track.index, track.language, track.title, track.forced)
        for track in facts.subtitles
        if track.text and complete
    ]
    beside = [
        SubtitleTrack(SIDECARS_FROM + number, sidecar.language, None, sidecar.forced, sidecar.path)
        for number, sidecar in enumerate(sidecars)
    ]
    return (*inside, *beside)
